"""Checks the default model of each task: it exists, has a price, and is not about to be retired. Pure."""

import datetime as dt
from collections.abc import Iterator

from radiant.domain.external import ExternalModel
from radiant.domain.vocabulary import Task

from .expiring import AHEAD
from .load import Catalog
from .price_check import changes


def default_problems(catalog: Catalog) -> Iterator[tuple[Task, str]]:
    """Tasks whose default model or its successor is missing, about to go, or without a price."""
    for task in Task:
        default, successor = catalog.defaults.get(task), catalog.successors.get(task)
        if default is None:
            if task is not Task.OTHER:
                yield task, "has no default model"
            continue
        if problem := _problem(default, catalog):
            yield task, f"{default} {problem}"
        if successor is None:
            yield task, f"{default} has no successor; name the model that takes its place when it goes"
        elif successor == default:
            yield task, f"{default} cannot succeed itself"
        elif problem := _problem(successor, catalog):
            yield task, f"the successor {successor} {problem}"


def _problem(name: str, catalog: Catalog) -> str | None:
    """What speaks against a model as the last resort, where it speaks against each of its offerings."""
    if name in catalog.self_hosted:
        return None
    offerings = [model for (by, id), model in catalog.external.items() if name in (id, f"{by}/{id}")]
    found = [_flaw(model) for model in offerings]
    return "is not in the catalog" if not found else None if None in found else found[0]


def _flaw(model: ExternalModel) -> str | None:
    """The days count from the newest reading of the file, so that a catalog does not go bad by lying there."""
    newest = max((source.read for source in model.sources), default=dt.date.min)
    if model.retires is not None and model.retires <= newest + dt.timedelta(days=AHEAD):
        return f"retires on {model.retires}, within {AHEAD} days of the day it was last read ({newest})"
    if model.successor is not None:
        return f"is on its way out: its provider names {model.successor} in its place"
    if model.price is None or not changes(model.price).keys() - {"note"}:
        return "has no known price"
    return None
