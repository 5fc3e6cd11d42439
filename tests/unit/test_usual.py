"""What tasks take and give stands in one table, and advice for one face in that face."""

import re
from pathlib import Path

import pytest

from radiant.cli.advice import advice
from radiant.domain.errors import (
    CatalogError,
    CatalogInvalid,
    ModelNotFound,
    NoRegistry,
    RadiantError,
    SourceUnreachable,
)
from radiant.domain.usual import USUAL, Usual, usual
from radiant.domain.vocabulary import Modality, Task
from radiant.public_catalogs.vocabulary import FLOWS

SOURCE = Path(__file__).parents[2] / "src" / "radiant"


def test_every_task_says_what_it_usually_takes_and_gives() -> None:
    assert set(USUAL) == set(Task)
    assert usual("transcription") == Usual((Modality.AUDIO,), (Modality.TEXT,))
    assert usual("chatting") == Usual((), ())


@pytest.mark.parametrize("task", Task)
def test_what_is_asked_for_usually_is_what_a_model_of_the_task_usually_has(task: Task) -> None:
    assert set(USUAL[task].takes) <= FLOWS[task].into
    assert set(USUAL[task].gives) <= FLOWS[task].out


@pytest.mark.parametrize(
    ("error", "next_step"),
    [
        (ModelNotFound("x"), " `radiant models` lists all."),
        (ModelNotFound("x", ("y",)), ""),
        (NoRegistry("/data"), " `radiant up` makes one and serves it; `radiant db migrate` only makes it."),
        (SourceUnreachable("https://a.example", "it is gone"), " Give a file you have with --file."),
        (CatalogInvalid([CatalogError("a.toml", 1, None, "is wrong")] * 11), "\n`radiant catalog check` shows all."),
        (CatalogInvalid([CatalogError("a.toml", 1, None, "is wrong")] * 10), ""),
        (RadiantError("x"), ""),
    ],
)
def test_the_command_line_says_what_to_type_next(error: RadiantError, next_step: str) -> None:
    assert advice(error) == next_step
    assert "radiant " not in str(error) and "--" not in str(error)


@pytest.mark.parametrize("package", ["domain", "selection", "catalog", "claims", "public_catalogs"])
def test_what_every_face_tells_advises_no_command(package: str) -> None:
    told = re.compile(r"`radiant [a-z]")
    assert [path.name for path in (SOURCE / package).rglob("*.py") if told.search(path.read_text("utf-8"))] == []
