"""Models that a document asks the registry about are in it."""

import re
from pathlib import Path

import pytest

from radiant.catalog.load import Catalog

ROOT = Path(__file__).parents[2]

#: Commands about models that are there; those of others write files, or review what was found.
_ASKED = re.compile(r"radiant (?:cost|prices|model|select|use) [^`\n]*")
_NAMED = re.compile(r"(?<![\w/.:'*-])[a-z0-9_]+/[A-Za-z0-9_.@/:-]+(?![\w*/'])")


@pytest.mark.parametrize(
    "page", [ROOT / "README.md", *sorted((ROOT / "docs/how-to").glob("*.md"))], ids=lambda it: it.name
)
def test_the_models_of_examples_are_in_the_catalog(page: Path, catalog: Catalog) -> None:
    there = {f"{provider}/{model}" for provider, model in catalog.external} | {
        f"self_hosted/{it}" for it in catalog.self_hosted
    }
    providers = {it.partition("/")[0] for it in there}
    named = {word.rstrip(".:,") for asked in _ASKED.findall(page.read_text("utf-8")) for word in _NAMED.findall(asked)}
    assert {it for it in named if it.partition("/")[0] in providers} <= there


def test_there_are_such_examples() -> None:
    text = (ROOT / "docs/how-to/keep-prices-true.md").read_text("utf-8")
    assert any(_NAMED.search(asked) for asked in _ASKED.findall(text))
