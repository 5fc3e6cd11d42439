"""Which prices of a model are left open since what is said of them is in doubt by its unit. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from radiant.catalog.precedence import Doubts, holding, place_of
from radiant.claims.doubt import Kind
from radiant.domain.price_sheet import Context
from radiant.domain.units import LIST_PRICES

from .row_sheets import BATCH, counted_by
from .wanted import Said


def doubted_meters(said: Said, doubts: Doubts) -> Iterable[tuple[Context, Mapping[str, str]]]:
    """By kind of requests, why what is said of a meter's price is in doubt: of usual requests, and of batches."""
    if not any(place_of(it) in doubts for it in said.facts):
        return
    held = holding(said.facts, doubts)
    found: dict[bool, dict[str, str]] = defaultdict(dict)
    for name, listed in LIST_PRICES.items():
        fact = held.get(listed.fact or "")
        doubt = None if fact is None else doubts.get(place_of(fact))
        if doubt is not None and doubt.kind is Kind.OTHER_UNIT:
            found[name.startswith("batch_")].setdefault(counted_by(name, said.task), f"{doubt.sentence}.")
    for of_batches, meters in found.items():
        yield BATCH if of_batches else {}, meters
