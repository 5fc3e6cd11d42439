"""What a person would be charged, over the curated catalog and over small catalogs of others: the right values."""

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest

from radiant import Selector
from radiant.admin.catalogs import public_source
from radiant.domain.criteria import Usage
from radiant.domain.usual import usual
from radiant.registry.database import Database
from radiant.sync.importing import adopt, import_facts

TODAY = dt.date(2026, 11, 26)
MARKUP = Decimal("1.4")


def asked(task: str, **more: Any) -> dict[str, Any]:
    usually = usual(task)
    return {
        "task": task,
        "input_modalities": usually.takes,
        "output_modalities": usually.gives,
        "tenant_tier": 5,
        **more,
    }


async def costs(url: str, task: str, *, names: set[str], **more: Any) -> dict[str, Decimal | None]:
    """What a request costs at list prices, cheapest first, of the models called so."""
    async with await Selector.connect(url) as selector:
        ranked = selector.rank(limit=10_000, **asked(task, profile="cheapest", **more))
    return {
        each.model_id: None if each.estimated_cost is None else each.estimated_cost / MARKUP
        for each in ranked
        if each.model_id in names
    }


async def adopted(database: Database, source: str, content: Any) -> str:
    await import_facts(database, public_source(source), json.dumps(content).encode(), TODAY)
    await adopt(database, public_source(source), None)
    return database.url


async def test_a_picture_is_charged_as_a_picture(standing_url: str) -> None:
    """3 USD a million *text* tokens come out of gemini-3.1-flash-image for 0.0015; its pictures cost 60 a million."""
    name = "gemini-3.1-flash-image"
    found = await costs(standing_url, "image", names={name})
    cost = found[name]
    assert cost is None or cost >= Decimal("0.045")
    async with await Selector.connect(standing_url) as selector:
        assert selector.select(**asked("image", max_cost_per_request="0.003")) is None


async def test_a_search_costs_its_fee_too(standing_url: str) -> None:
    found = await costs(standing_url, "search", names={"perplexity/sonar"})
    assert found == {"perplexity/sonar": Decimal("0.0015") + Decimal("0.0025")}


async def test_a_minute_and_its_seconds_are_compared_as_minutes(standing_url: str) -> None:
    found = await costs(standing_url, "transcription", names={"scribe_v2", "universal-2"})
    assert next(iter(found)) == "universal-2"
    assert found["universal-2"] == Decimal("0.0025")


@pytest.mark.parametrize(
    ("provider", "model", "expected"),
    [("openai", "gpt-6.1-sol", "1.701"), ("anthropic", "claude-haiku-5-5", None)],
)
async def test_a_long_request_is_billed_at_its_tier(
    standing_url: str, provider: str, model: str, expected: str | None
) -> None:
    usage = Usage(input_tokens=300_000, output_tokens=1000)
    async with await Selector.connect(standing_url) as selector:
        ranked = selector.rank(limit=10_000, **asked("chat", usage=usage))
        short = selector.rank(limit=10_000, **asked("chat", usage=Usage(input_tokens=3_000, output_tokens=5)))
    (found,) = [each for each in ranked if (each.provider_id, each.model_id) == (provider, model)]
    (small,) = [each for each in short if (each.provider_id, each.model_id) == (provider, model)]
    assert found.estimated_cost is not None and small.estimated_cost is not None
    assert found.estimated_cost > small.estimated_cost * 100, "more than so many short ones"
    if expected is not None:
        assert found.estimated_cost == Decimal(expected)


async def test_image_tokens_that_come_out_have_their_own_price(database: Database) -> None:
    url = await adopted(
        database,
        "litellm",
        {
            "x/text-too": {
                "litellm_provider": "x", "mode": "image_generation", "input_cost_per_token": 5e-06,
                "output_cost_per_token": 1e-05, "output_cost_per_image_token": 3e-05,
            },
            "y/pictures": {
                "litellm_provider": "y", "mode": "image_generation", "input_cost_per_token": 5e-06,
                "output_cost_per_image_token": 3e-05,
            },
        },
    )  # fmt: skip
    names = {"text-too", "pictures"}
    usage = Usage(input_tokens=100, output_tokens=1056)
    assert await costs(url, "image", names=names, usage=usage) == dict.fromkeys(names, Decimal("0.03218"))
    assert await costs(url, "image", names=names) == dict.fromkeys(names), "how many tokens a picture has is unknown"


