"""What people asked, with the right value, of everything that can be asked: Python, HTTP, the command line and SQL."""

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

import httpx
import psycopg
import pytest
from psycopg.rows import dict_row

from radiant import Selector
from radiant.domain.choice import Choice
from radiant.domain.usual import usual
from tests.faces.conftest import Program
from tests.faces.selecting import SELECT

#: Options of the command line for criteria; what is not here is a part of the usage.
OPTIONS = {
    "prefer_providers": "--provider",
    "only_providers": "--only-provider",
    "exclude_providers": "--exclude-provider",
    "required_capabilities": "--capability",
    "min_class": "--min-class",
    "max_cost_per_request": "--max-cost",
    "max_latency_ms": "--max-latency",
    "max_input_cost_per_1k": "--max-input-cost",
    "max_output_cost_per_1k": "--max-output-cost",
    "exclude": "--exclude",
    "profile": "--profile",
}


class Example(NamedTuple):
    """What is asked; the best model and what it costs, or neither where nothing fits."""

    task: str
    asked: Mapping[str, Any]
    best: str | None = None
    cost: str | None = None
    sql: Mapping[str, Any] | None = None  #: the same for `select_model()`, where that can be asked


def example(task: str, best: str | None, cost: str | None, /, *, sql: bool = True, **asked: Any) -> Example:
    """In SQL a criterion has the same name, and a usage its two counts of tokens."""
    by_sql = {f"p_{name}": value for name, value in (asked | asked.get("usage", {})).items() if name != "usage"}
    return Example(task, asked, best, cost, by_sql if sql else None)


EXAMPLES = {
    "a picture is not its text": example("image", None, None, max_cost_per_request="0.003", sql=False),
    "the cheapest picture": example("image", "meta/muse-image-1.0", "0.014"),
    "five seconds of video": example("video", "xai/grok-imagine-video-1.5-lite", "0.14"),
    "a search and its fee": example("search", "perplexity/perplexity/sonar", "0.0056"),
    "a minute beside a second": example(
        "transcription", "assemblyai/universal-2", "0.0035", only_providers=["assemblyai", "elevenlabs"]
    ),
    "three million tokens": example("chat", None, None, usage={"input_tokens": 3_000_000}),
    "more than may go out": example("chat", None, None, usage={"output_tokens": 3_000_000}),
    "the name we handed out": example(
        "chat", "deepinfra/openai/gpt-oss-120b", "0.0001708", exclude=["cohere_chat/command-r7b-12-2024"]
    ),
    "a provider as people write it": example(
        "chat", "openai/gpt-6-luna", "0.00049", prefer_providers=["OpenAI"], sql=False
    ),
    "a provider as we write it": example("chat", "openai/gpt-6-luna", "0.00049", prefer_providers=["openai"]),
    "a capability as people write it": example(
        "chat", "cohere/command-r7b-12-2024", "0.0001575", required_capabilities=["function-calling"], sql=False
    ),
    "another word for it": example(
        "chat", "cohere/command-r7b-12-2024", "0.0001575", required_capabilities=["tools"], sql=False
    ),
    "a class": example("chat", "deepinfra/MiniMaxAI/MiniMax-M3", "0.001162", min_class="flagship"),
    "the best": example("chat", "deepinfra/MiniMaxAI/MiniMax-M3", "0.001162", profile="best", sql=False),
    "the best of one provider": example(
        "chat", "openai/gpt-6.2-astra", "0.0392", profile="best", only_providers=["openai"], sql=False
    ),
    "the fastest by what is published": example(
        "chat", "cerebras/gpt-oss-120b", "0.001015", profile="fastest", sql=False
    ),
    "one provider": example("chat", "mistral/ministral-8b-2512", "0.000315", only_providers=["mistral"]),
    "without one": example("chat", "deepinfra/openai/gpt-oss-120b", "0.0001708", exclude_providers=["cohere"]),
    "a ceiling for what goes in": example(
        "chat", "deepinfra/openai/gpt-oss-120b", "0.0001708",
        max_input_cost_per_1k="0.0001", exclude_providers=["cohere"],
    ),
    "a ceiling below everything": example("chat", None, None, max_output_cost_per_1k="0.00001"),
    "what was never measured": example("chat", None, None, max_latency_ms=500),
    "below the cheapest": example("chat", None, None, max_cost_per_request="0.0001", sql=False),
    "a tier is for the whole request": example(
        "chat", "openai/gpt-6.1-sol", "1.701", only_providers=["openai"], min_class="standard",
        usage={"input_tokens": 300_000, "output_tokens": 1000},
        exclude=["gpt-6.1-terra", "gpt-6.2-sol", "gpt-6.2-astra", "gpt-6-astra", "gpt-audio-1.5"],
    ),
    "a task of nobody": example("other", None, None),
}  # fmt: skip

