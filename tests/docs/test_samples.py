"""What the documents show as printed is printed."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

README = Path(__file__).parents[2] / "README.md"

#: A command, and the block behind it with what it prints.
_SAMPLE = re.compile(r"^\.venv/bin/radiant (select [^\n]*)\n```\n\n```\n(.*?)^```", re.MULTILINE | re.DOTALL)

#: Stands where lines are left out.
_AND_SO_ON = "…"


def plain(text: str) -> list[str]:
    """Its lines, however wide the columns are."""
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def passages(lines: list[str]) -> list[list[str]]:
    """What stands between the places where something is left out."""
    found: list[list[str]] = [[]]
    for line in lines:
        if line == _AND_SO_ON:
            found.append([])
        else:
            found[-1].append(line)
    return [it for it in found if it]


def test_the_first_choice_of_a_newcomer_is_shown_as_it_is_printed(
    database_url: str, tmp_path: Path, query: Callable[..., Any]
) -> None:
    """Without days on which models end: they would change what is printed, and when."""
    query(database_url, "UPDATE models SET retires = NULL")
    sample = _SAMPLE.search(README.read_text("utf-8"))
    assert sample is not None
    kept = {name: value for name, value in os.environ.items() if not name.startswith("RADIANT_")}
    ran = subprocess.run(
        [Path(sys.executable).with_name("radiant"), *shlex.split(sample[1])],
        env={**kept, "RADIANT_DATABASE_URL": database_url, "RADIANT_HOME": str(tmp_path), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=True,
    )
    printed, at = plain(ran.stdout), 0
    for passage in passages(plain(sample[2])):
        assert passage[0] in printed[at:], printed[at:]
        at = printed.index(passage[0], at)
        assert printed[at : at + len(passage)] == passage
        at += len(passage)
