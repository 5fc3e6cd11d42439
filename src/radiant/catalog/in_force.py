"""The catalog as of one day: an announced price replaces the old one from its day on. Pure."""

import datetime as dt

import msgspec

from radiant.domain.external import ExternalModel, Price

from .load import Catalog
from .price_check import changes


def price_on(price: Price, day: dt.date) -> Price:
    """The price in force on `day`, with the steps that are still to come."""
    begun = [step for step in price.steps if step.since <= day]
    if not begun:
        return price
    changed = {field: value for step in begun for field, value in changes(step).items()}
    ahead = tuple(step for step in price.steps if step.since > day)
    return msgspec.structs.replace(price, **changed, steps=ahead)


def catalog_on(catalog: Catalog, day: dt.date) -> Catalog:
    """The catalog with every price as it is on `day`."""
    return msgspec.structs.replace(catalog, external={key: _on(it, day) for key, it in catalog.external.items()})


def _on(model: ExternalModel, day: dt.date) -> ExternalModel:
    if model.price is None or not model.price.steps:
        return model
    return msgspec.structs.replace(model, price=price_on(model.price, day))
