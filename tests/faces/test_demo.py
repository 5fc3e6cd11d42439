"""`make demo`: the story is told to its end, and nothing is left of it."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.long

#: What has to be told, in this order.
STORY = (
    "3 fake providers answer over HTTP",
    "The registry is up: 294 external",
    "openrouter/acme/acme-large   pending  model  chat",
    "What OpenRouter has is approved in one step",
    "acme/acme-large    OpenRouter  ready",
    "The warm-up of mistral-7b-v0.3 was asked for.",
    "It is awake, and serves from now on",
    "mistral-7b-v0.3  Self-hosted  WARM",
    "Sent to sleep again",
    "mistral-7b-v0.3  COLD",
    "acme/acme-ultra is new. It waits for review",
    "globex/v1/models: it answered 503",
    "acme/acme-nano was absent from three complete lists in a row",
    "openrouter/acme/acme-nano: deprecated, not listed since",
    "acme/acme-nano is listed again, and restored.",
    "  radiant.model.deprecated",
    "ok    worker: 1 worker is alive",
    "radiant_workers 1",
)


@pytest.fixture
def playing(home: Path) -> Iterator["subprocess.Popen[str]"]:
    """The demo that goes on, in a folder for temporary files that the embedded server's account can enter."""
    keys = {"OPENAI_API_KEY": "sk-not-to-be-used", "RADIANT_DATABASE_URL": "postgresql://127.0.0.1:1/nowhere"}
    child = subprocess.Popen(
        [sys.executable, "-m", "tools.demo", "--keep"],
        cwd=ROOT,
        env={**os.environ, **keys, "TMPDIR": str(home.parent)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    yield child
    if child.poll() is None:
        child.send_signal(signal.SIGINT)
    child.communicate(timeout=90)


def test_the_demo_tells_its_story_and_leaves_nothing(playing: "subprocess.Popen[str]", home: Path) -> None:
    assert playing.stdout
    lines: list[str] = []
    for line in playing.stdout:
        lines.append(line.rstrip("\n"))
        if "Ctrl-C here" in line:
            break
    told = "\n".join(lines)
    where = [told.find(sentence) for sentence in STORY]
    assert -1 not in where, f"{STORY[where.index(-1)]!r} is not in\n{told}"
    assert where == sorted(where), told
    assert "https://" not in told, "nobody outside was asked, not even by the first tick of health"
    own = [line for line in lines if "export PATH" not in line and "RADIANT_HOME" not in line]
    assert max(map(len, own)) < 80
    assert re.search(r"export RADIANT_HOME=(\S+)", told), told
    assert [path.name for path in home.parent.iterdir() if path.name.startswith("radiant-demo-")] != []
    playing.send_signal(signal.SIGINT)
    out, err = playing.communicate(timeout=90)
    assert (playing.returncode, out, err) == (0, "\nStopped; nothing is left of it.\n", "")
    assert list(home.parent.iterdir()) == []
    processes = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    assert str(home.parent) not in processes
