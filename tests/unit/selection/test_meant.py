"""Names in criteria: models, providers and capabilities as people write them, told where they are none."""

from collections.abc import Callable
from typing import Any

import pytest

from radiant import Selector
from radiant.domain.choice import UnmatchedName
from radiant.domain.errors import InvalidCriteria

MakeRow = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def selector(external: MakeRow, hosted: MakeRow) -> Selector:
    rows = [
        external("claude-haiku-5-5", provider_id="anthropic", capabilities=["vision", "function_calling"]),
        external("claude-sonnet-5-5", provider_id="anthropic", capabilities=["function_calling", "reasoning"]),
        external("gemini-3.8-flash", provider_id="google", litellm_id="gemini/gemini-3.8-flash"),
        external("gpt-6-luna", provider_id="azure_openai", litellm_id="azure/gpt-6-luna", aliases=["luna"]),
        external("gpt-6-luna", provider_id="openai"),
        hosted("own", "HOT", capabilities=["structured_output"]),
    ]
    return Selector.from_rows(rows, providers=["mistral"])


def left(selector: Selector, asked: dict[str, Any]) -> list[str]:
    return sorted(f"{it.provider_id}/{it.model_id}" for it in selector.rank(**asked))


ALL = [
    "anthropic/claude-haiku-5-5",
    "anthropic/claude-sonnet-5-5",
    "azure_openai/gpt-6-luna",
    "google/gemini-3.8-flash",
    "openai/gpt-6-luna",
    "self_hosted/own",
]


@pytest.mark.parametrize(
    ("name", "gone"),
    [
        ("claude-haiku-5-5", "anthropic/claude-haiku-5-5"),
        ("claude-haiku-5.5", "anthropic/claude-haiku-5-5"),
        ("Claude-Haiku-5-5", "anthropic/claude-haiku-5-5"),
        ("anthropic/claude-haiku-5.5", "anthropic/claude-haiku-5-5"),
        ("claude-haiku-5-5-20261001", "anthropic/claude-haiku-5-5"),
        ("gemini/gemini-3.8-flash", "google/gemini-3.8-flash"),
        ("models/gemini-3.8-flash", "google/gemini-3.8-flash"),
        ("vertex_ai/gemini-3.8-flash", "google/gemini-3.8-flash"),
        ("azure/gpt-6-luna", "azure_openai/gpt-6-luna"),
        ("luna", "azure_openai/gpt-6-luna"),
        ("OpenAI/GPT-6-Luna", "openai/gpt-6-luna"),
    ],
)
def test_an_exclusion_is_understood_however_it_is_written(
    selector: Selector, chat: dict[str, Any], name: str, gone: str
) -> None:
    asked = chat | {"exclude": [name]}
    assert left(selector, asked) == [it for it in ALL if it != gone]
    chosen = selector.select(**asked)
    assert chosen is not None and chosen.unmatched_exclusions == ()
    refused = [it for it in selector.explain(**asked, limit=None).verdicts if it.position is None]
    assert [(f"{it.provider_id}/{it.model_id}", str(it.refusals[0])) for it in refused] == [
        (gone, "the request excludes it")
    ]


async def test_an_exclusion_that_matches_nothing_is_told_with_the_nearest(
    selector: Selector, chat: dict[str, Any]
) -> None:
    asked = chat | {"exclude": ["claude-haiku-5.6", "nosuch", "own"]}
    told = (UnmatchedName(name="claude-haiku-5.6", nearest=("claude-haiku-5-5",)), UnmatchedName(name="nosuch"))
    assert left(selector, asked) == ALL[:-1]
    criteria = selector.read(asked)
    for choice in (
        selector.select(**asked),
        selector.select(**asked),
        selector.choose(criteria),
        *selector.rank(criteria),
        await selector.select_with_fallback(criteria),
        selector.explain(criteria, limit=None).choice,
    ):
        assert choice is not None and choice.unmatched_exclusions == told
    notes = ("exclude: no model is called claude-haiku-5.6; the nearest is claude-haiku-5-5",)
    assert selector.explain(criteria, limit=None).notes[:1] == notes
    nothing = selector.diagnose(**asked, require_hipaa=True)
    assert nothing.notes == (*notes, "exclude: no model is called nosuch")
    assert selector.select(**chat).unmatched_exclusions == ()  # type: ignore[union-attr]


