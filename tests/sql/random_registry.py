"""Random registries, full of ties and gaps, and random questions."""

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar

from psycopg.types.json import Jsonb

from radiant.domain.vocabulary import HealthStatus, Modality, ModelClass, Task, ThermalState
from radiant.registry.database import Connection

T = TypeVar("T")

TASKS = ["chat", "chat", "chat", "embedding", "rerank", "image", "inference"]
CAPABILITIES = ["vision", "function_calling", "streaming", "a,b", 'quo"te', "{brace}"]
MODALITIES = [modality.value for modality in Modality][:5]
#: Ids that sort differently by language than by code point.
NAMES = ["a", "A", "b", "B-1", "b_1", "z", "Z", "é", "ß", "Ä", "😀", "a b", "model", "Model"]
PRICES = [None, 0, "0.000000000001", "0.00015", "0.000150", "0.0006", "0.3", "12"]
RUNTIMES = ["ollama", "vllm", "sagemaker", "something_new"]
UNITS = [
    None, "per_token", "per_token", "per_token", "per_request", "per_image", "per_second", "per_minute",
    "per_character", "per_page",
]  # fmt: skip


#: Days until a model retires, on both sides of each day on which something changes.
DAYS = [None, None, None, -400, -1, 0, 1, 7, 29, 30, 31, 400]
CLASSES = [None, *(it.value for it in ModelClass)]
ALIASES = ["alias", "other", "a", "p0/b", "p1/a", "litellm/x", "Alias"]
#: With the usual markups, the price of some models to the last digit.
CEILINGS = [None, 0, Decimal("0.00021"), Decimal("0.0006"), Decimal("0.42"), Decimal("13.4807"), 12]
LIMITS = [None, None, 1, 600, 5000, 200000]

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


#: Patterns of ids that a statement about a standard covers or excepts.
COVERED = ["*", "a", "b*", "*1", "B-*", "b_1", "b%1", "mod*l", "M*", "", "\\"]


def terms(chance: Chance) -> dict[str, Any]:
    """Of a statement about a standard, which models it covers."""
    return {"url": "https://x.y", "models": chance.some(COVERED), "excepted": chance.some(COVERED)}


async def fill(connection: Connection, chance: Chance, today: dt.date) -> None:
    """A random registry in place of the old one."""
    await connection.execute("TRUNCATE providers, models, self_hosted_models, overrides CASCADE")
    providers = [f"p{n}" for n in range(chance.randint(1, 6))]
    async with connection.cursor() as cursor:
        await cursor.executemany(
            "INSERT INTO providers (id, display_name, enabled, compliance, declared_compliance, conditional_compliance)"
            " VALUES (%s, %s, %s, %s, %s, %s)",
            [
                (
                    name,
                    f"Provider {name}",
                    chance.often(0.9),
                    chance.some(["HIPAA", "SOC2"]),
                    chance.some(["HIPAA"], 1),
                    Jsonb({"HIPAA": terms(chance)} if chance.often(0.4) else {}),
                )
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
                minimum_charge, minimum_price, min_tier, enabled, deprecated, price_details,
                litellm_id, aliases, retires, class, max_input, max_output)
            VALUES (%s, %s, %s, 'n', %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s,
                    %s, %s, %s, %s, %s, %s, %s)
            """,
            [
                (
                    provider, name, f"{name} of {provider}", chance.choice(TASKS), chance.some(CAPABILITIES),
                    ["text", *chance.some(MODALITIES[1:])], ["text", *chance.some(MODALITIES[1:], 1)],
                    chance.choice([None, 1, 4096, 128000]), chance.choice(UNITS),
                    *(chance.choice(PRICES) for _ in range(8)),
                    chance.choice([0, "0.4", "0.40", "0.1234"]), chance.choice([None, None, 0, "0.5", "0.0003"]),
                    chance.choice([None, None, 0, "0.4", "0.0002"]), chance.choice([1, 1, 1, 2, 5]),
                    chance.often(0.95), chance.often(0.05),
                    Jsonb({key: str(chance.choice([0, "0.2", 7])) for key in DETAILS if chance.often(0.3)}),
                    chance.choice([None, f"{provider}/{name}", f"litellm/{name}"]), chance.some(ALIASES, 2),
                    None if (days := chance.choice(DAYS)) is None else today + dt.timedelta(days),
                    chance.choice(CLASSES), chance.choice(LIMITS), chance.choice(LIMITS),
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
                warmup_time_seconds, enabled, deprecated, commercial_use_allowed, max_output, per_request, per_image,
                input_cost_per_1k, output_cost_per_1k, cost_per_request, cost_per_page, minimum_charge, minimum_price,
                price_details)
            VALUES (%s, 'n', %s, 'llm', %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s,
                    %s, %s)
            """,
            [
                (
                    name, f"own {name}", chance.choice(TASKS), chance.some(CAPABILITIES),
                    ["text", *chance.some(MODALITIES[1:])], ["text", *chance.some(MODALITIES[1:], 1)],
                    chance.choice([None, 4096, 128000]), chance.choice([None, 0, "1.408", "1.4080", 3]),
                    chance.choice([0, 75, "75.00"]), chance.choice([1, 3, 3, 4]), chance.choice([0, 60, 120]),
                    chance.often(0.95), chance.often(0.05), chance.often(0.7),
                    chance.choice(LIMITS), chance.choice(PRICES), chance.choice(PRICES),
                    *(chance.choice([None, *PRICES]) for _ in range(4)),
                    chance.choice([None, None, 0, "0.5", "0.0003"]), chance.choice([None, None, 0, "0.4", "0.0002"]),
                    Jsonb({key: str(chance.choice([0, "0.2", 7])) for key in DETAILS if chance.often(0.2)}),
                )
                for name in own
            ],
        )  # fmt: skip
        await cursor.executemany(
            "UPDATE thermal_states SET current_state = %s WHERE model_id = %s",
            [(chance.choice([*ThermalState]).value, name) for name in own],
        )
        await cursor.executemany(
            "INSERT INTO endpoints (model_id, runtime, name, url, enabled) VALUES (%s, %s, %s, %s, %s)",
            [
                (name, chance.choice(RUNTIMES), chance.choice(NAMES), f"http://gpu-{name}:{port}", chance.often(0.9))
                for name in own
                for port in range(chance.choice([0, 0, 1, 2, 3]))
                if name.isascii() and " " not in name
            ],
        )
        await cursor.execute("SELECT endpoint_id FROM endpoint_states ORDER BY endpoint_id")
        await cursor.executemany(
            "UPDATE endpoint_states SET state = %s, observed_at = now() WHERE endpoint_id = %s",
            [(chance.choice([None, *ThermalState]), row["endpoint_id"]) for row in await cursor.fetchall()],
        )
        await cursor.executemany(
            "INSERT INTO model_health"
            " (provider_id, model_id, status, avg_latency_ms, fresh, resting_until, resting_because) VALUES ("
            "%(provider)s, %(name)s, %(status)s, %(latency)s, %(fresh)s,"
            " CASE WHEN %(fresh)s THEN now() + make_interval(hours => %(hours)s) END, %(because)s)",
            [
                {
                    "provider": provider,
                    "name": name,
                    "status": chance.choice([*HealthStatus]).value,
                    "latency": chance.choice([None, 0, "12.5", 90, 95]),
                    "fresh": chance.often(0.8),
                    "hours": chance.choice([None, None, -1, 1]),
                    "because": "5 failures in a row, last: timeout",
                }
                for provider in [*providers, "self_hosted"]
                for name in NAMES
                if chance.often(0.2)
            ],
        )


