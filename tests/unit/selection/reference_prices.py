"""What a request costs, reckoned with fractions straight from the columns of a row: a plain reading of the rules."""

from fractions import Fraction
from typing import Any

Row = dict[str, Any]

ASSUMED = {"input_tokens": 1000, "output_tokens": 500, "cached_share": 0, "images": 1, "characters": 1000, "pages": 1}


def cost(row: Row, usage: Row | None, inputs: Any = (), outputs: Any = ()) -> Fraction | None:
    """USD of one request, markup included; None where nobody knows."""
    stated = {name: value for name, value in (usage or {}).items() if value is not None}
    found = _base(row, ASSUMED | stated, stated, set(inputs), set(outputs))
    return None if found is None else found * (1 + Fraction(row["markup_rate"] or 0))


def _base(row: Row, use: Row, stated: Row, inputs: set[str], outputs: set[str]) -> Fraction | None:
    task, further = row["primary_mode"], row.get("further_prices") or {}

    def of(column: str) -> Fraction | None:
        return None if row.get(column) is None else Fraction(row[column])

    def more(key: str) -> Fraction | None:
        return Fraction(further[key]) / 1_000_000 if key in further else None

    prices = {name: of(f"{name}_cost_per_1k") for name in ("input", "output", "cached_input")}
    for tier in further.get("tiers", ()):
        if use["input_tokens"] > tier["above_input_tokens"]:
            for name, key in (("input", "input_per_mtok"), ("output", "output_per_mtok")):
                if key in tier:
                    prices[name] = Fraction(tier[key]) / 1000
    fee = of("cost_per_request") or Fraction(0)
    if "image" in inputs and "per_input_image" in further:
        fee += Fraction(further["per_input_image"]) * use["images"]

    def read(price: Fraction | None) -> Fraction | None:
        if price is None:
            return None if use["input_tokens"] else Fraction(0)
        cached = price if prices["cached_input"] is None else prices["cached_input"]
        share = Fraction(use["cached_share"])
        return Fraction(use["input_tokens"]) / 1000 * (price * (1 - share) + cached * share)

    def picture() -> Fraction | None:
        by_token, each = more("image_output_per_mtok"), of("cost_per_image")
        if "output_tokens" in stated and by_token is not None:
            return (read(prices["input"]) or Fraction(0)) + by_token * Fraction(use["output_tokens"]) + fee
        if each is None and by_token is not None and "image_tokens" in further:
            each = by_token * Fraction(further["image_tokens"])
        return None if each is None else (read(prices["input"]) or Fraction(0)) + each * Fraction(use["images"]) + fee

    def text() -> Fraction | None:
        if "image" in outputs:
            return picture()
        if "audio" in outputs:
            written = more("audio_output_per_mtok")
            written = None if written is None else written * 1000
        else:
            written = prices["output"]
        into = read(prices["input"])
        seen = "image" in inputs and "per_input_image" in further
        if not seen and all(it is None for it in (prices["input"], written, of("cost_per_request"))):
            return None
        if written is None and not use["output_tokens"]:
            written = Fraction(0)
        return None if into is None or written is None else into + written * use["output_tokens"] / 1000 + fee

    seconds = Fraction(stated["seconds"]) if "seconds" in stated else Fraction(60)
    second = of("cost_per_second") if of("cost_per_minute") is None else Fraction(row["cost_per_minute"]) / 60
    alone = None if of("cost_per_request") is None else fee
    by_image, by_character, by_page = of("cost_per_image"), of("cost_per_character"), of("cost_per_page")
    images = None if by_image is None else by_image * use["images"] + fee
    lasting = None if second is None else second * seconds + fee
    characters = None if by_character is None else by_character * use["characters"] + fee
    pages = None if by_page is None else by_page * use["pages"] + fee
    hour = of("cost_per_hour")
    instance = None if hour is None or "seconds" not in stated else hour / 3600 * seconds
    embedded = None if prices["input"] is None else (read(prices["input"]) or 0) + fee
    order = {
        "embedding": (embedded, alone, characters, images, lasting, instance),
        "image": (picture(), alone, instance),
    }.get(task) or (text(), alone, images, lasting, characters, pages, instance)
    return next((found for found in order if found is not None), None)
