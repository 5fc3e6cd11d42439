"""Names as people write them: each example of the reports, and that no name of a model ever means another one."""

from collections.abc import Iterable
from random import Random
from typing import NamedTuple

import pytest

from radiant.catalog.load import Catalog
from radiant.domain.errors import AmbiguousModel, ModelNotFound
from radiant.names.capabilities import MEANT, OURS, capability_named, nearest_capabilities
from radiant.names.known import KnownNames, names_of, qualified
from radiant.names.providers import nearest_providers, provider_named


class Model(NamedTuple):
    id: str
    provider_id: str
    model_id: str
    litellm_id: str | None = None
    aliases: tuple[str, ...] = ()


def model(slug: str, litellm_id: str | None = None, *aliases: str) -> Model:
    provider, _, model_id = slug.partition("/")
    return Model(f"#{slug}", provider, model_id, litellm_id, aliases)


def slugs(found: Iterable[Model]) -> list[str]:
    return sorted(map(qualified, found))


SHELF = KnownNames(
    [
        model("anthropic/claude-haiku-5-5", None, "claude-haiku-5-latest"),
        model("anthropic/claude-sonnet-5-5"),
        model("azure_openai/gpt-6-luna", "azure/gpt-6-luna"),
        model("azure_ai/mistral-medium-3-5"),
        model("bedrock/us.anthropic.claude-haiku-5-5"),
        model("fireworks/accounts/fireworks/models/glm-5p3"),
        model("google/gemini-3.8-flash", "gemini/gemini-3.8-flash"),
        model("groq/openai/gpt-oss-120b"),
        model("mistral/mistral-medium-2604", None, "mistral-medium-3-5"),
        model("openai/gpt-6-luna"),
        model("openai/gpt-4o-2024-08-06"),
        model("openai/o9"),
        model("openai/o9-2026-01-31"),
        model("openrouter/openai/gpt-6-luna"),
        model("self_hosted/Qwen3-8B", "hosted/Qwen3-8B"),
        model("vertex_ai/claude-haiku-5-5"),
        model("vertex_ai/gemini-3.8-flash"),
        model("vertex_ai/claude-haiku-4-5@20251001"),
    ]
)
HAIKU = ["anthropic/claude-haiku-5-5", "vertex_ai/claude-haiku-5-5"]
GEMINI = ["google/gemini-3.8-flash", "vertex_ai/gemini-3.8-flash"]


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        # exactly
        ("claude-haiku-5-5", HAIKU),
        ("anthropic/claude-haiku-5-5", HAIKU[:1]),
        ("#anthropic/claude-haiku-5-5", HAIKU[:1]),
        ("claude-haiku-5-latest", HAIKU[:1]),
        ("gemini/gemini-3.8-flash", GEMINI[:1]),
        ("openai/gpt-6-luna", ["openai/gpt-6-luna"]),  # also OpenRouter's own id of its offering
        ("mistral-medium-3-5", ["azure_ai/mistral-medium-3-5"]),  # also an alias of Mistral's
        # case, dots and dashes
        ("claude-haiku-5.5", HAIKU),
        ("Claude-Haiku-5-5", HAIKU),
        ("claude_haiku_5_5", HAIKU),
        ("anthropic/claude-haiku-5.5", HAIKU[:1]),
        ("qwen3-8b", ["self_hosted/Qwen3-8B"]),
        ("Mistral/Mistral-Medium-3.5", ["mistral/mistral-medium-2604"]),
        # prefixes
        ("azure/GPT-6-Luna", ["azure_openai/gpt-6-luna"]),
        ("models/gemini-3.8-flash", GEMINI[:1]),
        ("vertex_ai/gemini-3.8-flash", GEMINI[1:]),
        ("vertex_ai/claude-haiku-5.5", HAIKU[1:]),
        ("google-vertex/claude-haiku-5.5", HAIKU[1:]),
        ("publishers/anthropic/models/claude-haiku-5-5", HAIKU[1:]),
        ("projects/p/locations/l/publishers/google/models/gemini-3.8-flash", GEMINI[1:]),
        ("openrouter/anthropic/claude-haiku-5.5", HAIKU[:1]),
        ("openrouter/openai/gpt-6-luna", ["openrouter/openai/gpt-6-luna"]),
        ("bedrock/converse/us.anthropic.claude-haiku-5-5", ["bedrock/us.anthropic.claude-haiku-5-5"]),
        (
            "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-haiku-5-5",
            ["bedrock/us.anthropic.claude-haiku-5-5"],
        ),
        (
            "bedrock/arn:aws-us-gov:bedrock:us-gov-west-1::foundation-model/us.anthropic.claude-haiku-5-5",
            ["bedrock/us.anthropic.claude-haiku-5-5"],
        ),
        ("google/models/gemini-3.8-flash", GEMINI[:1]),
        ("vertex_ai/publishers/google/models/gemini-3.8-flash", GEMINI[1:]),
        ("fireworks_ai/glm-5p3", ["fireworks/accounts/fireworks/models/glm-5p3"]),
        ("github_copilot/claude-haiku-5.5", HAIKU),  # a provider that is known, and not here
        # dates
        ("claude-haiku-5-5-20261001", HAIKU),
        ("vertex_ai/claude-haiku-5-5@20261001", HAIKU[1:]),
        ("claude-haiku-4-5-2025-10-01", ["vertex_ai/claude-haiku-4-5@20251001"]),
        ("claude-haiku-4.5", ["vertex_ai/claude-haiku-4-5@20251001"]),
        ("gpt-4o", ["openai/gpt-4o-2024-08-06"]),
        ("o9", ["openai/o9"]),
    ],
)
def test_a_name_means_its_model_however_it_is_written(name: str, meant: list[str]) -> None:
    assert slugs(SHELF.find(name)) == meant


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("anthropic/claude-haiku-5.6", ("anthropic/claude-haiku-5-5",)),
        ("claude-haiku-5.6", ("claude-haiku-5-5",)),
        ("cluade-haiku-5-5", ("claude-haiku-5-5",)),
        ("claude-5.5-haiku", ("claude-haiku-5-5",)),
        ("gpt-4o-2024-05-13", ("gpt-4o-2024-08-06",)),  # another date is another model
        ("o9-2026-02-28", ("o9-2026-01-31",)),
        (
            "azure/claude-haiku-5.5",
            ("claude-haiku-5-5", "us.anthropic.claude-haiku-5-5"),
        ),  # not there, and nobody else's is meant
        ("eu.anthropic.claude-haiku-5-5", ("us.anthropic.claude-haiku-5-5",)),  # another place is another model
        ("nobody/claude-haiku-5-5", ("claude-haiku-5-5",)),
        ("", ()),
        ("/", ()),
        ("\0", ()),
    ],
)
def test_what_is_no_name_is_answered_with_the_nearest(name: str, near: tuple[str, ...]) -> None:
    with pytest.raises(ModelNotFound) as refused:
        SHELF.find(name)
    assert refused.value.close[: len(near)] == near and bool(near) is bool(refused.value.close)
    assert SHELF.meant(name) == ()


