"""Tells that a price rises, and from when tenants pay it."""

import datetime as dt
from decimal import Decimal

from radiant.pricing.guards import factor_of
from radiant.registry import prices
from radiant.registry.events import News


def rising(key: prices.Key, rise: Decimal | None, sold_from: dt.datetime) -> News:
    """The event of a model whose price rises by a factor, or by one that is not known."""
    factor = None if rise is None else factor_of(rise)
    told = {"provider_id": key[0], "model_id": key[1], "factor": factor, "sold_from": sold_from.isoformat()}
    return News("radiant.price.rising", "/".join(key), told)
