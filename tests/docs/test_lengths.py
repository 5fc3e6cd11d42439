"""No file is longer than a person reads in one sitting."""

from pathlib import Path

ROOT = Path(__file__).parents[2]

LONGEST = 300

#: Written by `make generated`, for reading from top to bottom.
GENERATED = {"src/radiant/sql/schema.sql"}

FOLDERS = ("src", "tests", "tools", "bench", "docs")


def test_no_file_has_more_than_300_lines() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for folder in FOLDERS
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in (".py", ".sql") and (lines := len(path.read_text("utf-8").splitlines())) > LONGEST
    }
    assert {name: lines for name, lines in long.items() if name not in GENERATED} == {}
    assert long.keys() >= GENERATED, "what is excepted is there, and needs it"
