"""From rows of the registry to candidates."""

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
from .row import Row, read_row

NOTHING: frozenset[str] = frozenset()
SELF_HOSTED_TIER = 3

_described: Callable[[Row], tuple[Any, ...]] = attrgetter(*Described.__struct_fields__)
_REPEATED = tuple(map(Described.__struct_fields__.index, REPEATED))


class Reading(NamedTuple):
    """The candidates by model id, then provider id, and what is wrong with each row that is none."""

    candidates: list[Candidate]
    refused: tuple[InvalidRow, ...]


def read_rows(
    rows: Iterable[Mapping[str, Any]], *, today: dt.date | None = None, connected: Collection[str] | None = None
) -> Reading:
    """Every row that is right; one that is not never takes the others with it.

    `today` is the day that retirements are counted from; without it no model is retired. `connected` are the providers
    there is a key for, beside one's own hardware, which needs none; None where nobody looked.
    """
    prices = PriceList()
    shared: dict[Any, Any] = {}
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
            days = None if today is None or row.retires is None else (row.retires - today).days
            candidates.append(_candidate(row, prices.tariff(index, row), shared.setdefault, days, here))
        except InvalidRow as error:
            refused.append(error)
    candidates.sort(key=lambda candidate: (candidate.model_id, candidate.provider_id))
    return Reading(candidates, tuple(refused))


def on(candidates: Iterable[Candidate], today: dt.date) -> list[Candidate]:
    """The same candidates on another day."""
    return [
        candidate
        if candidate.retires is None
        else msgspec.structs.replace(candidate, days_left=(candidate.retires - today).days)
        for candidate in candidates
    ]


def _candidate(
    row: Row, tariff: Tariff, share: Callable[[Any, Any], Any], days_left: int | None, connected: bool | None
) -> Candidate:
    """`share` returns the first of all equal values it was given: rows hold one copy of what they have in common."""
    described = list(_described(row))
    for place in _REPEATED:
        described[place] = share(described[place], described[place])
    capabilities = row.capabilities or NOTHING
    inputs = row.input_modalities or NOTHING
    outputs = row.output_modalities or NOTHING
    compliance = row.compliance or NOTHING
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
        days_left=days_left,
        connected=connected,
    )
