"""A price in a few characters."""

from decimal import Decimal

from radiant.domain.registry_model import RegistryModel
from radiant.domain.units import METERS, UNITS, Meter, PricingType, Unit


def price_in_words(model: RegistryModel) -> str | None:
    """The list price in its unit, such as `0.15 / 0.6 per M tokens`; None where it is unknown."""
    if model.pricing_type is None:
        return None
    unit = UNITS[PricingType(model.pricing_type)]
    meters = [METERS["input"], METERS["output"]] if unit.type is PricingType.PER_TOKEN else [unit.price]
    amounts = [_amount(model, meter, unit) for meter in meters]
    if all(amount is None for amount in amounts):
        return None
    return f"{' / '.join(map(shown, amounts))} per {unit.label}"


def shown(amount: Decimal | None) -> str:
    """The amount without needless zeros and without an exponent."""
    return "?" if amount is None else f"{amount.normalize():f}"


def _amount(model: RegistryModel, meter: Meter, unit: Unit) -> Decimal | None:
    price: Decimal | None = None if meter.column is None else getattr(model, meter.column)
    return None if price is None else price * (unit.label_per // meter.column_per)
