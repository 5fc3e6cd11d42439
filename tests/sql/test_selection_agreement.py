"""`select_model()` in SQL and the selector in memory give the same answers, in the same order.

Random registries, full of ties and gaps, each asked many random questions. RADIANT_AGREEMENT_REGISTRIES sets how many
registries (default 50, each asked 220 questions: 11,000 cases); RADIANT_AGREEMENT_SEED starts elsewhere.
"""

import os
import random
from collections.abc import Sequence
from typing import Any, TypeVar

import pytest
from psycopg.types.json import Jsonb

from radiant import Selector
from radiant.domain.vocabulary import HealthStatus, Modality, Task, ThermalState
from radiant.registry import snapshots
from radiant.registry.database import Connection, connect
from radiant.registry.migrations import migrate
from radiant.selection.reading.row import Row

T = TypeVar("T")

REGISTRIES = int(os.environ.get("RADIANT_AGREEMENT_REGISTRIES", "50"))
FIRST_SEED = int(os.environ.get("RADIANT_AGREEMENT_SEED", "1"))
QUESTIONS = 220
PARTS = 5

TASKS = ["chat", "chat", "chat", "embedding", "rerank", "image", "inference"]
CAPABILITIES = ["vision", "function_calling", "streaming", "a,b", 'quo"te', "{brace}"]
MODALITIES = [modality.value for modality in Modality][:5]
#: Ids that sort differently by language than by code point.
NAMES = ["a", "A", "b", "B-1", "b_1", "z", "Z", "é", "ß", "Ä", "😀", "a b", "model", "Model"]
PRICES = [None, 0, "0.000000000001", "0.00015", "0.000150", "0.0006", "0.3", "12"]
UNITS = [
    None, "per_token", "per_token", "per_token", "per_request", "per_image", "per_second", "per_minute",
    "per_character", "per_page",
]  # fmt: skip


#: Prices without a column, and counts of tokens, that a cost can depend on.
DETAILS = [
    "reasoning_per_mtok", "audio_output_per_mtok", "image_output_per_mtok", "video_output_per_mtok", "per_search",
    "image_tokens", "audio_tokens_per_second", "video_tokens_per_second",
]  # fmt: skip


class Chance(random.Random):
    def some(self, values: Sequence[T], most: int = 3) -> list[T]:
        return self.sample(list(values), self.randint(0, min(most, len(values))))

    def often(self, share: float) -> bool:
        return self.random() < share


async def fill(connection: Connection, chance: Chance) -> None:
    """A random registry in place of the old one."""
    await connection.execute("TRUNCATE providers, models, self_hosted_models, overrides CASCADE")
    providers = [f"p{n}" for n in range(chance.randint(1, 6))]
    async with connection.cursor() as cursor:
        await cursor.executemany(
            "INSERT INTO providers (id, display_name, enabled, compliance) VALUES (%s, %s, %s, %s)",
            [
                (name, f"Provider {name}", chance.often(0.9), chance.some(["HIPAA", "SOC2"]))
                for name in [*providers, "self_hosted"]
            ],
        )
        await cursor.executemany(
            "UPDATE provider_health SET status = %s, avg_latency_ms = %s WHERE provider_id = %s",
            [
                (chance.choice([*HealthStatus]).value, chance.choice([None, 0, "12.5", "12.500", 90, 90, 400]), name)
                for name in providers
                if chance.often(0.8)
            ],
        )
        await cursor.executemany(
            "INSERT INTO provider_health (provider_id, region, status, avg_latency_ms) VALUES (%s, 'eu', %s, %s)",
            [
                (name, chance.choice([*HealthStatus]).value, chance.choice([None, 5, 90]))
                for name in providers
                if chance.often(0.3)
            ],
        )
        await cursor.executemany(
            """
            INSERT INTO models (provider_id, model_id, name, display_name, primary_mode, capabilities,
                input_modalities, output_modalities, context_window, pricing_type,
                input_cost_per_1k, output_cost_per_1k, cost_per_request,
                cost_per_second, cost_per_image, cost_per_minute, cost_per_character, cost_per_page, markup_rate,
                min_tier, enabled, deprecated, price_details)
            VALUES (%s, %s, 'n', %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
            """,
            [
                (
                    provider, name, f"{name} of {provider}", chance.choice(TASKS), chance.some(CAPABILITIES),
                    ["text", *chance.some(MODALITIES[1:])], ["text", *chance.some(MODALITIES[1:], 1)],
                    chance.choice([None, 1, 4096, 128000]), chance.choice(UNITS),
                    *(chance.choice(PRICES) for _ in range(8)),
                    chance.choice([0, "0.4", "0.40", "0.1234"]), chance.choice([1, 1, 1, 2, 5]),
                    chance.often(0.95), chance.often(0.05),
                    Jsonb({key: str(chance.choice([0, "0.2", 7])) for key in DETAILS if chance.often(0.3)}),
                )
                for provider in providers
                for name in chance.sample(NAMES, chance.randint(0, len(NAMES)))
            ],
        )  # fmt: skip
        own = chance.sample(NAMES, chance.randint(0, len(NAMES)))
        await cursor.executemany(
            """
            INSERT INTO self_hosted_models (model_id, name, display_name, category, primary_mode, capabilities,
                input_modalities, output_modalities, context_window, hourly_rate, markup_percent, min_tier,
                warmup_time_seconds, enabled, deprecated)
            VALUES (%s, 'n', %s, 'llm', %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
            """,
            [
                (
                    name, f"own {name}", chance.choice(TASKS), chance.some(CAPABILITIES),
                    ["text", *chance.some(MODALITIES[1:])], ["text", *chance.some(MODALITIES[1:], 1)],
                    chance.choice([None, 4096, 128000]), chance.choice([None, 0, "1.408", "1.4080", 3]),
                    chance.choice([0, 75, "75.00"]), chance.choice([1, 3, 3, 4]), chance.choice([0, 60, 120]),
                    chance.often(0.95), chance.often(0.05),
                )
                for name in own
            ],
        )  # fmt: skip
        await cursor.executemany(
            "UPDATE thermal_states SET current_state = %s WHERE model_id = %s",
            [(chance.choice([*ThermalState]).value, name) for name in own],
        )


