"""Whether two claims agree, in whatever form their values are written. Pure."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

_ABOVE = "above_input_tokens"

#: Lists of tables, which agree where each table does, amounts as numbers.
_TABLES = frozenset({"price.hours", "price.steps", "price.variants"})


def agree(field: str, one: Any, other: Any) -> bool:
    """Equal as values: lists of names in any order, tiers price by price.

    A source that is silent about one price of a tier does not disagree with one that has it; one without that tier
    does. The view `fact_conflicts` says the same.
    """
    if field == "price.tiers" and isinstance(one, list) and isinstance(other, list):
        return _tiers_agree(_by_threshold(one), _by_threshold(other))
    if field in _TABLES:
        return bool(_plain(one) == _plain(other))
    if _names(one) and _names(other):
        return sorted(one) == sorted(other)
    return bool(one == other)


def _tiers_agree(one: dict[Any, Mapping[str, Any]], other: dict[Any, Mapping[str, Any]]) -> bool:
    return one.keys() == other.keys() and all(
        amount == other[above][meter]
        for above, tier in one.items()
        for meter, amount in tier.items()
        if meter in other[above]
    )


def _by_threshold(tiers: list[Any]) -> dict[Any, Mapping[str, Any]]:
    """The prices of each tier, as numbers."""
    return {
        _number(tier.get(_ABOVE)): {
            meter: _number(amount) for meter, amount in tier.items() if meter != _ABOVE and amount is not None
        }
        for tier in tiers
        if isinstance(tier, Mapping)
    }


def _number(value: Any) -> Any:
    try:
        return Decimal(value) if isinstance(value, int | str | Decimal) else value
    except InvalidOperation:
        return value


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(it) for key, it in value.items()}
    return [_plain(it) for it in value] if isinstance(value, list | tuple) else _number(value)


def _names(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(name, str) for name in value)
