"""What requests really cost and what limits them, as the readers of public catalogs keep it."""

import json
from decimal import Decimal
from typing import Any

import pytest

from radiant.claims.agreement import agree
from radiant.claims.reading import Claim, Reading
from radiant.public_catalogs import litellm, models_dev, openrouter

D = Decimal

CHEAPER = "costs less at certain hours, which are left out; the dearest price is kept"


def map_of(entries: dict[str, dict[str, Any]]) -> Reading:
    return litellm.read(json.dumps(entries).encode())


def facts(mode: str, key: str = "m", **entry: Any) -> dict[str, Any]:
    return dict(map_of({key: {"litellm_provider": "x", "mode": mode, **entry}}).claims[0].facts)


def offer(id: str = "north/m", gives: str = "text", **pricing: Any) -> Reading:
    """One model of OpenRouter's list."""
    model = {
        "id": id,
        "name": "M",
        "architecture": {"input_modalities": ["text", "image"], "output_modalities": [gives]},
        "pricing": pricing,
    }
    return openrouter.read(json.dumps({"data": [model]}).encode())


def listed(provider: str, id: str = "m", **entry: Any) -> Claim:
    """One model of models.dev that takes and gives text."""
    model = {"name": "M", "modalities": {"input": ["text"], "output": ["text"]}, **entry}
    return models_dev.read(json.dumps({provider: {"models": {id: model}}}).encode()).claims[0]


def prices(told: dict[str, Any]) -> dict[str, Any]:
    return {key[6:]: value for key, value in told.items() if key.startswith("price.")}


def test_image_tokens_have_their_own_prices_in_and_out() -> None:
    told = facts(
        "image_generation",
        input_cost_per_token=5e-6,
        output_cost_per_token=1e-5,
        input_cost_per_image_token=8e-6,
        output_cost_per_image_token=3e-5,
    )
    assert prices(told) == {
        "input_per_mtok": 5,
        "output_per_mtok": 10,
        "image_input_per_mtok": 8,
        "image_output_per_mtok": 30,
    }


@pytest.mark.parametrize("mode", ["embedding", "rerank"])
def test_vectors_and_scores_are_no_tokens(mode: str) -> None:
    assert prices(facts(mode, input_cost_per_token=1e-8, output_cost_per_token=1e-8)) == {"input_per_mtok": D("0.01")}


@pytest.mark.parametrize(
    ("mode", "entry", "price"),
    [
        ("audio_speech", {"output_cost_per_second": 0.0002}, {"per_second": D("0.0002")}),
        ("audio_transcription", {"output_cost_per_second": 0.0001}, {"per_minute": D("0.006")}),
        (
            "audio_transcription",
            {"input_cost_per_second": 0.0, "output_cost_per_second": 0.0001},
            {"per_minute": D("0.006")},
        ),
        ("chat", {"output_cost_per_reasoning_token": 4e-6}, {"reasoning_per_mtok": 4}),
        ("video_generation", {"output_cost_per_video_token": 2e-5}, {"video_output_per_mtok": 20}),
    ],
)
def test_what_only_one_side_is_charged_for_is_kept(mode: str, entry: dict[str, Any], price: dict[str, Any]) -> None:
    assert prices(facts(mode, **entry)) == price


def test_a_search_of_medium_size_is_the_price_and_the_others_are_told() -> None:
    sizes = {"search_context_size_low": 0.005, "search_context_size_medium": 0.008, "search_context_size_high": 0.012}
    assert prices(facts("chat", search_context_cost_per_query=sizes)) == {
        "per_search": D("0.008"),
        "note": "A web search of medium context size; low 0.005, high 0.012 USD.",
    }
    same = dict.fromkeys(sizes, 0.01)
    assert prices(facts("chat", search_context_cost_per_query=same)) == {"per_search": D("0.01")}


