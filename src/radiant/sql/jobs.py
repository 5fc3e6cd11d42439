"""The migrations that come with procrastinate, which makes its tables in a schema of their own.

It keeps no record of what it applied. We record each of its files as a migration `jobs-…`, and apply those that
`jobs.txt` lists: another release of the package brings nothing that nobody looked at.
"""

import re
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

SCHEMA = "jobs"

_FILE = re.compile(r"(?P<version>[\d.]+_\d+)_(?P<name>\w+)\.sql")


@cache
def listed() -> tuple[str, ...]:
    """The names of the files, in order."""
    lines = files("radiant.sql").joinpath("jobs.txt").read_text("utf-8").splitlines()
    return tuple(line for line in lines if not line.startswith("#"))


def identity(file: str) -> tuple[str, str]:
    """Version and name under which a file is recorded."""
    found = _FILE.fullmatch(file)
    if found is None:
        raise ValueError(f"{file} is not named as procrastinate names its migrations")
    return f"jobs-{found['version']}", found["name"]


def folder() -> Path:
    """Where the package keeps them; found without loading it."""
    spec = find_spec("procrastinate")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("procrastinate is not installed")
    return Path(spec.submodule_search_locations[0]) / "sql/migrations"


def text(file: str) -> str:
    """What a file does, in the schema of jobs."""
    return _within((folder() / file).read_text("utf-8"))


def whole() -> str:
    """What all files do, for a database that has none yet. One after the other they would add a value to an enum and
    use it, which PostgreSQL before 17 does not do in one transaction."""
    return _within((folder().parent / "schema.sql").read_text("utf-8"))


def _within(own: str) -> str:
    """Its names are unqualified."""
    return f"SET LOCAL search_path TO {SCHEMA};\n{own}\n;SET LOCAL search_path TO public;"
