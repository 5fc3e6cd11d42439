"""SQL as files: migrations in order, and the code (views, functions) that is rebuilt whole."""

import hashlib
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import NamedTuple

#: Views and functions in the order in which they can be created. One line each.
CODE = (
    "views/provider_health_now",
    "views/unified_model_registry",
    "views/registry_statistics",
    "views/fact_conflicts",
    "functions/check_selection",
    "functions/select_model",
    "functions/refresh_statistics",
    "functions/request_warmup",
    "functions/registry_fingerprint",
)

_OBJECT = re.compile(r"^CREATE (MATERIALIZED VIEW|VIEW|FUNCTION) (\w+)", re.MULTILINE)


class Migration(NamedTuple):
    """`version` sorts as text: 036 before 036a before 037."""

    version: str
    name: str
    text: str


class Code(NamedTuple):
    """One file of views or functions, with the (kind, name) of what it creates."""

    file: str
    text: str
    objects: tuple[tuple[str, str], ...]


def migrations() -> list[Migration]:
    """All migrations, in order."""
    found = []
    for entry in files(__name__).joinpath("migrations").iterdir():
        if entry.name.endswith(".sql"):
            version, name = entry.name.removesuffix(".sql").split("_", 1)
            found.append(Migration(version, name, entry.read_text("utf-8")))
    return sorted(found)


def code() -> list[Code]:
    """All views and functions, in the order of creation."""
    found = []
    for file in CODE:
        text = files(__name__).joinpath(f"{file}.sql").read_text("utf-8")
        found.append(Code(file, text, tuple((match[1], match[2]) for match in _OBJECT.finditer(text))))
    return found


def code_digest(parts: list[Code]) -> str:
    """Changes when any view or function changes."""
    return hashlib.sha256("\0".join(part.file + "\n" + part.text for part in parts).encode()).hexdigest()


_QUERY = re.compile(r"^-- (\w+) --\n", re.MULTILINE)


@cache
def queries(topic: str) -> Mapping[str, bytes]:
    """The statements of `queries/<topic>.sql` by name. Each stands below a line `-- name --`."""
    text = files(__name__).joinpath(f"queries/{topic}.sql").read_text("utf-8")
    head, *parts = _QUERY.split(text)
    if head.strip():
        raise ValueError(f"queries/{topic}.sql begins without a name")
    return MappingProxyType({name: body.strip().encode() for name, body in zip(parts[::2], parts[1::2], strict=True)})


def query(name: str) -> str:
    """The text of `queries/<name>.sql`."""
    return files(__name__).joinpath(f"queries/{name}.sql").read_text("utf-8")
