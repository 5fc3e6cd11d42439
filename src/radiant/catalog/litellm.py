"""Which ids of ours LiteLLM's own model map does not have, as of one of its releases."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from .toml import read_toml

#: LiteLLM sells the models of these under other names as well.
_BEGINS = ("vertex_ai", "fireworks_ai", "bedrock", "cohere")


class LiteLLMMap(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`catalog/litellm.toml`, written by `make litellm-known`: the release that was looked into, the day, and the ids
    that are in none of its entries."""

    package: str
    read: dt.date
    unknown: tuple[str, ...] = ()

    @property
    def release(self) -> str:
        """Such as LiteLLM 1.110.2."""
        return "LiteLLM " + self.package.rpartition("@")[2]

    def knows(self, id: str | None) -> bool | None:
        """None where LiteLLM is not said to serve the model at all."""
        return None if id is None else id not in self.unknown


class Entry(msgspec.Struct, frozen=True):
    """What decides whether an entry of LiteLLM's map is found for an id."""

    litellm_provider: str | None = None


def unknown_to(entries: dict[str, Entry], ids: Iterable[str]) -> list[str]:
    """Those of `ids` for which LiteLLM finds no entry: under the id itself or without its prefix, by the same provider.

    For such an id LiteLLM counts a price of 0, or raises.
    """
    return sorted(id for id in set(ids) if not any(_serves(entry, id) for entry in _found(entries, id)))


def _found(entries: dict[str, Entry], id: str) -> Iterator[Entry]:
    for name in (id, id.partition("/")[2]):
        if name in entries:
            yield entries[name]


def _serves(entry: Entry, id: str) -> bool:
    prefix, told = id.partition("/")[0], entry.litellm_provider
    return told is None or told == prefix or (prefix in _BEGINS and told.startswith(prefix))


def read_map(path: Path, *, shown: str) -> LiteLLMMap:
    """Raises CatalogError."""
    return read_toml(path, LiteLLMMap, shown=shown)


def problems(found: LiteLLMMap, ids: Iterable[str]) -> Iterator[tuple[str, str]]:
    """What is wrong with the file: ids that are none of ours."""
    if not re.match(r"^pkg:pypi/litellm@[^\s@]+$", found.package):
        yield "package", f"{found.package!r} is no release of LiteLLM; expected pkg:pypi/litellm@VERSION"
    for id in sorted(set(found.unknown) - set(ids)):
        yield "unknown", f"{id} is the `litellm_id` of no model; run `make litellm-known`"