def test_a_name_of_several_models_is_told_with_all_of_them() -> None:
    shelf = KnownNames([model("p/a", "x", "both"), model("q/b", "x", "both"), model("q/C.1"), model("r/c-1")])
    for name in ("x", "both", "BOTH"):
        with pytest.raises(AmbiguousModel) as refused:
            shelf.find(name)
        assert refused.value.candidates == ("p/a", "q/b")
        assert str(refused.value) == f"{name!r} is the name of 2 models: p/a, q/b. Say which one."
    assert (slugs(shelf.meant("both")), shelf.meant("BOTH")) == (["p/a", "q/b"], ())
    assert slugs(shelf.find("c.1")) == ["q/C.1", "r/c-1"]  # one model, at two providers


def shipped(catalog: Catalog) -> KnownNames[Model]:
    external = [
        Model(f"#{provider}/{id}", provider, id, it.litellm_id, it.aliases)
        for (provider, id), it in catalog.external.items()
    ]
    own = [Model(f"#own/{id}", "self_hosted", id, f"hosted/{id}") for id in catalog.self_hosted]
    return KnownNames([*external, *own])


def test_every_name_in_the_catalog_is_that_of_its_model(catalog: Catalog) -> None:
    names = shipped(catalog)
    for each in names.models:
        for name in names_of(each):
            assert each in names.exact(name)
            first = names.find(name)
            assert each in first or qualified(first[0]) == name or first[0].model_id == name, name
        assert names.find(qualified(each)) == (each,)


