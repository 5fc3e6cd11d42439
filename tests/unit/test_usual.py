"""What tasks take and give stands in one table, and advice for one face in that face."""

import inspect
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
from radiant.domain.markups import MarkupNotFound
from radiant.domain.prices import NothingHeld, NothingSet
from radiant.domain.usual import USUAL, Usual, usual
from radiant.domain.vocabulary import Modality, Task
from radiant.domain.warmth import NotSelfHosted
from radiant.public_catalogs.vocabulary import FLOWS
from radiant.selection.criteria.readiness import ADD

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
        (NotSelfHosted("x"), " `radiant models --hosting self_hosted` lists all."),
        (NothingHeld("x"), " `radiant prices held` lists what does."),
        (MarkupNotFound(7), " `radiant prices markup list` shows those that do."),
        (NothingSet("x"), " `radiant prices show x` says where its prices are from."),
        (ModelNotFound("x", ("y",)), ""),
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
    """All but two: a registry that is not there is met by who opens one, from Python or from a command, never by a
    client over HTTP; and how a model of one's own gets an endpoint is told wherever it is refused."""
    told = re.compile(r"`radiant [a-z]")
    texts = {
        path.name: path.read_text("utf-8").replace(inspect.getsource(NoRegistry), "").replace(ADD, "")
        for path in (SOURCE / package).rglob("*.py")
    }
    assert [name for name, text in texts.items() if told.search(text)] == []
