"""What becomes of a model that fails, as whoever chooses meets it: nobody here looks into a table."""

import datetime as dt
from typing import Any

import pytest

from radiant.domain.observation import Observation, Reason, Source
from radiant.domain.vocabulary import HealthStatus
from radiant.registry import health
from radiant.registry.database import connect
from radiant.selector import Selector
from tests.flow.observing import Query
from tests.waiting import until

WELL = HealthStatus.HEALTHY

CHAT: dict[str, Any] = {
    "task": "chat", "input_modalities": ["text"], "output_modalities": ["text"], "tenant_tier": 5,
    "only_providers": ["together"],
}  # fmt: skip
IN_SQL = """
    SELECT model_id FROM select_model('chat', ARRAY['text'], ARRAY['text'], 5, p_only_providers => '{together}')"""


async def told(url: str, model: str, at: dt.datetime, *reasons: Reason | None) -> None:
    """Requests to it, one after the other and each written by itself."""
    async with connect(url) as connection:
        for reason in reasons:
            seen = Observation(
                provider_id="together", model_id=model, source=Source.TRAFFIC, at=at, ok=reason is None, reason=reason
            )
            await health.record(connection, [seen], now=at)


@pytest.mark.parametrize("failures", [2, 4, 5])
async def test_a_model_that_failed_is_tried_again_and_by_its_answer_is_well(
    database_url: str, query: Query, failures: int
) -> None:
    """Nobody probes a single model: where nobody were sent to it any more, nobody would learn that it is well again.
    Its siblings are well, and would be chosen before it for ever."""
    async with await Selector.connect(database_url) as selector:

        def chosen() -> str:
            choice = selector.select(**CHAT)
            assert choice is not None
            return choice.model_id

        def in_sql() -> set[str]:
            return {row["model_id"] for row in query(database_url, IN_SQL)}

        async with connect(database_url) as connection:
            now = dt.datetime.now(dt.UTC)
            probe = Observation(provider_id="together", source=Source.PROBE, at=now, ok=True, latency_ms=20)
            await health.record(connection, [probe])
        await until(lambda: {it.health_status for it in selector.candidates if it.provider_id == "together"} == {WELL})
        first = chosen()
        past = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=29)  # a rest of 30 seconds ends in one
        await told(database_url, first, past, *[Reason.TIMEOUT] * failures)
        if failures == 5:
            await until(lambda: chosen() != first)
            assert first not in in_sql()
        await until(lambda: chosen() == first)
        assert first in in_sql()
        await told(database_url, first, dt.datetime.now(dt.UTC), None)
        await until(lambda: [chosen() for _ in range(3)] == [first] * 3)
