"""A selector for one question holds few models and answers as one that holds all."""

from typing import Any

import msgspec
import pytest

from radiant.domain.vocabulary import Task
from radiant.one_question import selector_for
from radiant.registry import snapshots
from radiant.registry.database import Database
from radiant.selector import Selector

CHAT: dict[str, Any] = {"task": "chat", "input_modalities": ["text"], "output_modalities": ["text"], "tenant_tier": 3}

TOLD: list[dict[str, Any]] = [
    *({**CHAT, "task": task.value, "input_modalities": [], "output_modalities": []} for task in Task),
    {**CHAT, "tenant_tier": 1},
    {**CHAT, "prefer_hosting": "external"},
    {**CHAT, "prefer_hosting": "self_hosted"},
    {**CHAT, "min_context_window": 500_000},
    {**CHAT, "require_hipaa": True},
    {**CHAT, "require_commercial_use": True},
    {**CHAT, "min_class": "flagship", "max_output_cost_per_1k": "0.02"},
    {**CHAT, "max_input_cost_per_1k": "0.001"},
    {**CHAT, "max_latency_ms": 1500},
    {**CHAT, "input_modalities": ["text", "image"]},
]

ALL = [
    {**CHAT, "profile": "cheapest"},
    {**CHAT, "exclude": ["gpt-4o-mini"]},
    {**CHAT, "required_capabilities": ["tools"]},
    {**CHAT, "connected_only": True},
    {**CHAT, "usage": {"input_tokens": 9000}},
    {**CHAT, "min_context_window": 10**11},
]


async def asked(url: str, question: dict[str, Any], limit: int | None, **more: Any) -> Selector:
    async with await Database.open(url) as database:
        given = {"variables": ("OPENAI_API_KEY",), "connected_only": False, **more}
        return await selector_for(database, question, limit=limit, **given)


def told(selector: Selector, question: dict[str, Any], limit: int) -> list[Any]:
    """All that is said of the best models, but when they were read."""
    documents = [choice.document() for choice in selector.rank(selector.read(question), limit=limit)]
    timeless = [msgspec.structs.replace(it, snapshot_age_seconds=None) for it in documents]
    return [timeless, selector.remarks(selector.read(question))]


@pytest.mark.parametrize("question", TOLD, ids=str)
async def test_few_models_answer_as_all_do(standing_url: str, question: dict[str, Any]) -> None:
    few, every = await asked(standing_url, question, 5), await asked(standing_url, question, None)
    assert told(few, question, 5) == told(every, question, 5)
    assert len(few.candidates) < len(every.candidates) / 3 or not every.rank(**question)


@pytest.mark.parametrize("question", ALL, ids=str)
async def test_what_sql_does_not_answer_is_asked_of_all(standing_url: str, question: dict[str, Any]) -> None:
    assert len((await asked(standing_url, question, 5)).candidates) == 350


@pytest.mark.parametrize(("limit", "more"), [(11, {}), (None, {}), (5, {"connected_only": True})])
async def test_more_than_sql_tells_and_only_connected_models_are_asked_of_all(
    standing_url: str, limit: int | None, more: dict[str, Any]
) -> None:
    assert len((await asked(standing_url, CHAT, limit, **more)).candidates) == 350


async def test_where_one_of_the_best_cannot_be_read_the_next_one_is_told(
    standing_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    best = (await asked(standing_url, CHAT, 5)).rank(**CHAT)[0]
    read = snapshots.read_once

    async def damaged(*given: Any) -> Any:
        rows, *rest = await read(*given)
        wrong = {"min_tier": 9}
        return [it | wrong if it["model_id"] == best.model_id else it for it in rows], *rest

    monkeypatch.setattr(snapshots, "read_once", damaged)
    selector = await asked(standing_url, CHAT, 5)
    assert len(selector.candidates) == 349
    assert best.model_id not in [choice.model_id for choice in selector.rank(**CHAT, limit=5)]
