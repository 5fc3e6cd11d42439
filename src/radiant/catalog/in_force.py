"""The catalog as of one day: an announced price replaces the old one from its day on. Pure."""

import datetime as dt
from decimal import Decimal
from typing import Any

import msgspec

from radiant.domain.external import ExternalModel, Price, Prices

from .announced import after
from .load import Catalog


def price_on(price: Price, day: dt.date) -> Price:
    """The price in force on `day`, with the steps that are still to come."""
    begun = [step for step in price.steps if step.since <= day]
    if not begun:
        return price
    ahead = tuple(step for step in price.steps if step.since > day)
    said = _plain(msgspec.structs.replace(price, steps=()))
    for step in begun:
        said = after(said, _plain(step))
    return msgspec.structs.replace(msgspec.convert(said, Price), steps=ahead)


def _plain(prices: Prices) -> dict[str, Any]:
    """By the keys of catalog files."""
    found: dict[str, Any] = msgspec.to_builtins(prices, builtin_types=(Decimal, dt.date))
    return found


def catalog_on(catalog: Catalog, day: dt.date) -> Catalog:
    """The catalog with every price as it is on `day`."""
    return msgspec.structs.replace(catalog, external={key: _on(it, day) for key, it in catalog.external.items()})


def _on(model: ExternalModel, day: dt.date) -> ExternalModel:
    if model.price is None or not model.price.steps:
        return model
    return msgspec.structs.replace(model, price=price_on(model.price, day))
