"""Entries of genai-prices' data, and what is read of them."""

import datetime as dt
import json
from typing import Any

from radiant.claims.reading import Claim, Reading
from radiant.public_catalogs import genai_prices

TODAY = dt.date(2026, 11, 23)


def read(provider: str = "openai", id: str = "m", on: dt.date | None = TODAY, **entry: Any) -> Reading:
    model = {"id": id, "name": "M", "match": {"equals": id}, **entry}
    return genai_prices.read(json.dumps([{"id": provider, "name": provider.title(), "models": [model]}]).encode(), on)


def claims(provider: str = "openai", id: str = "m", on: dt.date | None = TODAY, **entry: Any) -> tuple[Claim, ...]:
    reading = read(provider, id, on, **entry)
    assert reading.refusals == ()
    return reading.claims


def price(prices: Any, on: dt.date | None = TODAY, **entry: Any) -> dict[str, Any]:
    facts = claims(prices=prices, on=on, **entry)[0].facts
    return {key[6:]: value for key, value in facts.items() if key.startswith("price.")}
