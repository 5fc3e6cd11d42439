"""Which of our LiteLLM ids LiteLLM's map has: looked up as LiteLLM does, kept with its release, and checked."""

import datetime as dt
import zipfile
from pathlib import Path

import pytest

from radiant.catalog.litellm import Entry, LiteLLMMap, problems, unknown_to
from radiant.catalog.load import load_catalog
from tools.litellm_known import MAP, looked_up, toml

DAY = dt.date(2026, 11, 26)


@pytest.mark.parametrize(
    ("key", "provider", "id", "known"),
    [
        ("openai/m", "openai", "openai/m", True),
        ("m", "openai", "openai/m", True),
        ("m", None, "openai/m", True),
        ("m", "azure", "openai/m", False),
        ("m", "vertex_ai-language-models", "vertex_ai/m", True),
        ("m", "bedrock_converse", "bedrock/m", True),
        ("m", "cohere_chat", "cohere/m", True),
        ("m", "openai_like", "openai/m", False),
        ("n", "openai", "openai/m", False),
        ("anthropic/m", "openrouter", "openrouter/anthropic/m", True),
    ],
)
def test_an_id_is_known_by_itself_or_without_its_prefix_from_the_same_provider(
    key: str, provider: str | None, id: str, known: bool
) -> None:
    assert unknown_to({key: Entry(provider)}, [id]) == ([] if known else [id])


def test_the_file_names_a_release_and_only_ids_of_ours() -> None:
    found = LiteLLMMap(package="litellm 1", read=DAY, unknown=("a/b", "a/c"))
    assert list(problems(found, ["a/b"])) == [
        ("package", "'litellm 1' is no release of LiteLLM; expected pkg:pypi/litellm@VERSION"),
        ("unknown", "a/c is the `litellm_id` of no model; run `make litellm-known`"),
    ]


def test_a_release_is_looked_into_as_its_wheel_has_it(tmp_path: Path) -> None:
    wheel = tmp_path / "litellm-9.8.7-py3-none-any.whl"
    ids = sorted({it.litellm_id for it in load_catalog().external.values() if it.litellm_id is not None})
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr(MAP, "{" + ", ".join(f'"{id}": {{}}' for id in ids[1:]) + "}")
    found = looked_up(wheel, DAY)
    assert (found.release, found.unknown) == ("LiteLLM 9.8.7", (ids[0],))
    assert f'package = "pkg:pypi/litellm@9.8.7"\nread = 2026-11-26\nunknown = [\n    "{ids[0]}",\n]\n' in toml(found)


def test_what_ships_says_of_every_id_whether_it_is_known() -> None:
    catalog = load_catalog()
    assert catalog.litellm is not None
    assert catalog.litellm.knows("openai/gpt-6-luna") is True
    assert catalog.litellm.knows("openrouter/openai/gpt-6-luna") is False
    assert catalog.litellm.knows(None) is None
