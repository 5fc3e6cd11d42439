"""`radiant select`: the choice, the reasons beside it, and what it says when there is none."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from psycopg.rows import DictRow

from tests.asleep import ASLEEP
from tests.faces.conftest import Child, Program
from tests.waiting import HANG, appeared

Query = Callable[..., list[DictRow]]
Value = Callable[[str, str], Any]


@pytest.fixture
def registry(clean_environment: pytest.MonkeyPatch, database_url: str) -> str:
    """RADIANT_DATABASE_URL is a registry of this test's own."""
    clean_environment.setenv("RADIANT_DATABASE_URL", database_url)
    return database_url


def chosen(radiant: Program, *arguments: str) -> list[dict[str, Any]]:
    code, out, err = radiant("select", *arguments, "--json")
    assert (code, err) == (0, "")
    choices: list[dict[str, Any]] = json.loads(out)["choices"]
    return choices


def lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines()]


# The choice


@pytest.mark.usefixtures("standing")
def test_the_best_comes_first_and_as_many_as_wanted(radiant: Program) -> None:
    three = chosen(radiant, "chat", "--limit", "3")
    assert len(three) == 3
    assert [it["id"] for it in three] == [it["id"] for it in chosen(radiant, "chat", "-n", "5")[:3]]
    out = radiant("select", "chat", "-n", "3").out
    shown = lines(out)
    assert shown[0] == "model provider state warm-up health USD a request"
    assert [line.startswith("→ ") for line in shown[1:]] == [True, False, False]
    assert three[0]["model_id"] in shown[1]
    assert str(Decimal(three[0]["estimated_cost"])) in shown[1]


@pytest.mark.usefixtures("standing")
def test_profiles_usage_and_limits_are_heard(radiant: Program) -> None:
    costs = [Decimal(it["estimated_cost"]) for it in chosen(radiant, "chat", "--profile", "cheapest", "-n", "10")]
    assert costs == sorted(costs)
    usage = ("--input-tokens", "2000", "--output-tokens", "1000")
    (once,) = chosen(radiant, "chat", "--exclude", "x", "--provider", "anthropic", "-n", "1")
    (twice,) = chosen(radiant, "chat", "--exclude", "x", "--provider", "anthropic", "-n", "1", *usage)
    assert (once["id"], 2 * Decimal(once["estimated_cost"])) == (twice["id"], Decimal(twice["estimated_cost"]))
    (cached,) = chosen(radiant, "chat", "--provider", "anthropic", "-n", "1", "--cached-share", "1")
    assert Decimal(cached["estimated_cost"]) < Decimal(once["estimated_cost"])
    four = chosen(radiant, "image", "--provider", "bfl", "--images", "4", "-n", "1")[0]
    one = chosen(radiant, "image", "--provider", "bfl", "-n", "1")[0]
    assert one["provider_id"] == "bfl"
    assert Decimal(four["estimated_cost"]) == 4 * Decimal(one["estimated_cost"])


@pytest.mark.usefixtures("standing")
@pytest.mark.parametrize(
    "task", ["chat", "completion", "embedding", "image", "video", "audio", "transcription", "search", "3d", "ocr",
             "rerank", "moderation", "realtime", "inference"]
)  # fmt: skip
def test_each_task_finds_a_model_without_further_words(radiant: Program, task: str) -> None:
    assert chosen(radiant, task, "-n", "1")[0]["primary_mode"] == task


def test_a_fallback_warms_up_and_says_what_stands_in(radiant: Program, registry: str, query: Query, row: Value) -> None:
    query(registry, ASLEEP)
    arguments = ("chat", "--hosting", "self_hosted", "--fallback")
    code, out, _ = radiant("select", *arguments)
    assert code == 0
    told = lines(out)[-1]
    warming = told.removeprefix("The warm-up of ").split()[0]
    assert told.startswith(f"The warm-up of {warming} was asked for. ")
    seconds = f"Until it is warm, in about {_seconds(query, registry, warming):,} s, and for "
    cost = out.split("unknown")[1].split()[0]
    assert f" was asked for. {seconds}{cost} USD a request more, " in told and told.endswith(" stands in.")
    assert row(registry, "SELECT model_id FROM warmup_demands") == warming
    again = lines(radiant("select", *arguments).out)[-1]
    assert again.startswith(f"The warm-up of {warming} had been asked for already")
    (choice,) = chosen(radiant, *arguments)
    assert (choice["via"], choice["warming"], choice["warmup_started"]) == ("handover", warming, False)


