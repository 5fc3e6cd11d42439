"""Turns rows of the registry into candidates."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping
from operator import attrgetter
from typing import Any, NamedTuple

import msgspec

from radiant.domain.errors import InvalidRow
from radiant.domain.vocabulary import HealthStatus, Hosting
from radiant.pricing.tariff import Tariff

from ..price_list import PriceList
from .candidate import Candidate
from .described import REPEATED, Described
from .row import Given, Row, read_row

NOTHING: frozenset[str] = frozenset()
SELF_HOSTED_TIER = 3

_described: Callable[[Row], tuple[Any, ...]] = attrgetter(*Described.__struct_fields__)
_REPEATED = tuple(map(Described.__struct_fields__.index, REPEATED))
#: By which candidates stand where no profile orders them.
place: Callable[[Candidate], tuple[str, str]] = attrgetter("model_id", "provider_id")

_shared: Callable[[Candidate], tuple[Any, ...]] = attrgetter(
    *REPEATED, "capabilities", "input_modalities", "output_modalities", "compliance", "terms"
)


class Reading(NamedTuple):
    """The candidates by model id, then provider id, and what is wrong with each row that is none."""

    candidates: list[Candidate]
    refused: tuple[InvalidRow, ...]


def read_rows(
    rows: Iterable[Given],
    *,
    today: dt.date | None = None,
    now: dt.datetime | None = None,
    connected: Collection[str] | None = None,
    like: Iterable[Candidate] = (),
) -> Reading:
    """Every row that is right; one that is not never takes the others with it.

    `today` is the day that retirements are counted from; without it no model is retired. `now` is the moment by which
    rests are over; without it no model rests. `connected` are the providers there is a key for, beside one's own
    hardware, which needs none; None where nobody looked. What the rows have in common with the candidates they are
    `like` is kept once.
    """
    like = tuple(like)
    prices = PriceList(candidate.tariff for candidate in like)
    shared: dict[Any, Any] = {value: value for candidate in like for value in _shared(candidate)}
    seen: dict[tuple[str, str], int] = {}
    candidates, refused = [], []
    for index, data in enumerate(rows):
        try:
            row = read_row(index, data)
            first = seen.setdefault((row.provider_id, row.model_id), index)
            if first != index:
                problem = f"stands in row {first} already, for the same provider"
                raise InvalidRow(index, row.model_id, "model_id", problem)
            here = (
                None if connected is None else row.hosting_type is Hosting.SELF_HOSTED or row.provider_id in connected
            )
            tariff = prices.tariff(index, row)
            days, rests = days_left(row, today), resting(row, now)
            price = prices.compared(tariff)
            candidates.append(_candidate(row, tariff, price, shared.setdefault, days, rests, here))
        except InvalidRow as error:
            error.provider_id = _provider(data)
            refused.append(error)
    candidates.sort(key=place)
    return Reading(candidates, tuple(refused))


def at(candidate: Candidate, today: dt.date | None, now: dt.datetime | None) -> Candidate:
    """The same candidate on another day, at another moment; itself, where that changes nothing."""
    days, rests = days_left(candidate, today), resting(candidate, now)
    if days == candidate.days_left and rests == candidate.resting:
        return candidate
    return msgspec.structs.replace(candidate, days_left=days, resting=rests)


def days_left(timed: Described, today: dt.date | None) -> int | None:
    return None if today is None or timed.retires is None else (timed.retires - today).days


def resting(timed: Described, now: dt.datetime | None) -> bool:
    return now is not None and timed.resting_until is not None and timed.resting_until > now


def _provider(data: object) -> str | None:
    found = data.provider_id if isinstance(data, Row) else data.get("provider_id") if isinstance(data, Mapping) else ""
    return found if isinstance(found, str) and found else None


def _candidate(
    row: Row,
    tariff: Tariff,
    price: int | None,
    share: Callable[[Any, Any], Any],
    days: int | None,
    rests: bool,
    connected: bool | None,
) -> Candidate:
    """`share` returns the first of all equal values it was given: rows hold one copy of what they have in common."""
    described = list(_described(row))
    for place in _REPEATED:
        described[place] = share(described[place], described[place])
    capabilities = row.capabilities or NOTHING
    inputs = row.input_modalities or NOTHING
    outputs = row.output_modalities or NOTHING
    compliance = row.compliance or NOTHING
    terms = tuple((row.conditional_compliance or {}).items())
    tier = row.min_tier
    if tier is None:
        tier = 1 if row.hosting_type is Hosting.EXTERNAL else SELF_HOSTED_TIER
    return Candidate(
        *described,
        capabilities=share(capabilities, capabilities),
        input_modalities=share(inputs, inputs),
        output_modalities=share(outputs, outputs),
        compliance=share(compliance, compliance),
        is_transitioning=bool(row.is_transitioning),
        health_status=row.health_status or HealthStatus.UNKNOWN,
        min_tier=tier,
        license_conditions=row.license_conditions or (),
        tariff=tariff,
        price=price,
        days_left=days,
        resting=rests,
        connected=connected,
        terms=share(terms, terms),
    )
