"""Retirement, limits on tokens, class, providers, keys and ceilings: each with a right value."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from radiant import Selector
from radiant.domain.choice import Via

MakeRow = Callable[..., dict[str, Any]]

TODAY = dt.date(2026, 11, 26)
TOKENS = {"pricing_type": "per_token", "input_cost_per_1k": "0.001", "output_cost_per_1k": "0.002"}


def names(rows: list[dict[str, Any]], asked: dict[str, Any], **more: Any) -> list[str]:
    return [it.model_id for it in Selector.from_rows(rows, today=TODAY, connected=["q"]).rank(**asked, **more)]


# Retirement


@pytest.mark.parametrize(("day", "chosen"), [("2020-01-01", False), ("2026-11-26", False), ("2026-11-27", True)])
def test_from_the_day_it_retires_a_model_is_not_chosen(
    external: MakeRow, chat: dict[str, Any], day: str, chosen: bool
) -> None:
    selector = Selector.from_rows([external("m", retires=day, successor="n")], today=TODAY)
    assert (selector.select(**chat) is not None) is chosen
    (verdict,) = selector.explain(**chat, limit=None).verdicts
    assert [str(it) for it in verdict.refusals] == ([] if chosen else [f"it was retired on {day}, its successor is n"])


def test_within_thirty_days_it_comes_after_its_equals_and_says_when_and_what_then(
    external: MakeRow, chat: dict[str, Any]
) -> None:
    rows = [external("a", retires="2026-12-26", successor="b"), external("b"), external("c", retires="2026-12-27")]
    assert names(rows, chat) == ["b", "c", "a"]
    assert names(rows, chat, profile="balanced") == ["b", "c", "a"]
    found = Selector.from_rows(rows, today=TODAY).select(**chat, exclude=["b", "c"])
    assert found is not None and (found.retires, found.successor) == (dt.date(2026, 12, 26), "b")
    assert found.document().successor == "b"
    explained = Selector.from_rows(rows, today=TODAY).explain(**chat, limit=None)
    assert explained.verdicts[2].reasons[-1] == "retires on 2026-12-26, its successor is b"


def test_a_better_model_stays_better_until_it_retires(external: MakeRow, chat: dict[str, Any]) -> None:
    rows = [external("a", retires="2026-12-01", avg_latency_ms=1), external("b", avg_latency_ms=2)]
    assert names(rows, chat) == ["a", "b"]


def test_a_new_day_retires_what_is_in_memory(external: MakeRow, chat: dict[str, Any]) -> None:
    days = [TODAY]
    selector = Selector(today=lambda: days[-1])
    selector.swap(selector.build([external("m", retires="2026-11-27")]))
    assert selector.select(**chat) is not None
    days.append(TODAY + dt.timedelta(1))
    selector.turn()
    assert selector.select(**chat) is None


# Stated tokens


@pytest.mark.parametrize(
    ("columns", "usage", "refusal"),
    [
        ({"context_window": 128_000}, {"input_tokens": 3_000_000},
         "its context window is below the 3,000,000 tokens of the request (128,000)"),
        ({"context_window": 128_000}, {"input_tokens": 100_000, "output_tokens": 28_000}, None),
        ({"context_window": 128_000}, {"input_tokens": 100_000, "output_tokens": 28_001},
         "its context window is below the 128,001 tokens of the request (128,000)"),
        ({"context_window": 400_000, "max_input": 272_000}, {"input_tokens": 300_000},
         "it takes in less than 300,000 tokens (272,000)"),
        ({"context_window": 400_000, "max_output": 500}, {"output_tokens": 501}, "it gives less than 501 tokens (500)"),
        ({"context_window": 100}, {"images": 3}, None),
        ({"context_window": None}, {"input_tokens": 500, "output_tokens": 500}, None),
        ({"context_window": None}, {"input_tokens": 1_001}, "whether its context window holds 1,001 tokens is unknown"),
        ({"context_window": None, "primary_mode": "image"}, {"input_tokens": 9_000}, None),
    ],
)  # fmt: skip
def test_stated_tokens_have_to_fit(
    external: MakeRow, chat: dict[str, Any], columns: dict[str, Any], usage: dict[str, Any], refusal: str | None
) -> None:
    selector = Selector.from_rows([external("m", **columns)])
    asked = chat | {"task": columns.get("primary_mode", "chat"), "usage": usage}
    assert (selector.select(**asked) is None) is bool(refusal)
    assert [str(it) for it in selector.explain(**asked, limit=None).verdicts[0].refusals] == (
        [refusal] if refusal else []
    )


# Class


def test_a_class_is_asked_from_below_and_an_unknown_one_never_satisfies(
    external: MakeRow, chat: dict[str, Any]
) -> None:
    rows = [external(each, **{"class": each}) for each in ("flagship", "standard", "small")] + [external("unknown")]
    assert names(rows, chat, min_class="small") == ["flagship", "small", "standard"]
    assert names(rows, chat, min_class="standard") == ["flagship", "standard"]
    assert names(rows, chat, min_class="flagship") == ["flagship"]


def test_best_goes_by_class_and_fastest_by_throughput_then_the_small_ones(
    external: MakeRow, chat: dict[str, Any]
) -> None:
    cheap = TOKENS | {"input_cost_per_1k": 0}
    rows = [
        external("flagship", **TOKENS, **{"class": "flagship"}),
        external("small", **cheap, **{"class": "small"}),
        external("published", **TOKENS, throughput_tps=900),
        external("unknown", **cheap),
    ]
    assert names(rows, chat, profile="best") == ["flagship", "small", "unknown", "published"]
    assert names(rows, chat, profile="fastest") == ["published", "small", "flagship", "unknown"]
    same = [external(each, **TOKENS, **{"class": each}) for each in ("flagship", "small", "standard")]
    assert names(same, chat, profile="balanced") == ["flagship", "standard", "small"]


def test_fastest_without_latencies_says_so(external: MakeRow, chat: dict[str, Any]) -> None:
    said = (
        "no latency has been measured yet, so fastest goes by throughput, then lightness, then health, then readiness,"
        " then price",
    )
    unmeasured, measured = [external("m")], [external("m", avg_latency_ms=1)]
    assert Selector.from_rows(unmeasured).remarks(**chat, profile="fastest") == said
    assert Selector.from_rows(unmeasured).explain(**chat, profile="fastest", limit=None).notes == said
    assert Selector.from_rows(measured).remarks(**chat, profile="fastest") == ()
    assert Selector.from_rows(unmeasured).remarks(**chat) == ()


# Providers and keys


def test_providers_are_restricted_and_excluded(external: MakeRow, hosted: MakeRow, chat: dict[str, Any]) -> None:
    rows = [external(f"m-{each}", provider_id=each) for each in ("p", "q", "r")] + [hosted("own", "HOT")]
    assert names(rows, chat, only_providers=["p", "self_hosted"]) == ["own", "m-p"]
    assert names(rows, chat, exclude_providers=["p", "self_hosted"]) == ["m-q", "m-r"]
    assert names(rows, chat, only_providers=["p"], exclude_providers=["p"]) == []
    assert names(rows, chat, only_providers=[]) == ["own", "m-p", "m-q", "m-r"]
    refused = Selector.from_rows(rows).explain(**chat, only_providers=["q"], limit=None).refused
    assert "p is not among the providers asked for" in {it.reason for it in refused}


def test_connected_is_what_a_key_is_set_for_and_ones_own_hardware(
    external: MakeRow, hosted: MakeRow, chat: dict[str, Any]
) -> None:
    rows = [external("m-p"), external("m-q", provider_id="q"), hosted("own", "WARM")]
    assert names(rows, chat, connected_only=True) == ["own", "m-q"]
    assert names(rows, chat, connected_only=False) == names(rows, chat) == ["own", "m-p", "m-q"]
    connected = {it.model_id: it.connected for it in Selector.from_rows(rows, connected=["q"]).rank(**chat)}
    assert connected == {"own": True, "m-p": False, "m-q": True}
    unseen = Selector.from_rows(rows)
    assert unseen.select(**chat, connected_only=True) is None
    assert {it.connected for it in unseen.rank(**chat)} == {None}


def test_a_process_may_ask_for_keys_where_a_request_leaves_it_open(external: MakeRow, chat: dict[str, Any]) -> None:
    rows = [external("m-p"), external("m-q", provider_id="q")]
    selector = Selector.from_rows(rows, connected=["q"], connected_only=True)
    assert [it.model_id for it in selector.rank(**chat)] == ["m-q"]
    assert [it.model_id for it in selector.rank(**chat, connected_only=False)] == ["m-p", "m-q"]
    none = Selector.from_rows(rows, connected=[], connected_only=True)
    assert str(none.diagnose(**chat)) == "without connected_only: 2 models, first m-p"
    refusals = none.explain(**chat, limit=None).verdicts[0].refusals
    assert [str(it) for it in refusals] == ["no key for p is set where Radiant runs"]


# Ceilings


@pytest.mark.parametrize(
    ("limit", "fits"),
    [
        ({"max_input_cost_per_1k": "0.0014"}, True),
        ({"max_input_cost_per_1k": "0.00139"}, False),
        ({"max_output_cost_per_1k": Decimal("0.0028")}, True),
        ({"max_output_cost_per_1k": "0.002"}, False),
    ],
)
def test_ceilings_are_on_what_a_tenant_pays(
    external: MakeRow, chat: dict[str, Any], limit: dict[str, Any], fits: bool
) -> None:
    rows = [external("m", **TOKENS, markup_rate="0.4")]
    assert names(rows, chat, **limit) == (["m"] if fits else [])


def test_a_price_that_is_not_known_or_not_for_tokens_is_within_no_ceiling(
    external: MakeRow, chat: dict[str, Any]
) -> None:
    rows = [external("unknown"), external("flat", pricing_type="per_request", cost_per_request=0)]
    assert names(rows, chat, max_input_cost_per_1k=100) == []
    refused = Selector.from_rows(rows).explain(**chat, max_output_cost_per_1k=100, limit=None).refused
    assert [it.reason for it in refused] == ["its price for output tokens is unknown"]


# The model of last resort


async def test_the_default_model_may_break_limits_and_preferences_and_says_which(
    external: MakeRow, chat: dict[str, Any]
) -> None:
    selector = Selector.from_rows([external("d", **TOKENS), external("e")], defaults={"chat": "p/d"}, providers=["q"])
    found = await selector.select_with_fallback(
        **chat, max_latency_ms=10, max_cost_per_request="0.0001", max_input_cost_per_1k=1, prefer_providers=["q"]
    )
    assert (found.model_id, found.via) == ("d", Via.DEFAULT)
    assert found.broken == ("max_latency_ms", "max_cost_per_request", "prefer_providers")
    usual = await selector.select_with_fallback(**chat)
    assert (usual.via, usual.broken) == (Via.PREFERRED, ())


async def test_a_default_model_on_its_way_out_gives_way_to_its_successor(
    external: MakeRow, chat: dict[str, Any]
) -> None:
    for retires in ("2026-12-10", "2026-11-01"):
        rows = [external("d", retires=retires, successor="heir"), external("heir")]
        selector = Selector.from_rows(rows, defaults={"chat": "d"}, today=TODAY)
        found = await selector.select_with_fallback(**chat, max_latency_ms=10)
        assert (found.model_id, found.via) == ("heir", Via.DEFAULT)
    alone = Selector.from_rows([external("d", retires="2026-12-10")], defaults={"chat": "d"}, today=TODAY)
    assert (await alone.select_with_fallback(**chat, max_latency_ms=10)).model_id == "d"


def test_where_no_latency_was_measured_a_limit_on_it_says_so(external: MakeRow, chat: dict[str, Any]) -> None:
    diagnosis = Selector.from_rows([external("m"), external("n")]).diagnose(**chat, max_latency_ms=500)
    assert str(diagnosis) == (
        "no latency has been measured yet, so nothing is within max_latency_ms; "
        "without max_latency_ms: 2 models, first m"
    )
    measured = Selector.from_rows([external("m", avg_latency_ms=900)]).diagnose(**chat, max_latency_ms=500)
    assert measured.notes == ()
