"""When a model is deprecated, restored or warned of, and on what evidence. Pure."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from typing import Final

import msgspec

#: So many lists in a row without a model speak for its end.
LISTS: Final = 3

#: Where more than one of so many is missing at once, the list is doubted, not the models.
SHARE: Final = 5

#: Days before a retirement at which it is told.
WARNINGS: Final = (90, 60, 30)


class Absence(msgspec.Struct, frozen=True, kw_only=True):
    """A complete list in which a model was missing."""

    at: dt.datetime
    digest: str


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """A model of the registry that its provider has listed before.

    `names` are all it may be listed by. `by_absence`: it is deprecated because lists lacked it. `settled`: a person
    decided whether it is deprecated. `absences` are those since it was last seen.
    """

    id: str
    names: frozenset[str]
    deprecated: bool = False
    by_absence: bool = False
    settled: bool = False
    absences: tuple[Absence, ...] = ()


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What one list means for the known models. `held` says why absences were not counted."""

    missing: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    deprecated: tuple[str, ...] = ()
    returned: tuple[str, ...] = ()
    restored: tuple[str, ...] = ()
    held: str | None = None


def judge(
    known: Sequence[Known],
    listed: Collection[str],
    *,
    complete: bool,
    at: dt.datetime,
    interval: dt.timedelta,
    others: int = 0,
    before: Collection[str] = (),
) -> Verdict:
    """Hold the names in a list against the known models.

    `interval` is how far apart lists have to be to count. `others` is how many more models of the provider the registry
    has, which it never listed. `before` are the ids that the lists before had. What is there restores, also in a list
    that is not complete; only a complete one takes away.
    """
    here = {it.id for it in known if not it.names.isdisjoint(listed)}
    returned = tuple(it.id for it in known if it.id in here and it.absences)
    restored = tuple(it.id for it in known if it.id in here and it.deprecated and it.by_absence and not it.settled)
    gone = [it for it in known if it.id not in here and not it.deprecated]
    missing = tuple(it.id for it in gone)
    if not complete:
        return Verdict(missing=missing, returned=returned, restored=restored)
    standing = others + sum(not it.deprecated for it in known)
    vanished = sum(id not in listed for id in before)
    if held := _held(len(gone), standing, "known models") or _held(vanished, len(before), "models listed before"):
        return Verdict(missing=missing, returned=returned, restored=restored, held=held)
    counted = [it for it in gone if not it.absences or at - it.absences[-1].at >= interval]
    return Verdict(
        missing=missing,
        absent=tuple(it.id for it in counted),
        deprecated=tuple(it.id for it in counted if len(it.absences) + 1 >= LISTS and not it.settled),
        returned=returned,
        restored=restored,
    )


def _held(missing: int, of: int, what: str) -> str | None:
    if missing * SHARE <= of:
        return None
    return f"{missing:,} of {of:,} {what} are missing at once, more than a fifth: nothing is deprecated"


class Retiring(msgspec.Struct, frozen=True, kw_only=True):
    """A model with the day of its end. `warned` are the numbers of days at which that day was told."""

    id: str
    retires: dt.date
    deprecated: bool = False
    settled: bool = False
    warned: frozenset[int] = frozenset()


class Warning(msgspec.Struct, frozen=True, kw_only=True):
    """A retirement to tell of: the number of days it passed, and how many are left."""

    id: str
    days: int
    left: int


def retirements(models: Iterable[Retiring], today: dt.date) -> tuple[tuple[Warning, ...], tuple[str, ...]]:
    """The warnings that are due, at most one for each model, and the models whose day has come."""
    warnings, over = [], []
    for model in models:
        left = (model.retires - today).days
        if left <= 0:
            if not model.deprecated and not model.settled:
                over.append(model.id)
            continue
        passed = [days for days in WARNINGS if left <= days]
        if passed and not model.deprecated and min(passed) not in model.warned:
            warnings.append(Warning(id=model.id, days=min(passed), left=left))
    return tuple(warnings), tuple(over)