def test_what_nobody_stands_in_for_is_given_with_its_seconds(radiant: Program, registry: str, query: Query) -> None:
    query(registry, f"{ASLEEP}; UPDATE providers SET enabled = false WHERE id <> 'self_hosted'")
    code, out, _ = radiant("select", "chat", "--fallback")
    assert code == 0
    best, told = lines(out)[1:]
    warming = best.split()[1]
    assert f"COLD {_seconds(query, registry, warming)} s unknown" in best
    assert told == f"The warm-up of {warming} was asked for."


def test_who_stood_in_is_counted_by_a_command_that_ends_at_once(radiant: Program, registry: str, query: Query) -> None:
    query(registry, ASLEEP)
    first, choice = (chosen(radiant, "chat", "--hosting", "self_hosted", "--fallback", "handover")[0] for _ in range(2))
    assert (first["warming"], first["model_id"]) == (choice["warming"], choice["model_id"])
    counted = query(registry, "SELECT model_id, served, priced, cost_usd FROM handovers")
    cost = 2 * Decimal(choice["estimated_cost"])
    assert counted == [{"model_id": choice["warming"], "served": 2, "priced": 2, "cost_usd": cost}]


def test_what_is_wanted_of_a_cold_model_is_said_as_over_http(radiant: Program, registry: str, query: Query) -> None:
    query(registry, ASLEEP)
    own = ("chat", "--hosting", "self_hosted", "--fallback")
    (held,) = chosen(radiant, *own, "hold", "--max-wait", "0.2")
    assert (held["via"], held["warmup_started"]) == ("handover", True)
    code, out, err = radiant("select", *own, "fail")
    assert (code, out) == (1, "")
    seconds = _seconds(query, registry, held["warming"])
    assert err == f"radiant: {held['warming']} warms up; that takes about {seconds:,} seconds.\n"
    (plain,) = chosen(radiant, *own[:-1], "--fallback=none")
    assert (plain["model_id"], plain["warming"]) == (held["warming"], None)
    code, out, err = radiant("select", *own, "hold", "--max-wait", "601")
    assert (code, out) == (2, "") and err.startswith("radiant: --max-wait: is 601")
    assert radiant("select", *own, "wait").code == 2
    code, _, err = radiant("select", "chat", "--max-wait", "3")
    assert code == 2 and "is for --fallback hold" in err


def test_a_held_command_ends_when_the_model_is_warm(registry: str, start: Child, query: Query) -> None:
    query(registry, ASLEEP)
    held = start("select", "chat", "--hosting", "self_hosted", "--fallback", "hold", "--max-wait", "600", "--json")
    wanted = appeared(lambda: query(registry, "SELECT model_id FROM warmup_demands"))[0]["model_id"]
    assert held.poll() is None
    query(registry, "UPDATE thermal_states SET current_state = 'WARM' WHERE model_id = %s", wanted)
    out, err = held.communicate(timeout=HANG)
    (choice,) = json.loads(out)["choices"]
    assert (held.returncode, err) == (0, "")
    assert (choice["model_id"], choice["via"], choice["thermal_state"]) == (wanted, "preferred", "WARM")


def _seconds(query: Query, url: str, model_id: str) -> int:
    (found,) = query(url, "SELECT warmup_time_seconds FROM self_hosted_models WHERE model_id = %s", model_id)
    seconds: int = found["warmup_time_seconds"]
    return seconds


# The reasons


def test_explain_shows_the_order_the_reasons_and_the_refusals(radiant: Program, standing: str) -> None:
    with psycopg.connect(standing, autocommit=True) as connection:
        connection.execute("UPDATE providers SET declared_compliance = '{HIPAA}' WHERE id = 'anthropic'")
    code, out, _ = radiant("select", "chat", "--explain", "--hipaa", "--tier", "1", "-c", "vision")
    shown = lines(out)
    assert code == 0
    assert any(line.startswith("Order of ready-first: ") for line in shown)
    start = shown.index("eligible because")
    assert shown[start + 1].startswith("1 ")
    assert "external, always ready; latency unknown; health unknown; " in shown[start + 1]
    refusals = shown[shown.index("refused because such as") + 1 :]
    assert any("HIPAA" in line for line in refusals)
    assert any("vision" in line for line in refusals)
    assert any("tier" in line for line in refusals)
    assert shown[-1].endswith(" models are for other tasks.")