def question(chance: Chance) -> dict[str, Any]:
    return {
        "task": chance.choice([*TASKS, *Task]) if chance.often(0.1) else chance.choice(TASKS),
        "input_modalities": chance.choice([["text"], ["text"], [], chance.some(MODALITIES, 2)]),
        "output_modalities": chance.choice([["text"], ["text"], [], chance.some(MODALITIES, 1)]),
        "tenant_tier": chance.randint(1, 5),
        "prefer_hosting": chance.choice(["any", "any", "external", "self_hosted"]),
        "required_capabilities": chance.choice([[], [], chance.some(CAPABILITIES, 2)]),
        "min_context_window": chance.choice([None, None, 0, 1, 4096, 5000, 200000]),
        "require_hipaa": chance.often(0.2),
    }


async def ask_sql(connection: Connection, questions: list[dict[str, Any]]) -> list[list[tuple[Any, ...]]]:
    answers = []
    async with connection.pipeline():
        cursors = [
            await connection.execute(
                "SELECT * FROM select_model(%(task)s, %(input_modalities)s::text[], %(output_modalities)s::text[],"
                " %(tenant_tier)s, %(prefer_hosting)s, %(required_capabilities)s::text[], %(min_context_window)s,"
                " %(require_hipaa)s)",
                {**asked, "task": str(asked["task"])},
            )
            for asked in questions
        ]
        for cursor in cursors:
            answers.append([tuple(row.values()) for row in await cursor.fetchall()])
    return answers


def ask_selector(selector: Selector, asked: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [
        (
            choice.model_id, choice.display_name, choice.hosting_type.value, choice.provider_name,
            choice.primary_mode.value, choice.thermal_state.value if choice.thermal_state else None,
            choice.warmup_required, choice.warmup_time_seconds, choice.health_status.value,
        )
        for choice in selector.rank(limit=10, **asked)
    ]  # fmt: skip


@pytest.mark.parametrize("part", range(PARTS))
async def test_sql_and_selector_give_the_same_models_in_the_same_order(empty_database_url: str, part: int) -> None:
    answered = 0
    async with connect(empty_database_url) as connection:
        await migrate(connection)
        for seed in range(FIRST_SEED + part, FIRST_SEED + REGISTRIES, PARTS):
            chance = Chance(seed)
            await fill(connection, chance)
            content = await snapshots.read(connection, Row.__struct_encode_fields__)
            selector = Selector.from_rows(content.rows)
            questions = [question(chance) for _ in range(QUESTIONS)]
            for asked, sql in zip(questions, await ask_sql(connection, questions), strict=True):
                assert ask_selector(selector, asked) == sql, f"seed {seed}: {asked}"
                best = selector.select(**asked)
                assert (best.model_id if best else None) == (sql[0][0] if sql else None)
                answered += bool(sql)
    assert answered > QUESTIONS, "nearly every question was answered with nothing, which compares nothing"
