"""A whole folder of catalog files: beside our own, and how its problems are told."""

from pathlib import Path

import pytest

from radiant.catalog.load import load_catalog
from radiant.domain.errors import CatalogInvalid
from radiant.domain.vocabulary import Task
from tests.unit.catalog_files import EXTERNAL, SELF_HOSTED, Write, problems

pytestmark = pytest.mark.usefixtures("small_catalog")


def test_models_of_a_provider_nobody_described_are_refused_by_their_folder(write: Write, tmp_path: Path) -> None:
    write("providers/nobody/m.toml", EXTERNAL)
    assert problems(tmp_path) == ["providers/nobody: has models but no provider.toml"]


def test_a_model_in_two_categories_is_refused_by_the_second_file(write: Write, tmp_path: Path) -> None:
    write("self_hosted/audio/m.toml", SELF_HOSTED)
    write("self_hosted/vision/m.toml", SELF_HOSTED)
    assert problems(tmp_path) == ["self_hosted/vision/m.toml: model m is already described in audio/m.toml"]


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert problems(tmp_path / "no") == [f"{tmp_path}/no: is not a folder; RADIANT_CATALOG names a folder"]


def test_one_error_names_every_problem_and_stays_short(write: Write, tmp_path: Path) -> None:
    for number in range(12):
        write(f"providers/openai/m{number:02}.toml", "x = 1")
    with pytest.raises(CatalogInvalid) as caught:
        load_catalog(tmp_path)
    assert len(caught.value.problems) == 12
    lines = str(caught.value).splitlines()
    assert lines[0] == "12 problems in the catalog:"
    assert "m00.toml:1: `x`: unknown key; expected one of: " in lines[1]
    assert lines[11:] == ["  and 2 more."]


def test_a_folder_of_ones_own_adds_to_ours_and_replaces_what_has_the_same_id(write: Write, tmp_path: Path) -> None:
    ours = load_catalog()
    write("providers/openai/gpt-4o-mini.toml", EXTERNAL)
    write("providers/openai/deep/er/m.toml", EXTERNAL)
    write("self_hosted/3d/sam-2.toml", SELF_HOSTED)
    write("defaults.toml", 'chat = { model = "deep/er/m" }')
    write("providers/openai/.m.toml.swp", "what an editor leaves")
    both = load_catalog(tmp_path)
    assert set(both.external) - set(ours.external) == {("openai", "deep/er/m")}
    assert both.external["openai", "gpt-4o-mini"].display_name == "M"
    assert (both.categories["sam-2"], both.self_hosted["sam-2"].display_name) == ("3d", "M")
    assert both.defaults == ours.defaults | {Task.CHAT: "deep/er/m"}
    assert both.successors == ours.successors | {Task.CHAT: None}
    assert (both.providers, both.instances) == (ours.providers, ours.instances)
