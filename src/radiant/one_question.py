"""A selector for one question: it reads what can be the answer, follows nothing, and is then thrown away."""

import time
from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Any

from radiant.domain.criteria import Criteria
from radiant.registry import snapshots
from radiant.registry.database import Database
from radiant.registry.shortlist import ASKED, LARGEST, MOST
from radiant.selection.answer.index import Index
from radiant.selection.order.profile import DEFAULT
from radiant.selector import Selector
from radiant.snapshot import COLUMNS, told_of_refused, with_a_key
from radiant.warmups import WarmupRequests


async def selector_for(
    database: Database,
    asked: Mapping[str, Any],
    *,
    limit: int | None,
    variables: Collection[str],
    connected_only: bool,
) -> Selector:
    """One that gives the `limit` best models for the fields of a request as one of all models would, or why there are
    none. It may hold just these, where SQL tells which they are; with None it holds all.

    `variables` and `connected_only` are as `Selector.connect` takes them. Closing it writes who stood in for whom.

    Raises InvalidCriteria and DatabaseError.
    """
    warmups = WarmupRequests(database)
    selector = Selector(clock=time.monotonic, request_warmup=warmups.request, connected_only=connected_only)
    selector.handover.counting, selector.ending = warmups.count, (warmups.close,)
    question = None if connected_only else _in_sql(selector.read(asked), limit)
    index = await _index(database, selector, question, variables)
    if index.refused and question is not None:  # one of the best cannot be read, so that another one is
        index = await _index(database, selector, None, variables)
    told_of_refused(index)
    selector.swap(index)
    return selector


async def _index(
    database: Database, selector: Selector, question: Mapping[str, Any] | None, variables: Collection[str]
) -> Index:
    async with database.connection() as connection:
        rows, defaults, key_variables = await snapshots.read_once(connection, COLUMNS, question)
    connected = with_a_key(key_variables, frozenset(variables))
    return selector.build(
        rows, defaults=defaults, taken_at=time.monotonic(), connected=connected, providers=key_variables
    )


#: What a question may state that SQL answers, with what it need not be asked: the order is that of this profile.
_TOLD = frozenset(ASKED) | {"profile"}


def _in_sql(criteria: Criteria, limit: int | None) -> dict[str, Any] | None:
    """The question as SQL takes it; None where only all models tell: of more of them, in another order, with names to
    be understood, or with what SQL does not know."""
    if limit is None or limit > MOST or criteria.profile != DEFAULT:
        return None
    usual = Criteria(
        task=criteria.task,
        input_modalities=criteria.input_modalities,
        output_modalities=criteria.output_modalities,
        tenant_tier=criteria.tenant_tier,
    )
    stated = {name for name in Criteria.__struct_fields__ if getattr(criteria, name) != getattr(usual, name)}
    if not stated <= _TOLD or (criteria.min_context_window or 0) > LARGEST:
        return None
    return {name: _plain(getattr(criteria, name)) for name in ASKED}


def _plain(value: Any) -> Any:
    """Names are texts to PostgreSQL, and several of them a list."""
    if isinstance(value, tuple):
        return [*map(str, value)]
    return str(value) if isinstance(value, StrEnum) else value