@pytest.mark.usefixtures("standing")
def test_explain_as_json_has_every_model(radiant: Program, standing: str, row: Value) -> None:
    code, out, _ = radiant("select", "chat", "--explain", "--all", "--json", "-n", "1")
    body = json.loads(out)
    assert code == 0
    assert len(body["explanation"]["verdicts"]) == row(standing, "SELECT count(*) FROM unified_model_registry")
    assert body["explanation"]["choice"]["id"] == body["choices"][0]["id"]
    assert json.loads(radiant("select", "chat", "--json").out)["explanation"] is None
    short = json.loads(radiant("select", "chat", "--explain", "--json").out)["explanation"]
    whole = body["explanation"]
    assert short["verdicts"] == whole["verdicts"][:20]
    assert [it["count"] for it in short["refused"]] == [len(it["models"]) for it in whole["refused"]]


# Nothing, and wrong words


def test_a_tier_that_is_too_low_for_all_is_named(radiant: Program, registry: str, query: Query) -> None:
    query(registry, ASLEEP)
    code, out, _ = radiant("select", "chat", "--tier", "1", "--hosting", "self_hosted")
    assert (code, "with a higher --tier: " in out) == (3, True)


@pytest.mark.usefixtures("standing")
@pytest.mark.parametrize(
    ("arguments", "relief"),
    [
        (("chat", "-c", "text_to_video"), "without --capability: "),
        (("chat", "--max-latency", "1"), "without --max-latency: "),
        (("chat", "--max-cost", "0.0000001"), "without --max-cost: "),
        (("chat", "--min-context", "99000000"), "without --min-context: "),
        (("embedding", "--output", "3d"), "with other --output: "),
    ],
)
def test_when_nothing_fits_the_demand_to_blame_is_named(
    radiant: Program, arguments: tuple[str, ...], relief: str
) -> None:
    code, out, err = radiant("select", *arguments)
    assert (code, err) == (3, "")
    assert out.startswith("No model fits: ")
    assert relief in out
    code, out, _ = radiant("select", *arguments, "--json")
    body = json.loads(out)
    assert (code, body["choices"], body["explanation"]) == (3, [], None)
    assert body["diagnosis"]["reliefs"]


@pytest.mark.usefixtures("standing")
def test_a_fallback_that_finds_nothing_is_one_sentence_with_the_demand(radiant: Program) -> None:
    code, out, err = radiant("select", "chat", "--fallback", "-c", "text_to_video")
    assert (code, out) == (3, "")
    assert err.startswith("radiant: No model satisfies the request: without --capability: ")
    assert len(err.splitlines()) == 1


@pytest.mark.usefixtures("standing")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("chatt",), "TASK: "),
        (("chat", "--profile", "dearest"), "Expected: balanced, best, cheapest, fastest, largest-context, ready-first"),
        (("chat", "--hosting", "mine"), "expected: any, external, self_hosted"),
        (("chat", "--tier", "0"), "--tier: "),
        (("chat", "--tier", "6"), "1 to 5"),
        (("chat", "--input", "smell"), "expected: text, image"),
        (("chat", "--max-cost", "cheap"), "--max-cost: "),
        (("chat", "--max-cost", "NaN"), "--max-cost: is not a finite number"),
        (("chat", "--max-latency", "nan"), "--max-latency: "),
        (("chat", "--max-latency", "-1"), "--max-latency: "),
        (("chat", "--min-context", "-1"), "--min-context: "),
        (("chat", "--cached-share", "2"), "--cached-share: is 2.0; expected: 0 to 1"),
        (("chat", "--input-tokens", "-1"), "--input-tokens: "),
    ],
)
def test_a_demand_that_cannot_be_is_one_sentence(radiant: Program, arguments: tuple[str, ...], said: str) -> None:
    code, out, err = radiant("select", *arguments)
    assert (code, out) == (2, "")
    assert err.startswith("radiant: ")
    assert said in err
    assert "expected" not in err.partition("expected")[2], "no sentence says the same thing twice"
    assert len(err.splitlines()) == 1


@pytest.mark.usefixtures("clean_environment")
@pytest.mark.parametrize(
    "arguments",
    [(), ("chat", "--tier", "gold"), ("chat", "--limit", "0"), ("chat", "--limit", "101"), ("chat", "--hippa"),
     ("chat", "image"), ("chat", "--min-context", "1e3")],
)  # fmt: skip
def test_wrong_usage_is_exit_code_2(radiant: Program, arguments: tuple[str, ...]) -> None:
    code, out, err = radiant("select", *arguments)
    assert (code, out) == (2, "")
    assert "Usage: radiant select" in err
