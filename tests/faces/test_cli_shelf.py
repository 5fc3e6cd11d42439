"""`radiant catalog shelf`: what stands there, how it gets in and out."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.faces.conftest import Program


def test_a_shelf_is_listed_added_and_taken_back(
    radiant: Program, clean_environment: pytest.MonkeyPatch, database_url: str, query: Callable[..., Any]
) -> None:
    clean_environment.setenv("RADIANT_DATABASE_URL", database_url)
    out = radiant("catalog", "shelf", "list").out
    assert out.splitlines()[0] == "more: 15 models, not in the registry"
    assert "bge-reranker-v2-m3" in out
    (shelf,) = json.loads(radiant("catalog", "shelf", "list", "--json").out)
    assert (shelf["name"], shelf["added"], len(shelf["models"])) == ("more", False, 15)
    assert radiant("catalog", "shelf", "add", "more").out == (
        "more: 15 models in the registry, 15 of them new. `radiant catalog shelf remove` retires them.\n"
    )
    assert "none of them new" in radiant("catalog", "shelf", "add", "more").out
    assert json.loads(radiant("catalog", "shelf", "add", "more", "--json").out)["models_added"] == 0
    assert "in the registry" in radiant("catalog", "shelf", "list").out.splitlines()[0]
    listed = json.loads(radiant("catalog", "list", "--json").out)
    assert [(it["name"], it["self_hosted"]) for it in listed] == [("radiant", 56), ("shelf:more", 15)]
    assert radiant("catalog", "shelf", "remove", "more").out == "more: 15 models retired.\n"
    assert radiant("catalog", "shelf", "remove", "more").out == "more was not in the registry.\n"


def test_a_shelf_there_is_not_is_one_sentence(radiant: Program, standing: str) -> None:
    for act in ("add", "remove"):
        assert radiant("catalog", "shelf", act, "less") == (
            2,
            "",
            "radiant: NAME 'less' is unknown; expected one of: more.\n",
        )


def test_check_and_doctor_say_that_there_is_more(radiant: Program) -> None:
    said = "On the shelf more: 15 more self-hosted models (`radiant catalog shelf add more`)"
    assert said in radiant("catalog", "check").out.splitlines()
    assert json.loads(radiant("catalog", "check", "--json").out)["shelves"] == {"more": 15}
    assert "15 more self-hosted ones on the shelf `more`" in radiant("doctor").out


def test_a_model_shows_what_it_serves_and_what_it_needs(radiant: Program, standing: str) -> None:
    (model,) = json.loads(radiant("model", "show", "llama-3.3-70b", "--json").out)
    assert (model["context_window"], model["model_context_window"]) == (32_768, 131_072)
    assert (model["serving"], model["key_variables"]) == ("ready", ["HF_TOKEN"])
    lines = {line.split()[0]: line.split()[-1] for line in radiant("model", "show", "alphafold2").out.splitlines()[1:]}
    assert lines["serving"] == "bring_your_own_code"
