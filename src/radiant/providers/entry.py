"""One entry of a list while it is read: its facts, what it is, and the complaints about it."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from radiant.claims.entries import number, problem_with_id, shown
from radiant.claims.facts import Facts
from radiant.claims.reading import Refusals
from radiant.domain.vocabulary import Modality, Task
from radiant.public_catalogs.vocabulary import FLOWS, MODALITIES

from .listing import Kind, ListedModel

#: Seconds since 1970 between which a date of a model can lie: 1971 to 2199.
_FIRST, _LAST = 31_536_000, 7_258_118_400

#: An entry has at most so many other names that are kept.
_MOST_ALIASES: Final = 100


class Entry:
    """An object of a list. `at("limits.max_context_length")` is a value of it, None where there is none.

    `left_out` says why it is no model, where it is none.
    """

    __slots__ = ("aliases", "created", "facts", "id", "kind", "left_out", "of", "raw", "under")

    def __init__(self, id: str, raw: Mapping[str, Any], refused: Refusals, *, under: str) -> None:
        self.id, self.raw, self.under = id, raw, under
        self.facts = Facts(id, refused)
        self.kind = Kind.MODEL
        self.of: str | None = None
        self.created: str | None = None
        self.left_out: str | None = None
        self.aliases: list[str] = []

    def model(self) -> ListedModel:
        return ListedModel(
            id=self.id,
            kind=self.kind,
            of=self.of,
            aliases=tuple(sorted(set(self.aliases) - {self.id})),
            facts=self.facts.values,
            created=self.created,
        )

    def at(self, path: str) -> Any:
        here: Any = self.raw
        for name in path.split("."):
            here = here.get(name) if isinstance(here, dict) else None
        return here

    def is_made_from(self, base: Any, kind: Kind) -> None:
        """It is a form of another model, whose id may be unknown."""
        self.kind = kind
        self.of = base if type(base) is str and base != self.id and not problem_with_id(base) else None

    def also_called(self, raw: Any, *, of: str) -> None:
        """Other ids of the same model."""
        for name in self.facts.names(raw, of=of):
            if len(self.aliases) < _MOST_ALIASES and not problem_with_id(name):
                self.aliases.append(name)

    def says(self, path: str) -> bool | None:
        """A boolean; anything else but null is refused."""
        raw = self.at(path)
        if raw is not None and type(raw) is not bool:
            self.facts.refuse(f"`{path}` is {shown(raw)}; expected true or false")
            return None
        return raw

    def day(self, key: str, path: str) -> None:
        """A date fact, however the provider writes dates; 0 and empty text are none."""
        raw = self.at(path)
        day, fine = day_of(raw)
        if not fine:
            self.facts.refuse(f"`{path}` is {shown(raw)}; expected a date")
        self.facts.known(key, day)

    def task(self, task: Task | None) -> None:
        """Its task, and what such models usually take and give where nothing better is known."""
        if task is None:
            return
        self.facts.known("task", task.value)
        if "input_modalities" not in self.facts.values and task in FLOWS:
            self.facts.flow(FLOWS[task].into, FLOWS[task].out)

    def modalities(self, into: Any, out: Any, *, of: tuple[str, str]) -> None:
        """Lists of names as the provider has them, in any case."""
        self.facts.flow(self._known(into, of[0]), self._known(out, of[1]))

    def _known(self, raw: Any, of: str) -> set[Modality]:
        lowered = [name.lower() if type(name) is str else name for name in raw] if isinstance(raw, list) else raw
        return self.facts.modalities(lowered, MODALITIES, of=of)

    def can(self, capabilities: Mapping[str, str]) -> None:
        """Capabilities whose booleans are true, by the path of each."""
        found = {ours for path, ours in capabilities.items() if self.says(path)}
        said = self.facts.values.get("capabilities")
        if found:
            self.facts.known("capabilities", sorted(found | set(said if isinstance(said, list) else ())))


def day_of(raw: Any) -> tuple[str | None, bool]:
    """The day (UTC) that a provider's date means, and whether it was one or absent.

    Dates are ISO days or times, seconds since 1970, or objects of year, month and day.
    """
    if raw is None or raw == "":
        return None, True
    if isinstance(raw, Mapping):
        parts = [raw.get(name) for name in ("year", "month", "day")]
        if not any(parts):
            return None, True
        return _date(parts)
    if type(raw) is str and (number(raw) is None or len(raw) == 4):
        return _iso(raw)
    seconds = number(raw)
    if seconds is None or isinstance(raw, bool):
        return None, False
    if seconds <= 0:
        return None, seconds == 0
    return _seconds(seconds)


def _seconds(seconds: int | Decimal) -> tuple[str | None, bool]:
    if not _FIRST <= seconds <= _LAST:
        return None, False
    return dt.datetime.fromtimestamp(int(seconds), dt.UTC).date().isoformat(), True


def _iso(text: str) -> tuple[str | None, bool]:
    try:
        when = dt.datetime.fromisoformat(text)
    except ValueError:
        return None, False
    try:
        when = when.replace(tzinfo=dt.UTC) if when.tzinfo is None else when.astimezone(dt.UTC)
    except OverflowError:
        return None, False
    # Some write the beginning of time for an unknown date.
    if when.year <= 1970:
        return None, True
    return (when.date().isoformat(), True) if when.year < 2200 else (None, False)


def _date(parts: list[Any]) -> tuple[str | None, bool]:
    try:
        day = dt.date(*parts)
    except (TypeError, ValueError, OverflowError):
        return None, False
    return (day.isoformat(), True) if 1970 < day.year < 2200 else (None, False)
