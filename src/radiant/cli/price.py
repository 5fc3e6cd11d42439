"""A price in a few characters."""

from decimal import Decimal

from radiant.domain.registry_model import RegistryModel

_UNITS = (
    ("cost_per_image", "image"),
    ("cost_per_second", "second"),
    ("cost_per_minute", "minute"),
    ("cost_per_page", "page"),
    ("cost_per_request", "request"),
)


def price_in_words(model: RegistryModel) -> str | None:
    """The list price in its natural unit, such as `0.15 / 0.6 per M tokens`; None where it is unknown."""
    match model.pricing_type:
        case "per_token":
            sides = [shown(cost and cost * 1000) for cost in (model.input_cost_per_1k, model.output_cost_per_1k)]
            return f"{sides[0]} / {sides[1]} per M tokens" if sides != ["?", "?"] else None
        case "per_hour":
            return None if model.cost_per_hour is None else f"{shown(model.cost_per_hour)} per hour"
        case "per_character":
            cost = model.cost_per_character
            return None if cost is None else f"{shown(cost * 1_000_000)} per M characters"
    for field, unit in _UNITS:
        cost = getattr(model, field)
        if model.pricing_type == f"per_{unit}" and cost is not None:
            return f"{shown(cost)} per {unit}"
    return None


def shown(amount: Decimal | None) -> str:
    """The amount without needless zeros and without an exponent."""
    return "?" if amount is None else f"{amount.normalize():f}"
