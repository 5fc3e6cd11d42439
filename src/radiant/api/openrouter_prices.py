"""A model's prices as OpenRouter writes them: what a tenant pays, in USD for one token, request, search or image."""

from decimal import Decimal
from typing import Final

from radiant.domain.registry_model import RegistryModel
from radiant.domain.units import COLUMNS, LIST_PRICES, NO_OUTPUT_TOKENS
from radiant.domain.vocabulary import Modality

#: OpenRouter's name of each meter. `prompt` and `completion` are always there.
_NAMES: Final = {
    "prompt": "input",
    "completion": "output",
    "input_cache_read": "cache_read",
    "input_cache_write": "cache_write",
    "input_cache_write_1h": "cache_write_1h",
    "input_audio_cache": "audio_cache_read",
    "internal_reasoning": "reasoning",
    "audio": "audio_input",
    "audio_output": "audio_output",
    "image_token": "image_input",
    "image_output": "image_output",
    "request": "request",
    "web_search": "search",
}

#: How OpenRouter writes a price that is not known beforehand.
UNKNOWN: Final = "-1"


def pricing(model: RegistryModel) -> dict[str, str]:
    """Only what is known, and `0` is free; `prompt` and `completion` are there for every model, UNKNOWN where they are
    not known or where it is sold by something else than tokens."""
    image = "image" if Modality.IMAGE in model.output_modalities else "input_image"
    prices = {}
    for name, meter in {**_NAMES, "image": image}.items():
        price = _price(model, meter)
        if price is not None:
            prices[name] = f"{(price * (1 + model.markup_rate)).normalize():f}"
    # A vector or a score is no token that could have a price.
    unread = "0" if model.primary_mode in NO_OUTPUT_TOKENS and "prompt" in prices else UNKNOWN
    return {"prompt": UNKNOWN, "completion": unread} | prices


def _price(model: RegistryModel, name: str) -> Decimal | None:
    """USD for one of what the meter counts, without markup; None where it is not known."""
    listed = LIST_PRICES[name]
    if name in COLUMNS:
        price: Decimal | None = getattr(model, COLUMNS[name])
        return None if price is None else price / listed.column_per
    text = (model.further_prices or {}).get(str(listed.key))
    return None if text is None else Decimal(str(text)) / listed.per
