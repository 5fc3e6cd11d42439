"""SQL as files: migrations in order, and the code (views, functions, triggers) that is rebuilt whole."""

import hashlib
import re
from collections.abc import Callable, Mapping
from functools import cache, partial
from importlib.resources import files
from types import MappingProxyType
from typing import NamedTuple

from . import jobs

#: Views, functions and triggers in the order in which they can be created. One line each.
CODE = (
    "functions/matches_any",
    "functions/covered",
    "views/provider_health_now",
    "functions/endpoint_litellm_id",
    "functions/self_hosted_litellm_ids",
    "views/endpoints_now",
    "views/unified_model_registry",
    "views/registry_statistics",
    "views/fact_conflicts",
    "views/run_steps",
    "functions/model_names",
    "functions/model_meets",
    "functions/name_meant",
    "functions/few_with",
    "functions/check_selection",
    "functions/select_model",
    "functions/refresh_statistics",
    "functions/settle_thermal_state",
    "functions/request_warmup",
    "functions/registry_fingerprint",
    "functions/registry_changes_since",
    "functions/announce_everything",
    "functions/emit_event",
    "functions/number_events",
    "functions/own_prices",
    "functions/price_at",
    "functions/append_sheet",
    "functions/append_sheets",
    "functions/append_markup",
    "functions/standing_markup",
    "triggers/touch_updated_at",
    "triggers/begin_provider_health",
    "triggers/forget_health",
    "triggers/begin_thermal_state",
    "triggers/settle_states",
    "triggers/remember_override",
    "triggers/follow_own_prices",
    "triggers/set_ranking_price",
    "triggers/default_names_a_model",
    "triggers/announce_change",
    "triggers/announce_access",
    "triggers/announce_run",
    "triggers/emit_changes",
    "triggers/emit_endpoint",
    "triggers/keep_status_change",
    "triggers/keep_thermal_history",
    "triggers/announce_thermal",
    "triggers/keep_sheets",
    "triggers/price_by_hand",
    "triggers/keep_ledger",
    "triggers/markup_by_hand",
)

#: How a migration says, in its first line, that programs of the release before may go on reading the database.
COMPATIBLE = "--! compatible"

_OBJECT = re.compile(
    r"^CREATE (?:(MATERIALIZED VIEW|VIEW|FUNCTION) (\w+)"
    r"|(?:CONSTRAINT )?(TRIGGER) (\w+)\s+(?:BEFORE|AFTER|INSTEAD OF)\s[^;]+?\s(ON \w+))",
    re.MULTILINE,
)


class Migration(NamedTuple):
    """`version` sorts as text: 036 before 036a before 037. `source` is its text, or reads it: most who ask which there
    are want none of them."""

    version: str
    name: str
    source: str | Callable[[], str]

    @property
    def text(self) -> str:
        """What it does."""
        return self.source if isinstance(self.source, str) else self.source()

    @property
    def compatible(self) -> bool:
        """Whether a program that does not know this migration may go on reading."""
        return self.of_jobs or self.text.startswith(COMPATIBLE)

    @property
    def of_jobs(self) -> bool:
        """Whether it is one of procrastinate's, whose tables no reader of the registry asks."""
        return self.version.startswith("jobs-")


class Code(NamedTuple):
    """One file of code, with the (kind, name) of what it creates; a trigger is named with its table."""

    file: str
    text: str
    objects: tuple[tuple[str, str], ...]


def migrations() -> list[Migration]:
    """All migrations, in order; those of the schema of jobs come last."""
    found = [Migration(*jobs.identity(file), partial(jobs.text, file)) for file in jobs.listed()]
    for entry in files(__name__).joinpath("migrations").iterdir():
        if entry.name.endswith(".sql"):
            version, name = entry.name.removesuffix(".sql").split("_", 1)
            found.append(Migration(version, name, partial(entry.read_text, "utf-8")))
    return sorted(found, key=lambda it: it.version)


def code() -> list[Code]:
    """All code, in the order of creation."""
    found = []
    for file in CODE:
        text = files(__name__).joinpath(f"{file}.sql").read_text("utf-8")
        found.append(Code(file, text, created(text)))
    return found


def created(text: str) -> tuple[tuple[str, str], ...]:
    """The (kind, name) of everything that a text of SQL creates, in its order."""
    return tuple(_named(match) for match in _OBJECT.finditer(text))


def code_digest(parts: list[Code]) -> str:
    """Changes when any view, function or trigger changes."""
    return hashlib.sha256("\0".join(part.file + "\n" + part.text for part in parts).encode()).hexdigest()


def code_versions() -> list[tuple[int, str]]:
    """Number and digest of every version the code has had, the present one last (`code_versions.txt`)."""
    lines = files(__name__).joinpath("code_versions.txt").read_text("utf-8").splitlines()
    pairs = [line.split() for line in lines if not line.startswith("#")]
    return [(int(number), digest) for number, digest in pairs]


def code_version() -> int:
    """The number of the code's present version. It only grows."""
    return code_versions()[-1][0]


def object_names() -> frozenset[tuple[str, str]]:
    """(kind, name) of everything a migrated database consists of (`objects.txt`), as `queries/schema.sql` tells."""
    lines = files(__name__).joinpath("objects.txt").read_text("utf-8").splitlines()
    pairs = [line.split(": ", 1) for line in lines if not line.startswith("#")]
    return frozenset((kind, name) for kind, name in pairs)


def books() -> str:
    """What brings the tables in which migrations are recorded to their present shape."""
    return files(__name__).joinpath("books.sql").read_text("utf-8")


_QUERY = re.compile(r"^-- (\w+) --\n", re.MULTILINE)


@cache
def queries(topic: str) -> Mapping[str, bytes]:
    """The statements of `queries/<topic>.sql` by name. Each stands below a line `-- name --`."""
    text = files(__name__).joinpath(f"queries/{topic}.sql").read_text("utf-8")
    head, *parts = _QUERY.split(text)
    if head.strip():
        raise ValueError(f"queries/{topic}.sql begins without a name")
    return MappingProxyType({name: body.strip().encode() for name, body in zip(parts[::2], parts[1::2], strict=True)})


def _named(match: re.Match[str]) -> tuple[str, str]:
    kind, name, trigger, trigger_name, table = match.groups()
    return (kind, name) if kind else (trigger, f"{trigger_name} {table}")