@pytest.mark.parametrize("stamp", ["", "-20261111", "-2026-11-11", "@20261111"])
def test_a_name_written_otherwise_never_means_another_model(catalog: Catalog, stamp: str) -> None:
    names, chance = shipped(catalog), Random(stamp)  # noqa: S311 - for tests
    for each in names.models:
        written = "".join(
            chance.choice([it.upper(), it.lower(), ".-_"[len(stamp) % 3] if it in ".-_" else it])
            for it in each.model_id
        )
        for prefix in ("", f"{each.provider_id}/", f"{each.provider_id.upper()}/"):
            try:
                found = names.find(prefix + written + stamp)
            except ModelNotFound:
                assert stamp, prefix + written
                continue
            except AmbiguousModel as error:
                assert qualified(each) in error.candidates
                continue
            bears = plain(each.model_id) in {plain(it) for one in found for it in names_of(one)}
            assert bears or plain(each.model_id + stamp) in map(plain, names_of(found[0])), (prefix + written, found)
            assert not prefix or each in found or (prefix + written).casefold() in map(str.casefold, names_of(found[0]))


def plain(name: str) -> str:
    return name.casefold().translate(str.maketrans("._:@", "----"))


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("openai", "openai"),
        ("OpenAI", "openai"),
        ("azure-openai", "azure_openai"),
        ("Azure OpenAI", "azure_openai"),
        ("gemini", "google"),
        ("Vertex-AI", "vertex_ai"),
        ("azure", None),
        ("OpenAi2", None),
        ("", None),
    ],
)
def test_a_provider_is_named_in_any_case_and_punctuation(name: str, meant: str | None) -> None:
    assert provider_named(name, SHELF.providers) == meant


def test_a_provider_that_is_not_there_is_answered_with_the_nearest() -> None:
    assert nearest_providers("OpenAi2", SHELF.providers) == ("openai",)
    assert nearest_providers("azure", SHELF.providers) == ("azure_ai", "azure_openai")
    assert nearest_providers("zzz", SHELF.providers) == ()


@pytest.mark.parametrize(
    ("word", "ours"),
    [
        *dict.fromkeys(["tools", "tool_use", "Tool-Use", "function-calling"], "function_calling").items(),
        ("function_calling", "function_calling"),
        *dict.fromkeys(["json", "json_schema", "structured_output", "structured-outputs"], "structured_output").items(),
        *dict.fromkeys(["vision", "image_input", "images"], "vision").items(),
        *dict.fromkeys(["thinking", "reasoning_effort", "extended-thinking"], "reasoning").items(),
        ("json_mode", "json_mode"),
        ("pdf", "pdf_input"),
        ("supports_web_search", "web_search"),
        ("visoin", None),
        ("", None),
    ],
)  # fmt: skip
def test_a_capability_is_named_by_the_words_people_use(word: str, ours: str | None) -> None:
    assert capability_named(word, OURS) == ours


def test_a_capability_nobody_knows_is_answered_with_the_nearest() -> None:
    assert nearest_capabilities("visoin", OURS)[0] == "vision"
    assert nearest_capabilities("tolls", OURS) == ("function_calling",)


def test_what_models_of_a_registry_have_comes_before_our_words() -> None:
    assert capability_named("tools", {"tools"}) == "tools"
    assert capability_named("JSON", {"json"}) == "json"


def test_every_word_leads_to_a_capability_of_the_catalog_or_of_an_import(catalog: Catalog) -> None:
    have = {word for it in catalog.external.values() for word in it.capabilities}
    have |= {word for own in catalog.self_hosted.values() for word in own.capabilities}
    assert set(MEANT.values()) <= have