class Named(NamedTuple):
    """What questions can name, of models that are enabled: providers, capabilities, and by each name of a model those
    that are called so, as `provider/model`."""

    providers: list[str]
    capabilities: list[str]
    models: dict[str, set[str]]


async def named(connection: Connection) -> Named:
    """What there is in the registry."""
    rows = await (
        await connection.execute(
            "SELECT id, provider_id, model_id, litellm_id, capabilities, aliases FROM unified_model_registry"
            " ORDER BY provider_id, model_id"
        )
    ).fetchall()
    models: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        full = f"{row['provider_id']}/{row['model_id']}"
        for name in (full, row["id"], row["model_id"], row["litellm_id"], *row["aliases"]):
            if name is not None:
                models[name].add(full)
    capabilities = {capability for row in rows for capability in row["capabilities"]}
    return Named(sorted({row["provider_id"] for row in rows}), sorted(capabilities), dict(models))


def question(chance: Chance, known: Named) -> dict[str, Any]:
    """The keywords of `Criteria`, tokens aside. What a question demands beyond the least is there now and then."""

    def seldom(value: Any, otherwise: Any = None) -> Any:
        return value if chance.often(0.07) else otherwise

    return {
        "task": chance.choice([*TASKS, *Task]) if chance.often(0.1) else chance.choice(TASKS),
        "input_modalities": chance.choice([["text"], ["text"], [], chance.some(MODALITIES, 2)]),
        "output_modalities": chance.choice([["text"], ["text"], [], chance.some(MODALITIES, 1)]),
        "tenant_tier": chance.randint(1, 5),
        "prefer_hosting": chance.choice(["any", "any", "external", "self_hosted"]),
        "required_capabilities": chance.choice([[], [], chance.some(known.capabilities, 2)]),
        "min_context_window": chance.choice([None, None, 0, 1, 4096, 5000, 200000]),
        "require_hipaa": chance.often(0.2),
        "exclude": chance.choice([[], [], [], chance.some(sorted(known.models), 6), ["nosuch"]]),
        "only_providers": seldom(chance.some(known.providers), []),
        "exclude_providers": seldom(chance.some(known.providers), []),
        "min_class": seldom(chance.choice(CLASSES)),
        "max_input_cost_per_1k": seldom(chance.choice(CEILINGS)),
        "max_output_cost_per_1k": seldom(chance.choice(CEILINGS)),
        "require_commercial_use": chance.often(0.1),
        "prefer_providers": seldom(chance.some(known.providers, 2), []),
        "max_latency_ms": seldom(chance.choice([0, 12.5, 90, 399])),
        "input_tokens": seldom(chance.choice([0, 1, 600, 1000, 4000, 128000])),
        "output_tokens": seldom(chance.choice([0, 1, 500, 1001, 5000])),
    }
