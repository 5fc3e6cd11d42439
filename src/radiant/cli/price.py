"""A price in a few characters."""

from decimal import Decimal

from radiant.domain.registry_model import RegistryModel
from radiant.domain.units import TOKEN, UNIT_COLUMNS, UNITS, Unit

_SOLD: dict[str, Unit] = {unit.pricing_type: unit for unit in UNITS if unit.pricing_type is not None}


def price_in_words(model: RegistryModel) -> str | None:
    """The list price in its natural unit, such as `0.15 / 0.6 per M tokens`; None where it is unknown."""
    unit = _SOLD.get(model.pricing_type or "")
    if unit is None or unit.pricing_type is None:
        return None
    if unit is TOKEN:
        sides = [shown(cost and cost * 1000) for cost in (model.input_cost_per_1k, model.output_cost_per_1k)]
        return f"{sides[0]} / {sides[1]} per {unit.words}" if sides != ["?", "?"] else None
    cost = getattr(model, UNIT_COLUMNS[unit.pricing_type])
    return None if cost is None else f"{shown(cost * unit.shown_per)} per {unit.words}"


def shown(amount: Decimal | None) -> str:
    """The amount without needless zeros and without an exponent."""
    return "?" if amount is None else f"{amount.normalize():f}"
