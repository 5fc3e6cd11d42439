"""What is seen in a terminal of 80 and of 160 columns, and what the shell is offered."""

import os
import pty
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from radiant.cli import completion
from tests.faces.conftest import Program

RADIANT = Path(sys.executable).with_name("radiant")


def seen(columns: int, *arguments: str) -> list[str]:
    """The lines of a command in a terminal, without colors."""
    ours, theirs = pty.openpty()
    child = subprocess.Popen(
        [RADIANT, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, "COLUMNS": str(columns)},
    )
    os.close(theirs)
    text = b""
    while True:
        try:
            read = os.read(ours, 65536)
        except OSError:  # how Linux tells the end of a terminal
            break
        if not read:
            break
        text += read
    os.close(ours)
    child.wait(timeout=60)
    return re.sub(r"\x1b\[[0-9;]*m", "", text.decode()).splitlines()


@pytest.mark.usefixtures("standing")
@pytest.mark.parametrize("columns", [80, 160])
@pytest.mark.parametrize(
    ("arguments", "least"),
    [
        (("models",), 10),
        (("select", "chat", "--explain"), 10),
        (("select", "chat", "--profile", "fastest"), 5),
        (("select", "chat", "--max-latency", "500"), 1),
        (("select", "chat", "--exclude", "claude-haikus-5-5", "--exclude", "gpt-6-lunatic"), 5),
        (("select", "chta"), 1),
        (("model", "show", "gpt-4o-mini", "--sources"), 10),
    ],
)
def test_every_line_fits(columns: int, arguments: tuple[str, ...], least: int) -> None:
    shown = seen(columns, *arguments)
    assert len(shown) >= least
    assert [line for line in shown if len(line) > columns] == []


@pytest.mark.usefixtures("standing")
def test_sentences_are_broken_between_words_and_in_a_pipe_not_at_all(radiant: Program) -> None:
    whole = radiant("select", "chat", "--max-latency", "500").out
    broken = seen(80, "select", "chat", "--max-latency", "500")
    assert (whole.count("\n"), len(broken)) == (1, 2)
    assert " ".join(broken) == whole.rstrip("\n")


@pytest.mark.usefixtures("standing")
def test_wider_terminals_show_more_columns_and_never_fewer_rows() -> None:
    narrow, wider = seen(80, "models", "-t", "chat"), seen(160, "models", "-t", "chat")
    assert narrow[0].split()[:4] == ["model", "provider", "USD", "context"]
    assert set(wider[0].split()) > set(narrow[0].split())
    assert len(narrow) == len(wider)


@pytest.mark.usefixtures("standing")
def test_columns_are_shown_as_they_are_asked_for(radiant: Program) -> None:
    code, out, _ = radiant("models", "--columns", "name,license, model", "-p", "groq")
    assert (code, out.splitlines()[0].split()) == (0, ["name", "license", "model"])
    code, _, err = radiant("models", "--columns", "model,licnse")
    assert code == 2
    assert "license?" in err
    assert radiant("models", "--columns", "model", "--json").code == 2


@pytest.mark.usefixtures("standing")
@pytest.mark.parametrize("named", ["class", "model_class"])
def test_a_field_is_a_column_by_its_name_in_json(radiant: Program, named: str) -> None:
    code, out, _ = radiant("models", "--columns", f"model,{named}", "-p", "openai", "-t", "chat")
    assert code == 0
    assert ["gpt-6-luna", "small"] in [line.split() for line in out.splitlines()]


def test_values_are_offered_without_a_database(clean_environment: pytest.MonkeyPatch) -> None:
    assert completion.tasks("ch") == ["chat"]
    assert completion.preferred_hosting("") == ["any", "external", "self_hosted"]
    assert "best" in completion.profiles("b")
    assert completion.sources("lite") == ["litellm"]
    assert completion.columns("model,st") == ["model,state"]
    clean_environment.setenv("RADIANT_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/x")
    assert completion.providers("") == []
    clean_environment.delenv("RADIANT_DATABASE_URL")
    assert completion.models("gpt") == [], "no server is started for it"


@pytest.mark.usefixtures("standing")
def test_names_are_offered_from_a_registry_that_is_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("radiant.installation.known_names.PATIENCE", 10)
    assert completion.providers("open") == ["openai", "openrouter"]
    assert "gpt-4o-mini" in completion.models("gpt-4o")
    assert completion.capabilities("function_c") == ["function_calling"]
    assert completion.models("%") == []


@pytest.mark.usefixtures("standing")
@pytest.mark.parametrize("arguments", [["models"], ["models", "--json"], ["stats"], ["select", "chat", "--json"]])
def test_what_cannot_be_printed_is_a_sentence_or_none(arguments: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run([RADIANT, *arguments], stdout=full, stderr=subprocess.PIPE, text=True)
    assert ended.returncode == 1
    assert ended.stderr == "radiant: What was to be written could not be: No space left on device.\n"
    closed = ["sh", "-c", '"$@" >&-', "sh", str(RADIANT), *arguments]
    ended = subprocess.run(closed, stderr=subprocess.PIPE, text=True)
    assert (ended.returncode, ended.stderr) == (0, "")
    away, ours = os.pipe()
    os.close(away)
    ended = subprocess.run([RADIANT, *arguments], stdout=ours, stderr=subprocess.PIPE, text=True)
    os.close(ours)
    assert (ended.returncode, ended.stderr) == (128 + signal.SIGPIPE, "")