def test_an_alias_of_the_map_names_its_model_and_is_not_refused() -> None:
    told = map_of(
        {
            "c/north-large-3": {"litellm_provider": "c", "mode": "chat"},
            "c/north-latest": {"alias_of": "c/north-large-3"},
            "c/lost": {"alias_of": "c/nobody"},
            "c/odd": {"alias_of": ["c/north-large-3"]},
        }
    )
    alias = next(claim for claim in told.claims if claim.entry == "c/north-latest")
    assert (alias.provider_id, alias.model_id, alias.facts) == ("c", "north-latest", {"alias_of": "north-large-3"})
    assert [str(it) for it in told.refusals] == [
        'c/lost: `alias_of` is "c/nobody", which is no entry with a provider',
        "c/odd: `alias_of` is a list, which is no entry with a provider",
    ]


def test_an_alias_of_an_alias_leads_to_the_model_and_one_of_itself_nowhere() -> None:
    told = map_of(
        {
            "c/m": {"litellm_provider": "c", "mode": "chat"},
            "c/latest": {"alias_of": "c/m"},
            "c/newest": {"alias_of": "c/latest"},
            "c/round": {"alias_of": "c/about"},
            "c/about": {"alias_of": "c/round"},
        }
    )
    assert {claim.model_id: claim.facts.get("alias_of") for claim in told.claims} == {
        "m": None,
        "latest": "m",
        "newest": "m",
    }
    assert [it.entry for it in told.refusals] == ["c/round", "c/about"]


def test_a_successor_is_named_as_the_registry_names_it() -> None:
    told = map_of(
        {
            "c/old": {"litellm_provider": "c", "successor_model": "c/new"},
            "c/new": {"litellm_provider": "c", "mode": "chat", "successor_model": "d/other"},
            "d/other": {"litellm_provider": "d", "mode": "chat", "successor_model": "d/nobody"},
        }
    )
    assert [claim.facts.get("successor") for claim in told.claims] == ["new", "d/other", None]


def test_off_peak_prices_are_left_out_and_that_is_said() -> None:
    entry = {
        "litellm_provider": "x",
        "input_cost_per_token": 3e-7,
        "off_peak_pricing": {"input_cost_per_token": 1.5e-7, "windows": []},
    }
    told = map_of({"m": entry, "n": entry})
    assert [claim.facts["price.input_per_mtok"] for claim in told.claims] == [D("0.3"), D("0.3")]
    assert [str(it) for it in told.refusals] == [f"m: {CHEAPER} (and 1 more)"]


def test_an_image_that_goes_in_has_its_fee_beside_free_tokens() -> None:
    """openrouter_image_fee: without the fee, nothing was left but zeros."""
    told = offer(prompt="0", completion="0", image="0.002")
    assert prices(told.claims[0].facts) == {
        "input_per_mtok": 0,
        "output_per_mtok": 0,
        "per_input_image": D("0.002"),
    }
    assert told.refusals == ()


def test_searches_and_reasoning_have_their_prices() -> None:
    told = offer(prompt="0.000001", completion="0.000002", web_search="0.01", internal_reasoning="0.000003")
    assert prices(told.claims[0].facts) == {
        "input_per_mtok": 1,
        "output_per_mtok": 2,
        "per_search": D("0.01"),
        "reasoning_per_mtok": 3,
    }


def test_the_dearest_hour_is_the_price_and_that_is_said() -> None:
    """openrouter_time_of_day: the base price is that of the cheap hours."""
    told = offer(
        prompt="0.00000022",
        completion="0.00000066",
        input_cache_read="0.000000007",
        overrides=[
            {"utc_start": 1000, "utc_end": 100, "prompt": "0.00000022", "completion": "0.00000066"},
            {
                "utc_start": 100,
                "utc_end": 400,
                "prompt": "0.00000044",
                "completion": "0.00000132",
                "input_cache_read": "0.000000014",
            },
        ],
    )
    assert prices(told.claims[0].facts) == {
        "input_per_mtok": D("0.44"),
        "output_per_mtok": D("1.32"),
        "cache_read_per_mtok": D("0.014"),
        "note": "Other prices hold at certain hours; these are the dearest.",
    }
    assert [it.problem for it in told.refusals] == [CHEAPER]


