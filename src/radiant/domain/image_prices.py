"""Prices of images by quality and size, as fields of `[price]` in a catalog file."""

from decimal import Decimal

import msgspec


class ImagePrices(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """USD for one image of a quality and a size: pixels, or the longer side in thousands. Absent is unknown: where it
    has a price, `per_image` is what any other costs."""

    per_image_low_1024x1024: Decimal | None = None
    per_image_low_1024x1536: Decimal | None = None
    per_image_low_1536x1024: Decimal | None = None
    per_image_medium_1024x1024: Decimal | None = None
    per_image_medium_1024x1536: Decimal | None = None
    per_image_medium_1536x1024: Decimal | None = None
    per_image_high_1024x1024: Decimal | None = None
    per_image_high_1024x1536: Decimal | None = None
    per_image_high_1536x1024: Decimal | None = None
    per_image_standard_1024x1024: Decimal | None = None
    per_image_standard_1024x1792: Decimal | None = None
    per_image_standard_1792x1024: Decimal | None = None
    per_image_hd_1024x1024: Decimal | None = None
    per_image_hd_1024x1792: Decimal | None = None
    per_image_hd_1792x1024: Decimal | None = None
    per_image_low: Decimal | None = None
    per_image_medium: Decimal | None = None
    per_image_high: Decimal | None = None
    per_image_standard: Decimal | None = None
    per_image_hd: Decimal | None = None
    per_image_256x256: Decimal | None = None
    per_image_512x512: Decimal | None = None
    per_image_1024x1024: Decimal | None = None
    per_image_1k: Decimal | None = None
    per_image_2k: Decimal | None = None
    per_image_4k: Decimal | None = None
