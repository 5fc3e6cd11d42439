"""`select_model()`: what can be demanded beyond the eight first parameters."""

from decimal import Decimal
from typing import Any

import psycopg
import pytest
from psycopg import errors

from tests.sql.selecting import Connection, external, health, names, own, select

TOKENS: dict[str, Any] = {"price": None, "pricing_type": "per_token"}


def days(connection: Connection, model_id: str, number: int) -> None:
    """Let a model retire in so many days."""
    connection.execute(
        "UPDATE models SET retires = (now() AT TIME ZONE 'UTC')::date + %s::integer WHERE model_id = %s",
        [number, model_id],
    )


def test_a_model_is_not_chosen_from_the_day_it_retires(registry: Connection) -> None:
    for model, left in (("gone", -1), ("today", 0), ("tomorrow", 1)):
        external(registry, model)
        days(registry, model, left)
    assert names(registry) == ["tomorrow"]


def test_one_that_retires_within_thirty_days_comes_after_its_equals_and_before_dearer_ones(
    registry: Connection,
) -> None:
    for model, left in (("a", 30), ("b", 31), ("c", 1)):
        external(registry, model)
        days(registry, model, left)
    external(registry, "d")
    external(registry, "dearer", price="1.01")
    assert names(registry) == ["b", "d", "a", "c", "dearer"]


def test_ten_that_are_about_to_retire_do_not_hide_one_that_stays(registry: Connection) -> None:
    for number in range(12):
        external(registry, f"a{number:02}")
        days(registry, f"a{number:02}", 10)
    external(registry, "stays")
    assert names(registry) == ["stays", *(f"a{number:02}" for number in range(9))]


def test_preferred_providers_come_first_whatever_else_is(registry: Connection) -> None:
    own(registry, "hot", "HOT")
    external(registry, "cheap")
    external(registry, "dear", price="9", provider_id="groq")
    assert names(registry, p_prefer_providers=["groq"]) == ["dear", "hot", "cheap"]


@pytest.mark.parametrize("name", ["m-1", "openai/m-1", "lite/one", "first", "the row's"])
def test_a_model_is_excluded_by_any_of_its_names(registry: Connection, name: str) -> None:
    external(registry, "m-1", litellm_id="lite/one", aliases=["first", "uno"])
    external(registry, "m-2", litellm_id="lite/two", aliases=["second"])
    row = registry.execute("SELECT id::text AS id FROM models WHERE model_id = 'm-1'").fetchone()
    assert row is not None
    assert names(registry, p_exclude=[row["id"] if name == "the row's" else name]) == ["m-2"]


@pytest.mark.parametrize("name", ["s-1", "self_hosted/s-1", "sagemaker/s-1"])
def test_ones_own_model_is_excluded_by_any_of_its_names(registry: Connection, name: str) -> None:
    own(registry, "s-1")
    own(registry, "s-2", "HOT")
    assert names(registry, p_exclude=[name]) == ["s-2"]
    assert names(registry, p_exclude=[name, "nosuch", "s-2"]) == []


def test_providers_can_be_named_alone_and_left_out(registry: Connection) -> None:
    own(registry, "own")
    external(registry, "a", provider_id="openai")
    external(registry, "b", provider_id="groq")
    assert names(registry, p_only_providers=["groq", "self_hosted"]) == ["b", "own"]
    assert names(registry, p_exclude_providers=["groq", "self_hosted"]) == ["a"]
    assert names(registry, p_only_providers=["groq", "openai"], p_exclude_providers=["groq"]) == ["a"]


@pytest.mark.parametrize(
    ("least", "expected"),
    [
        (None, ["flagship", "none", "small", "standard", "own"]),
        ("small", ["flagship", "small", "standard"]),
        ("standard", ["flagship", "standard"]),
        ("flagship", ["flagship"]),
    ],
)
def test_a_class_is_met_from_below_and_never_by_an_unknown_one(
    registry: Connection, least: str | None, expected: list[str]
) -> None:
    own(registry, "own")
    for model in ("flagship", "standard", "small", "none"):
        external(registry, model, **({"class": model} if model != "none" else {}))
    assert names(registry, p_min_class=least) == expected


def test_ceilings_are_for_a_thousand_tokens_with_markup_and_an_unknown_price_is_above_each(
    registry: Connection,
) -> None:
    costs = {"input_cost_per_1k": Decimal("0.01"), "output_cost_per_1k": Decimal("0.02"), **TOKENS}
    external(registry, "marked-up", markup_rate=Decimal("0.4"), **costs)
    external(registry, "plain", markup_rate=0, **costs)
    external(registry, "unknown")
    own(registry, "own")
    assert names(registry, p_max_input_cost_per_1k=Decimal("0.014")) == ["plain", "marked-up"]
    assert names(registry, p_max_input_cost_per_1k=Decimal("0.013999999999999999999999999999")) == ["plain"]
    assert names(registry, p_max_output_cost_per_1k=Decimal("0.028")) == ["plain", "marked-up"]
    assert names(registry, p_max_output_cost_per_1k=Decimal("0.0279")) == ["plain"]


