"""Kinds of requests that LiteLLM's map prices as a multiple of all tokens: where a request was served, how fast."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import combinations
from typing import Any, Final

from radiant.claims.entries import number, shown
from radiant.claims.facts import Facts, Variant
from radiant.claims.prices import usd
from radiant.domain.units import BY_KEY

_WHERE: Final = "provider_specific_entry"

#: What the keys mean in Anthropic's responses (`usage.inference_geo`, `usage.speed`); others describe requests.
_WHEN: Final[Mapping[str, tuple[str, str]]] = {"us": ("region", "us"), "fast": ("speed", "fast")}

_BATCH: Final = {"processing": "batch"}

#: No kind of requests costs so many times the usual.
_MOST: Final = 100

#: Prices of batches by what they are in a variant, which is a kind of batches then.
_BATCHES: Final = {"batch_input_per_mtok": "input_per_mtok", "batch_output_per_mtok": "output_per_mtok"}


def multiples(
    facts: Facts, entry: Mapping[str, Any], tiers: Mapping[int, Mapping[str, Decimal]], others: Iterable[Variant]
) -> Iterator[Variant]:
    """The prices of each kind, of kinds together, and of batches of them: exactly the usual ones, multiplied. `others`
    are kinds that were read before; of batches, what has no key of its own."""
    table = facts.table(entry.get(_WHERE), of=_WHERE)
    factors = {_WHEN[key]: factor for key in _WHEN if (factor := _factor(facts, table, key)) is not None}
    if not factors:
        return
    usual = {key.removeprefix("price."): it for key, it in facts.prices().items() if isinstance(it, Decimal)}
    tokens = {key: it for key, it in usual.items() if BY_KEY[key].tokens and key not in _BATCHES}
    batches = {ours: usual[key] for key, ours in _BATCHES.items() if key in usual}
    of_batches = [it for it in others if it[0] == _BATCH]
    long_batches = of_batches[0][2] if of_batches else {}
    batches |= of_batches[0][1] if of_batches else {}
    for some in _together(factors.items()):
        factor = Decimal(1)
        for _, it in some:
            factor *= it
        when = dict(condition for condition, _ in some)
        bands = {above: _times(band, factor) for above, band in tiers.items()}
        yield when, _times(tokens, factor), bands
        if batches and "speed" not in when:  # nobody says that batches are fast
            bands = {above: _times(band, factor) for above, band in long_batches.items()}
            yield {**when, **_BATCH}, _times(batches, factor), bands


def _factor(facts: Facts, table: Mapping[str, Any], key: str) -> Decimal | None:
    raw = table.get(key)
    if raw is None:
        return None
    factor = number(raw)
    if factor is None or not 0 < factor <= _MOST:
        facts.refuse(f"`{_WHERE}.{key}` is {shown(raw)}; expected a factor of at most {_MOST}")
        return None
    return Decimal(factor)


def _together(
    factors: Iterable[tuple[tuple[str, str], Decimal]],
) -> Iterator[tuple[tuple[tuple[str, str], Decimal], ...]]:
    every = list(factors)
    for size in range(1, len(every) + 1):
        yield from combinations(every, size)


def _times(prices: Mapping[str, Decimal], factor: Decimal) -> dict[str, Decimal]:
    return {key: usd(amount, factor) for key, amount in prices.items()}
