"""Outcomes told to several API processes of one registry, one of which is killed."""

import signal
from collections.abc import Callable
from typing import Any

import pytest
from psycopg.rows import DictRow

from tests.faces.conftest import Child, Program
from tests.faces.test_alone import Api
from tests.faces.test_alone import own as own
from tests.waiting import appeared

Query = Callable[..., list[DictRow]]

PATH, SELECT = "/api/v2/outcomes", "/api/v2/select"
MODEL = "openai/gpt-4o-mini"
COUNTED = "SELECT coalesce(sum(ok), 0)::int AS ok FROM health_minutes WHERE model_id IS NOT NULL"
ASKED = {
    "task": "chat", "input_modalities": ["text"], "output_modalities": ["text"], "tenant_tier": 5,
    "only_providers": ["openai"], "profile": "cheapest",
}  # fmt: skip


def told(api: Api, ids: list[str], **more: Any) -> int:
    """How many of these the process had not heard of."""
    outcomes = [{"id": id, "model": MODEL, "latency_ms": 300, **more} for id in ids]
    status, answer = api.ask("POST", PATH, {"outcomes": outcomes})
    assert (status, answer["refused"]) == (202, 0), answer
    return int(answer["accepted"])


def written(api: Api) -> dict[str, int]:
    """What became of all that the process was told, once nothing waits."""
    appeared(lambda: api.ask("GET", PATH)[1]["waiting"] == 0)
    found: dict[str, int] = api.ask("GET", PATH)[1]
    return found


def chosen(api: Api) -> str:
    status, answer = api.ask("POST", SELECT, ASKED)
    assert status == 200, answer
    choice = answer["choice"]
    return f"{choice['provider_id']}/{choice['model_id']}"


@pytest.fixture
def apis(start: Child, radiant: Program, own: str) -> tuple[Api, Api]:
    children = [start("api", "--port", "0") for _ in range(2)]
    token = radiant("token").out
    one, another = (Api(child, token) for child in children)
    return one, another


def test_two_processes_count_each_id_once_and_both_hear_of_a_rest(
    apis: tuple[Api, Api], own: str, query: Query
) -> None:
    one, another = apis
    for number in range(5):
        ids = [f"{number}-{each}" for each in range(200)]
        assert (told(one, ids), told(another, [*ids[100:], f"{number}-more"])) == (200, 101)
    found = [written(one), written(another)]
    assert query(own, COUNTED) == [{"ok": 1_005}]
    assert sum(it["written"] for it in found) == 1_005
    assert sum(it["duplicate"] for it in found) == 500

    first = chosen(another)
    for number in range(5):
        assert one.ask("POST", PATH, {"id": f"failed-{number}", "model": first, "error": "timeout"})[0] == 202
    appeared(lambda: chosen(another) != first and chosen(one) != first)


def test_of_a_process_that_is_killed_only_what_had_not_been_written_is_lost_and_can_be_told_again(
    start: Child, radiant: Program, own: str, query: Query
) -> None:
    child = start("api", "--port", "0")
    token = radiant("token").out
    api = Api(child, token)
    for number in range(3):
        told(api, [f"{number}-{each}" for each in range(1_000)])
    written(api)
    last = [f"last-{each}" for each in range(1_000)]
    told(api, last)
    child.send_signal(signal.SIGKILL)
    child.wait()
    (counted,) = query(own, COUNTED)
    assert 3_000 <= counted["ok"] <= 4_000
    again = Api(start("api", "--port", "0"), token)
    told(again, last)
    written(again)
    assert query(own, COUNTED) == [{"ok": 4_000}]