def test_a_ceiling_for_output_is_met_where_no_tokens_come_out(registry: Connection) -> None:
    external(registry, "e", primary_mode="embedding", input_cost_per_1k=1, **TOKENS)
    assert names(registry, p_task="embedding", p_max_output_cost_per_1k=Decimal(0)) == ["e"]


def test_commercial_use_is_allowed_by_a_license_and_by_what_is_sold(registry: Connection) -> None:
    external(registry, "sold")
    own(registry, "free", commercial_use_allowed=True)
    own(registry, "bound", commercial_use_allowed=False)
    assert names(registry, p_require_commercial_use=True) == ["sold", "free"]
    assert names(registry, p_require_commercial_use=None) == ["sold", "bound", "free"]


def test_a_latency_has_to_be_measured_to_be_low_enough(registry: Connection) -> None:
    health(registry, "openai", "healthy", 200)
    health(registry, "groq", "healthy", 201)
    for provider in ("openai", "groq", "mistral"):
        external(registry, provider, provider_id=provider)
    own(registry, "own", "HOT")
    assert names(registry, p_max_latency_ms=200) == ["openai"]


@pytest.mark.parametrize(
    ("into", "out", "expected"),
    [
        (900, 100, ["fits", "narrow", "unknown"]),
        (901, 100, ["fits"]),
        (None, 501, ["fits", "unknown"]),
        (2001, None, []),
        (0, 0, ["fits", "narrow", "unknown"]),
    ],
)
def test_stated_tokens_have_to_fit(
    registry: Connection, into: int | None, out: int | None, expected: list[str]
) -> None:
    external(registry, "fits", context_window=5000, max_input=2000)
    external(registry, "narrow", context_window=1000, max_output=500)
    external(registry, "unknown", context_window=None)
    assert names(registry, p_input_tokens=into, p_output_tokens=out) == expected


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"p_only_providers": ["OpenAI"]}, "unknown provider 'OpenAI'; did you mean 'openai'?"),
        ({"p_exclude_providers": ["groq", "mistrall"]}, "unknown provider 'mistrall'; did you mean 'mistral'?"),
        ({"p_prefer_providers": [None]}, "unknown provider NULL; expected one of ai21, "),
        ({"p_only_providers": ["zzz"]}, "unknown provider 'zzz'; expected one of ai21, "),
        ({"p_min_class": "big"}, "unknown class 'big'; expected one of flagship, standard, small"),
        ({"p_required_capabilities": ["vision", "function-calling"]},
         "unknown capability 'function-calling'; did you mean 'function_calling'?"),
        ({"p_required_capabilities": ["telepathy"]}, "unknown capability 'telepathy'; expected one of audio_input, "),
        ({"p_max_input_cost_per_1k": -1}, "a limit of -1 cannot be asked for; expected a number from 0"),
        ({"p_max_output_cost_per_1k": Decimal("NaN")}, "a limit of NaN cannot be asked for"),
        ({"p_output_tokens": -5}, "-5 tokens cannot be asked for; expected 0 to 1,000,000,000,000"),
    ],
)  # fmt: skip
def test_what_is_not_known_is_refused_with_the_nearest_or_with_what_there_is(
    registry: Connection, asked: dict[str, Any], said: str
) -> None:
    with pytest.raises(errors.InvalidParameterValue) as caught:
        select(registry, **asked)
    assert str(caught.value).startswith(said)


def test_a_capability_that_public_catalogs_or_a_model_tell_is_known_though_nothing_meets_it(
    registry: Connection,
) -> None:
    external(registry, "m", capabilities=["telepathy"], enabled=False)
    own(registry, "s", capabilities=["prophecy"], enabled=False)
    assert names(registry, p_required_capabilities=["telepathy", "prophecy", "json_mode"]) == []


def test_it_stays_one_function_that_eight_arguments_call(connection: Connection) -> None:
    rows = connection.execute(
        "SELECT * FROM select_model('chat', '{text}', '{text}', 3, 'any', '{vision}', 1000, false)"
    ).fetchall()
    assert len(rows) == 10
    with pytest.raises(psycopg.errors.UndefinedFunction):
        connection.execute("SELECT select_model('chat', '{text}', '{text}', 3, nosuch => 1)")
