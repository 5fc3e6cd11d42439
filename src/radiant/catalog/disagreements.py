"""What public catalogs say otherwise of our prices and windows, and why ours stand: the file `disagreements.toml`."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import msgspec

from radiant.claims.agreement import agree
from radiant.claims.kinds import apart
from radiant.public_catalogs.roster import BY_ID

from .fields import facts_of
from .in_force import catalog_on
from .load import OURS, Catalog
from .toml import read_toml

FILE: Final = "disagreements.toml"


class Explained(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why the file of `provider/id` stands although `source` says otherwise.

    `says` is what the source said when it was looked at, by field; another word is looked at again. `url` is where it
    was decided, `read` when.
    """

    model: str
    source: str
    says: dict[str, Any]
    reason: str
    url: str
    read: dt.date


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    disagreement: tuple[Explained, ...] = ()


def explained(folder: Path = OURS) -> tuple[Explained, ...]:
    """Every explanation of a catalog; none where it has no such file. Raises CatalogError."""
    if not (folder / FILE).is_file():
        return ()
    return read_toml(folder / FILE, _File, shown=f"catalog/{FILE}").disagreement


def explanation_problems(catalog: Catalog, entries: tuple[Explained, ...]) -> Iterator[tuple[str, str]]:
    """What is wrong with explanations, by key: of models, sources and fields that are not there, of no disagreement."""
    seen: set[tuple[str, str]] = set()
    for number, it in enumerate(entries):
        key = f"disagreement[{number}]"
        provider, _, id = it.model.partition("/")
        model = catalog_on(catalog, it.read).external.get((provider, id))
        if it.source not in BY_ID:
            yield f"{key}.source", f"{it.source} is no public catalog; expected one of: {', '.join(BY_ID)}"
        if (it.model, it.source) in seen:
            yield f"{key}.model", f"{it.model} and {it.source} stand here twice; name all fields in one entry"
        seen.add((it.model, it.source))
        if not it.reason.strip():
            yield f"{key}.reason", "is empty; say why ours stands"
        if not it.url.startswith(("https://", "pkg:")):
            yield f"{key}.url", f"{it.url!r} is no address; name the page or package that decided it"
        if model is None:
            yield f"{key}.model", f"{it.model} is not in the catalog; take the entry out"
            continue
        ours = dict(one for field, value in facts_of(model).items() for one in apart(field, value))
        for field, theirs in it.says.items():
            if field not in ours:
                yield f"{key}.says", f"{it.model} says nothing of {field}"
            elif agree(field, ours[field], theirs):
                yield f"{key}.says", f"{it.model} says the same of {field}; there is nothing to explain"
