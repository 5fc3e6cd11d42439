"""Sheets of prices for tests."""

import datetime as dt
from decimal import Decimal
from typing import Any

from radiant.domain.price_sheet import Price, Sheet, Tier

NOON = dt.datetime(2026, 11, 26, 12, tzinfo=dt.UTC)


def price(meter: str, amount: str, per: int = 1_000_000, *tiers: Tier, **more: Any) -> Price:
    """Per million where nothing else is said."""
    return Price(meter=meter, amount=Decimal(amount), per=per, tiers=tiers, **more)


def above(tokens: int, amount: str) -> Tier:
    return Tier(above=tokens, inclusive=False, amount=Decimal(amount))


def from_(tokens: int, amount: str) -> Tier:
    return Tier(above=tokens, inclusive=True, amount=Decimal(amount))


def sheet(*prices: Price, **more: Any) -> Sheet:
    return Sheet(**{"provider_id": "acme", "model_id": "m", "source": "catalog", "prices": prices, **more})


def day(text: str) -> dt.datetime:
    """Midnight UTC of a date, or a moment with a zone."""
    moment = dt.datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