def test_only_some_of_many_strange_names_are_looked_up_for_the_nearest(
    selector: Selector, chat: dict[str, Any]
) -> None:
    names = [f"claude-haiku-{number}-5-6" for number in range(1000)]
    chosen = selector.select(**chat, exclude=names)
    assert chosen is not None and [it.name for it in chosen.unmatched_exclusions] == names
    assert [bool(it.nearest) for it in chosen.unmatched_exclusions] == [True] * 5 + [False] * 995


@pytest.mark.parametrize(
    ("demand", "expected"),
    [
        ({"only_providers": ["OpenAI"]}, ["openai/gpt-6-luna"]),
        ({"only_providers": ["azure-openai", "Google"]}, ["azure_openai/gpt-6-luna", "google/gemini-3.8-flash"]),
        ({"exclude_providers": ["ANTHROPIC", "azure openai", "openai", "gemini"]}, ["self_hosted/own"]),
        ({"only_providers": ["Mistral"]}, []),
        ({"required_capabilities": ["tools"]}, ALL[:2]),
        ({"required_capabilities": ["function-calling", "thinking"]}, ALL[1:2]),
        ({"required_capabilities": ["tool_use", "image_input"]}, ALL[:1]),
        ({"required_capabilities": ["json"]}, ALL[-1:]),
        ({"required_capabilities": ["web_search"]}, []),
    ],
)
def test_providers_and_capabilities_are_understood(
    selector: Selector, chat: dict[str, Any], demand: dict[str, Any], expected: list[str]
) -> None:
    assert left(selector, chat | demand) == expected
    chosen = selector.select(**chat | demand)
    assert (chosen is not None) is bool(expected)


def test_a_preferred_provider_is_understood(selector: Selector, chat: dict[str, Any]) -> None:
    chosen = selector.select(**chat, prefer_providers=["OpenAI"])
    assert chosen is not None and chosen.provider_id == "openai"


@pytest.mark.parametrize(
    ("demand", "told"),
    [
        ({"prefer_providers": ["OpenAi2"]}, "prefer_providers: unknown provider 'OpenAi2'; did you mean openai?"),
        ({"only_providers": ["antropic"]}, "only_providers: unknown provider 'antropic'; did you mean anthropic?"),
        (
            {"exclude_providers": ["zzz"]},
            "exclude_providers: unknown provider 'zzz'; "
            "expected: anthropic, azure_openai, google, mistral, openai, self_hosted.",
        ),
        (
            {"required_capabilities": ["visoin"]},
            "required_capabilities: unknown capability 'visoin'; did you mean vision?",
        ),
        ({"task": "chta"}, "task: unknown value 'chta'; did you mean chat? Expected: chat, completion, "),
        ({"profile": "cheepest"}, "profile: 'cheepest' is unknown; did you mean cheapest? Expected: balanced, "),
        ({"input_modalities": ["txt"]}, "input_modalities[0]: unknown value 'txt'; did you mean text? Expected: "),
        ({"prefer_hosting": "self-hosted"}, "prefer_hosting: unknown value 'self-hosted'; did you mean self_hosted?"),
        ({"excludes": ["m"]}, "excludes: is not a field of a request; did you mean exclude? Expected: "),
    ],
)
def test_what_is_misspelt_is_answered_with_the_nearest(
    selector: Selector, chat: dict[str, Any], demand: dict[str, Any], told: str
) -> None:
    asked = chat | demand
    for ask in (selector.select, selector.rank, selector.explain, selector.diagnose, selector.remarks):
        with pytest.raises(InvalidCriteria) as refused:
            ask(**asked)
        assert str(refused.value).startswith(told)
        assert refused.value.close or "zzz" in told


def test_a_registry_without_models_knows_no_names(chat: dict[str, Any]) -> None:
    assert Selector().select(**chat, only_providers=["nobody"], exclude=["nothing"]) is None


async def test_the_model_of_last_resort_may_have_any_name_of_its_own(external: MakeRow, chat: dict[str, Any]) -> None:
    rows = [external("d", aliases=["the-d"], litellm_id="lite/d")]
    for name in ("d", "p/d", "lite/d", "the-d", "The-D"):
        selector = Selector.from_rows(rows, defaults={"completion": name})
        assert (await selector.select_with_fallback(**chat | {"task": "completion"})).model_id == "d"
