"""`select_model()` in SQL and the selector in memory give the same answers, in the same order.

Random registries, full of ties and gaps, each asked 220 random questions. RADIANT_AGREEMENT_REGISTRIES sets how many
registries (25, which are 5,500 cases; 75 by `make test-search`); RADIANT_AGREEMENT_SEED starts elsewhere.
"""

import os
import time
from typing import Any

import pytest

from radiant import Selector
from radiant.domain.criteria import Usage
from radiant.registry import snapshots
from radiant.registry.database import Connection, connect
from radiant.registry.migrations import migrate
from radiant.selection.reading.row import Row
from radiant.turning import Trials
from tests.examples import examples
from tests.sql.random_registry import Chance, fill, named, question

REGISTRIES = int(os.environ.get("RADIANT_AGREEMENT_REGISTRIES", examples(75)))
FIRST_SEED = int(os.environ.get("RADIANT_AGREEMENT_SEED", "1"))
QUESTIONS = 220
PARTS = 5

#: The types of parameters that PostgreSQL cannot tell from an empty list or a float.
TYPES = {
    **dict.fromkeys(("input_modalities", "output_modalities", "required_capabilities", "exclude"), "::text[]"),
    **dict.fromkeys(("only_providers", "exclude_providers", "prefer_providers"), "::text[]"),
    "max_latency_ms": "::numeric",
}


async def ask_sql(connection: Connection, questions: list[dict[str, Any]]) -> list[list[tuple[Any, ...]]]:
    given = ", ".join(f"p_{name} => %({name})s{TYPES.get(name, '')}" for name in questions[0])
    answers = []
    async with connection.pipeline():
        cursors = [
            await connection.execute(f"SELECT * FROM select_model({given})".encode(), {**it, "task": str(it["task"])})
            for it in questions
        ]
        for cursor in cursors:
            answers.append([tuple(row.values()) for row in await cursor.fetchall()])
    return answers


def in_python(asked: dict[str, Any]) -> dict[str, Any]:
    """The same question to the selector."""
    into, out = asked["input_tokens"], asked["output_tokens"]
    usage = None if into is None and out is None else Usage(input_tokens=into, output_tokens=out)
    rest = {name: value for name, value in asked.items() if name not in ("input_tokens", "output_tokens")}
    return {**rest, "usage": usage}


def ask_selector(selector: Selector, asked: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [
        (
            choice.model_id, choice.display_name, choice.hosting_type.value, choice.provider_name,
            choice.primary_mode.value, choice.thermal_state.value if choice.thermal_state else None,
            choice.warmup_required, choice.warmup_time_seconds, choice.health_status.value,
        )
        for choice in selector.rank(limit=10, **asked)
    ]  # fmt: skip


#: In place of the functions of these names: a small registry has few models with any capability, and few that are COLD,
#: so that the walks would never be asked for one.
WALKED = """
    CREATE OR REPLACE FUNCTION few_with(wanted text[], OUT external uuid[], OUT own uuid[])
        LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$ BEGIN END $$;
    CREATE OR REPLACE FUNCTION are_few_cold() RETURNS boolean LANGUAGE sql AS $$ SELECT false $$
"""


@pytest.mark.parametrize("part", range(PARTS))
async def test_sql_and_selector_give_the_same_models_in_the_same_order(empty_database_url: str, part: int) -> None:
    answered = 0
    async with connect(empty_database_url) as connection:
        await migrate(connection)
        if part % 2:
            await connection.execute(WALKED)
        for seed in range(FIRST_SEED + part, FIRST_SEED + REGISTRIES, PARTS):
            chance = Chance(seed)
            row = await (await connection.execute("SELECT (now() AT TIME ZONE 'UTC')::date AS today")).fetchone()
            assert row is not None
            await fill(connection, chance, row["today"])
            content = await snapshots.read(connection, Row.__struct_encode_fields__)
            selector = Selector.from_rows(content.rows, today=row["today"])
            known = await named(connection)
            questions = [question(chance, known) for _ in range(QUESTIONS)]
            for asked, sql in zip(questions, await ask_sql(connection, questions), strict=True):
                plain = in_python(asked)
                # One whose rest is over is given to one request, not to the next: here nobody asked before.
                selector._trials = Trials(time.monotonic)
                assert ask_selector(selector, plain) == sql, f"seed {seed}: {asked}"
                selector._trials = Trials(time.monotonic)
                best = selector.select(**plain)
                assert (best.model_id if best else None) == (sql[0][0] if sql else None)
                answered += bool(sql)
    assert answered > QUESTIONS, "nearly every question was answered with nothing, which compares nothing"