asked_each = pytest.mark.parametrize("it", EXAMPLES.values(), ids=EXAMPLES.keys())


def criteria(it: Example) -> dict[str, Any]:
    usually = usual(it.task)
    return {
        "task": it.task,
        "input_modalities": usually.takes,
        "output_modalities": usually.gives,
        "tenant_tier": 3,
        **it.asked,
    }


@pytest.fixture(scope="module")
def selector(standing_url: str) -> Iterator[Any]:
    with Selector.open(standing_url) as it:
        yield it


@asked_each
def test_in_python(selector: Any, it: Example) -> None:
    found: Choice | None = selector.select(**criteria(it))
    if it.best is None:
        assert found is None
        return
    assert found is not None
    assert f"{found.provider_id}/{found.model_id}" == it.best
    assert found.estimated_cost == (it.cost and Decimal(it.cost))


@pytest.mark.asyncio(loop_scope="module")
@asked_each
async def test_over_http(reader: httpx.AsyncClient, it: Example) -> None:
    answer = await reader.post(SELECT, json=criteria(it))
    if it.best is None:
        assert (answer.status_code, answer.json()["type"]) == (404, "/problems/no-eligible-model")
        return
    found = answer.json()["choice"]
    assert (f"{found['provider_id']}/{found['model_id']}", found["estimated_cost"]) == (it.best, it.cost)


@pytest.mark.usefixtures("standing")
@asked_each
def test_on_the_command_line(radiant: Program, it: Example) -> None:
    arguments = []
    for name, value in (dict(it.asked) | it.asked.get("usage", {})).items():
        if name != "usage":
            option = OPTIONS.get(name) or f"--{name.replace('_', '-')}"
            for each in value if isinstance(value, list) else [value]:
                arguments += [option, str(each)]
    code, out, _ = radiant("select", it.task, *arguments, "--json", "-n", "1")
    found = json.loads(out)
    assert found["explanation"] is None, "unasked for"
    if it.best is None:
        assert (code, found["choices"]) == (3, [])
        return
    (choice,) = found["choices"]
    assert (code, f"{choice['provider_id']}/{choice['model_id']}", choice["estimated_cost"]) == (0, it.best, it.cost)


@pytest.mark.parametrize(
    "it",
    [it for it in EXAMPLES.values() if it.sql is not None],
    ids=[name for name, it in EXAMPLES.items() if it.sql is not None],
)
def test_in_sql(standing_url: str, it: Example) -> None:
    given = {
        "p_task": it.task,
        "p_input_modalities": [*usual(it.task).takes],
        "p_output_modalities": [*usual(it.task).gives],
        "p_tenant_tier": 3,
        **(it.sql or {}),
    }
    arguments = ", ".join(f"{name} => %({name})s" for name in given)
    with psycopg.connect(standing_url, row_factory=dict_row) as connection:
        found = connection.execute(
            "SELECT (SELECT id FROM providers WHERE display_name = provider_name) || '/' || model_id AS name"
            f" FROM select_model({arguments}) LIMIT 1".encode(),
            given,
        ).fetchall()
    assert [row["name"] for row in found] == ([] if it.best is None else [it.best])