async def test_an_embedding_gives_back_no_tokens(database: Database) -> None:
    url = await adopted(
        database,
        "litellm",
        {
            "x/a": {"litellm_provider": "x", "mode": "embedding", "input_cost_per_token": 1e-08,
                    "output_cost_per_token": 1e-08},
            "x/b": {"litellm_provider": "x", "mode": "embedding", "input_cost_per_token": 1.2e-08,
                    "output_cost_per_token": 0.0},
        },
    )  # fmt: skip
    assert list((await costs(url, "embedding", names={"a", "b"})).items()) == [
        ("a", Decimal("0.00001")),
        ("b", Decimal("0.000012")),
    ]


async def test_speech_is_charged_by_the_speech_that_comes_out(database: Database) -> None:
    """Text that comes out of the same model costs less; nobody asked for text."""
    url = await adopted(
        database,
        "litellm",
        {
            "x/voice": {
                "litellm_provider": "x", "mode": "chat", "input_cost_per_token": 2.5e-06,
                "output_cost_per_token": 1e-05, "output_cost_per_audio_token": 6.4e-05,
                "supports_audio_output": True, "supported_output_modalities": ["text", "audio"],
            }
        },
    )  # fmt: skip
    usage = Usage(input_tokens=0, output_tokens=1000)
    assert await costs(url, "chat", names={"voice"}, usage=usage) == {"voice": Decimal("0.01")}
    spoken = await costs(url, "chat", names={"voice"}, usage=usage, output_modalities=("audio",))
    assert spoken == {"voice": Decimal("0.064")}


def offered(id: str, **pricing: Any) -> dict[str, Any]:
    """A model of OpenRouter's list that reads texts and images."""
    shape = {"input_modalities": ["text", "image"], "output_modalities": ["text"]}
    return {"id": id, "name": "M", "context_length": 32_768, "architecture": shape, "pricing": pricing}


async def test_an_image_that_goes_in_pays_its_fee_beside_free_tokens(database: Database) -> None:
    url = await adopted(database, "openrouter", {"data": [offered("n/eye", prompt="0", completion="0", image="0.002")]})
    reads = {"input_modalities": ["text", "image"]}
    assert await costs(url, "chat", names={"n/eye"}, **reads) == {"n/eye": Decimal("0.002")}
    assert await costs(url, "chat", names={"n/eye"}, max_cost_per_request="0", **reads) == {}


async def test_a_request_pays_the_dearest_hour(database: Database) -> None:
    night = {"utc_start": 100, "utc_end": 400, "prompt": "0.00000044", "completion": "0.00000132"}
    model = offered("n/clock", prompt="0.00000022", completion="0.00000066", overrides=[night])
    url = await adopted(database, "openrouter", {"data": [model]})
    assert await costs(url, "chat", names={"n/clock"}) == {"n/clock": Decimal("0.0011")}


async def test_what_a_plan_includes_costs_nobody_knows_what(database: Database) -> None:
    plan = {"name": "M", "modalities": {"input": ["text"], "output": ["text"]}, "cost": {"input": 0, "output": 0}}
    url = await adopted(database, "models.dev", {"d-coding-plan": {"name": "P", "models": {"plan-1": plan}}})
    assert await costs(url, "chat", names={"plan-1"}) == {"plan-1": None}
    assert await costs(url, "chat", names={"plan-1"}, max_cost_per_request="0") == {}


async def test_own_hardware_is_compared_once_somebody_says_what_it_does_in_an_hour(database: Database) -> None:
    """0.7364 USD an hour, writing down 40 minutes of audio in one: 0.000307 USD a minute, 0.000537 with markup."""
    async with database.connection() as connection:
        await connection.execute("UPDATE thermal_states SET current_state = 'COLD'")
    usual_way = {"p_task": "transcription", "p_in": ["audio"], "p_out": ["text"]}

    async def told() -> tuple[Decimal | None, list[str]]:
        async with await Selector.connect(database.url) as selector:
            ranked = selector.rank(limit=10_000, **asked("transcription", prefer_hosting="self_hosted"))
        found = {it.model_id: it.estimated_cost for it in ranked}
        async with database.connection() as connection:
            rows = await connection.execute(
                "SELECT model_id FROM select_model(%(p_task)s, %(p_in)s, %(p_out)s, 5, 'self_hosted')", usual_way
            )
            by_sql = [row["model_id"] for row in await rows.fetchall()]
        assert by_sql == list(found)[: len(by_sql)]
        return found["whisper-large-v3"], by_sql

    assert (await told())[0] is None, "a price of an hour alone is no price of a minute of audio"
    async with database.connection() as connection:
        await connection.execute(
            "UPDATE self_hosted_models SET per_minute_audio = hourly_rate / 60 / 40 WHERE model_id = 'whisper-large-v3'"
        )
    cost, order = await told()
    assert cost is not None
    assert round(cost, 6) == Decimal("0.000537")
    assert order[0] == "whisper-large-v3"
