"""Lists models that are about to be retired, and announced changes of price. Pure."""

import datetime as dt
from collections.abc import Iterator

import msgspec

from .load import Catalog

#: Days ahead that are told.
AHEAD = 90


class Ending(msgspec.Struct, frozen=True, order=True):
    """From `day` on, `model` is gone or costs something else."""

    day: dt.date
    model: str
    change: str

    def __str__(self) -> str:
        return f"{self.day}: {self.model} {self.change}"


def expiring(catalog: Catalog, day: dt.date, days: int = AHEAD) -> tuple[Ending, ...]:
    """What ends within `days` of `day`, the earliest first; models that are retired already come with it."""
    last = day + dt.timedelta(days=days)
    return tuple(sorted(it for it in _endings(catalog, day) if it.day <= last))


def _endings(catalog: Catalog, day: dt.date) -> Iterator[Ending]:
    for (provider, id), model in catalog.external.items():
        if model.retires is not None:
            change = "is retired" if model.retires <= day else "retires"
            yield Ending(model.retires, f"{provider}/{id}", change)
        for step in model.price.steps if model.price else ():
            if step.since > day:
                yield Ending(step.since, f"{provider}/{id}", "changes its price")
