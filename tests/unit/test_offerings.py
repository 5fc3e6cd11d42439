"""A model that several providers serve: its facts stand in one file, and an offering says the rest."""

import datetime as dt
from pathlib import Path

import pytest

from radiant.catalog.fields import facts_of, references_of
from radiant.catalog.load import Catalog, load_catalog
from tests.unit.catalog_files import Write
from tests.unit.catalog_files import problems as reading
from tests.unit.checking import problems as checking

pytestmark = pytest.mark.usefixtures("checked_catalog")

SHARED = """\
display_name = "M 1"
description = "A model that many serve."
category = "llm"
task = "chat"
class = "flagship"
capabilities = ["vision", "reasoning"]
input_modalities = ["text", "image"]
output_modalities = ["text"]
context_window = 200_000
max_output = 64_000
released = 2026-02-03

[[sources]]
url = "https://maker.example/m-1"
read = 2026-11-01
fields = [
    "class", "capabilities", "input_modalities", "output_modalities", "context_window", "max_output", "released",
]
"""

OFFERING = """\
offers = "maker/m-1"
context_window = 32_000
unknown = ["max_output"]
price = { input_per_mtok = 1 }

[[sources]]
url = "https://openai.example/prices"
read = 2026-11-02
fields = ["price", "context_window"]
"""


def loaded(tmp_path: Path, offering: str = OFFERING) -> Catalog:
    for name, text in (("models/maker/m-1.toml", SHARED), ("providers/openai/m-1.toml", offering)):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return load_catalog(tmp_path)


def test_an_offering_is_the_model_with_its_own_price_and_limits(tmp_path: Path) -> None:
    model = loaded(tmp_path).external["openai", "m-1"]
    assert (model.display_name, model.released, model.capabilities) == (
        "M 1", dt.date(2026, 2, 3), ("vision", "reasoning"),
    )  # fmt: skip
    assert model.price is not None and model.price.input_per_mtok == 1
    assert model.context_window == 32_000


def test_what_is_unknown_of_the_endpoint_is_not_what_the_model_can(tmp_path: Path) -> None:
    assert loaded(tmp_path).external["openai", "m-1"].max_output is None
    told = loaded(tmp_path, OFFERING.replace('unknown = ["max_output"]\n', ""))
    assert told.external["openai", "m-1"].max_output == 64_000


def test_each_fact_carries_the_source_of_the_file_it_stands_in(tmp_path: Path) -> None:
    model = loaded(tmp_path).external["openai", "m-1"]
    read = references_of(model.sources, facts_of(model))
    assert read["released"] == "https://maker.example/m-1 (2026-11-01)"
    assert read["context_window"] == read["price.input_per_mtok"] == "https://openai.example/prices (2026-11-02)"


def test_a_folder_of_ones_own_changes_a_shared_model_everywhere(tmp_path: Path) -> None:
    file = tmp_path / "models/openai/gpt-6-luna.toml"
    file.parent.mkdir(parents=True)
    file.write_text(SHARED)
    (tmp_path / "providers/openai").mkdir(parents=True)
    (tmp_path / "providers/openai/ours.toml").write_text(OFFERING.replace("maker/m-1", "openai/gpt-6-luna"))
    found = load_catalog(tmp_path).external
    assert {found["openai", name].display_name for name in ("ours", "gpt-6-luna")} == {"M 1"}


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ('"maker/m-1"', '"maker/m1"', "1: `offers`: there is no models/maker/m1.toml; did you mean maker/m-1?"),
        ("context_window =", "released =",
         "2: `released`: unknown key; expected one of: aliases, capabilities, context_window, embedding_dimension, "
         "input_modalities, litellm_id, max_input, max_output, offers, output_modalities, price, retires, sources, "
         "successor, throughput_tps, unknown"),
        ("32_000", "-1", "2: `context_window`: is -1; expected 1 to 2,147,483,647"),
    ],
)  # fmt: skip
def test_an_offering_that_is_wrong_is_refused(tmp_path: Path, write: Write, right: str, wrong: str, said: str) -> None:
    write("models/maker/m-1.toml", SHARED)
    write("providers/openai/m-1.toml", OFFERING.replace(right, wrong, 1))
    assert reading(tmp_path) == [f"providers/openai/m-1.toml:{said}"]


@pytest.mark.parametrize(
    "repeated", ["context_window = 200_000", 'capabilities = ["reasoning", "vision"]', 'output_modalities = ["text"]']
)
def test_a_fact_that_stands_twice_is_found(tmp_path: Path, write: Write, repeated: str) -> None:
    write("models/maker/m-1.toml", SHARED)
    key = repeated.split(" ")[0]
    text = OFFERING.replace("context_window = 32_000", repeated).replace('"context_window"]', f'"{key}"]')
    found = checking(tmp_path, "providers/openai/m-1.toml", text)
    assert found == [f"2: `{key}`: is what models/maker/m-1.toml says already; leave it out"]


def test_a_shared_model_is_checked_and_has_to_be_offered(tmp_path: Path) -> None:
    assert checking(tmp_path, "models/maker/m-1.toml", SHARED.replace(', "released"', "")) == [
        "1: no provider offers it; an offering says `offers`",
        "11: `released`: no source supports it; name it in the `fields` of one",
    ]
