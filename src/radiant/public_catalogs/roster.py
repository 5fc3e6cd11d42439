"""The public catalogs we read, where they are, and how far each is believed.

Prices, most believed first:

1. OpenRouter, which speaks only of its own offerings and is the seller.
2. genai-prices: its whole subject is prices, with the day each took effect and corrections kept apart from changes.
3. LiteLLM: the most entries and units, most with the page they were read from; people bill by it.
4. models.dev: rounds (0.08 for a cached price of 0.075) and has few units.

Limits (windows, outputs, modalities, capabilities, dates), most believed first:

1. OpenRouter, for its own offerings again.
2. models.dev: reviewed file by file, and tells the window from the part of it that input may take.
3. LiteLLM: for some providers its figure is the most input, not the window.
4. genai-prices: windows only, often rounded, and one for all names of a model.
"""

import datetime as dt
from collections.abc import Callable
from typing import Final

import msgspec

from radiant.claims.reading import Reading

from . import genai_prices, litellm, models_dev, openrouter

#: The day on which the addresses below were read.
_READ: Final = dt.date(2026, 11, 26)

#: Bytes of a document that are fetched: four times the largest of them, which has 6 MB.
LARGEST: Final = 24 * 2**20


class PublicSource(msgspec.Struct, frozen=True, kw_only=True):
    """A public catalog. Ranks count from 1, the most believed.

    `read(body, on)` gives what `body` says on the day `on`; without a day, prices that are yet to begin or have a
    beginning do not count. `url_from` is the page or the package that tells `url`, read on the
    day `url_read`.
    """

    id: str
    name: str
    url: str
    url_from: str
    url_read: dt.date
    home: str
    read: Callable[[bytes, dt.date | None], Reading]
    price_rank: int
    limit_rank: int


SOURCES: Final = (
    PublicSource(
        id=openrouter.SOURCE,
        name="OpenRouter's model list",
        url="https://openrouter.ai/api/v1/models?output_modalities=all",
        url_from="https://openrouter.ai/docs/api_reference/models",
        url_read=_READ,
        home="https://openrouter.ai/docs/guides/overview/models",
        read=openrouter.read,
        price_rank=1,
        limit_rank=1,
    ),
    PublicSource(
        id=genai_prices.SOURCE,
        name="genai-prices",
        url="https://raw.githubusercontent.com/pydantic/genai-prices/refs/heads/main/prices/new_data/v2/data.json",
        url_from="pkg:pypi/genai-prices@0.2.3 (update_prices.py)",
        url_read=_READ,
        home="https://github.com/pydantic/genai-prices",
        read=genai_prices.read,
        price_rank=2,
        limit_rank=4,
    ),
    PublicSource(
        id=litellm.SOURCE,
        name="LiteLLM's model map",
        url="https://raw.githubusercontent.com/BerriAI/litellm/main/model_prices_and_context_window.json",
        url_from="pkg:pypi/litellm@1.110.2 (__init__.py, LITELLM_MODEL_COST_MAP_URL)",
        url_read=_READ,
        home="https://github.com/BerriAI/litellm",
        read=litellm.read,
        price_rank=3,
        limit_rank=3,
    ),
    PublicSource(
        id=models_dev.SOURCE,
        name="models.dev",
        url="https://models.dev/api.json",
        url_from="https://github.com/anomalyco/models.dev (README.md)",
        url_read=_READ,
        home="https://github.com/anomalyco/models.dev",
        read=models_dev.read,
        price_rank=4,
        limit_rank=2,
    ),
)

BY_ID: Final = {source.id: source for source in SOURCES}


def rank(source: str, fact: str) -> int:
    """How far a source is believed in a fact, by the fact's key; 1 is most, sources we do not know come last."""
    known = BY_ID.get(source)
    if known is None:
        return len(SOURCES) + 1
    return known.price_rank if fact.startswith("price.") else known.limit_rank