def test_a_price_that_nobody_here_can_charge_is_told_once_for_all() -> None:
    model = {"name": "M", "pricing": {"prompt": "0.000001", "discount": 0.1, "input_cache_write_1h": "0"}}
    body = {"data": [{"id": f"a/{n}", **model} for n in range(3)]}
    told = openrouter.read(json.dumps(body).encode())
    assert [str(it) for it in told.refusals] == [
        "a/0: `pricing.discount` is no price we know how to charge; it is not in the costs (and 2 more)"
    ]
    assert [it.problem for it in offer(gives="image", image="0.04").refusals] == [
        "`pricing.image` is no price we know how to charge; it is not in the costs"
    ], "nobody says whether that image goes in or comes out"


@pytest.mark.parametrize(
    ("provider", "cost", "kept"),
    [
        ("d-coding-plan", {"input": 0, "output": 0, "cache_read": 0}, {}),
        ("xiaomi-token-plan-cn", {"input": 0, "output": 0}, {}),
        ("github-copilot", {"input": 0, "output": 0}, {}),
        ("d-coding-plan", {"input": 0, "output": 3}, {"input_per_mtok": 0, "output_per_mtok": 3}),
        ("planet", {"input": 0, "output": 0}, {"input_per_mtok": 0, "output_per_mtok": 0}),
    ],
)
def test_a_zero_of_a_subscription_is_not_free(provider: str, cost: dict[str, Any], kept: dict[str, Any]) -> None:
    told = listed(provider, cost=cost).facts
    assert prices(told) == kept
    assert told.get("included_in_plan") == (None if kept else True)


def test_tiers_by_the_clock_are_not_tiers_by_length() -> None:
    tiers = [
        {"input": 4, "tier": {"type": "time", "start": "01:00"}},
        {"input": 3, "tier": {"type": "context", "size": "200000"}},
    ]
    assert prices(listed("openai", cost={"input": "1.5", "output": 2, "tiers": tiers}).facts) == {
        "input_per_mtok": 4,
        "output_per_mtok": 2,
        "tiers": [{"above_input_tokens": 200_000, "input_per_mtok": "3"}],
        "note": "Other prices hold at certain hours; these are the dearest.",
    }


@pytest.mark.parametrize(
    ("id", "family", "task", "out"),
    [
        ("voyage-code-3", "voyage", "embedding", "embedding"),
        ("something", "cohere-embed", "embedding", "embedding"),
        ("all-minilm-l6-v2", None, "embedding", "embedding"),
        ("llama-guard-4-12b", "llama", "moderation", "structured"),
        ("Qwen/Qwen3Guard-Gen-0.6B", "qwen", "moderation", "structured"),
        ("openai/gpt-oss-safeguard-20b", "gpt-oss", "moderation", "structured"),
        ("perplexity/sonar-pro", "sonar-pro", "search", "text"),
        ("@cf/myshell-ai/melotts", "melotts", "audio", "audio"),
        ("embedded-thoughts", "llama", "chat", "text"),
        ("vanguards-lead", None, "chat", "text"),
    ],
)
def test_the_family_or_the_id_tells_what_is_listed_as_text(id: str, family: str | None, task: str, out: str) -> None:
    told = listed("openai", id, family=family).facts
    assert (told["task"], told["output_modalities"]) == (task, [out])


def test_guards_and_searching_models_are_no_chat_in_any_catalog() -> None:
    assert facts("chat", "x/llama-guard-4")["task"] == "moderation"
    assert facts("chat", "x/sonar-pro")["task"] == "search"
    assert offer("meta/llama-guard-4").claims[0].facts["task"] == "moderation"


def test_alpha_and_beta_are_facts() -> None:
    assert [listed("openai", status=it).facts.get("status") for it in ("alpha", "beta", "deprecated")] == [
        "alpha",
        "beta",
        None,
    ]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({"input_per_mtok": D("0.5"), "cache_write_per_mtok": None}, {"input_per_mtok": "0.50"}, True),
        ({"input_per_mtok": "2"}, {"input_per_mtok": 2, "output_per_mtok": "3"}, True),
        ({"input_per_mtok": "2"}, {"input_per_mtok": "3"}, False),
    ],
)
def test_tiers_are_compared_as_values(one: dict[str, Any], other: dict[str, Any], same: bool) -> None:
    left, right = ([{"above_input_tokens": 200_000, **prices}] for prices in (one, other))
    assert agree("price.tiers", left, right) is same
    assert not agree("price.tiers", left, [{**right[0], "above_input_tokens": 100_000}])
