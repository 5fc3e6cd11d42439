"""Other names that public catalogs and providers' lists have for models of the registry, as aliases of those."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from radiant.registry import catalog_tables as tables
from radiant.registry import facts, lists
from radiant.registry.database import Connection

Key = tuple[str, ...]
Names = Mapping[Key, list[str]]

#: So many names of one model are kept.
MOST = 150

#: A name of a name of a name is followed no further.
_DEEPEST = 5


async def names_told(connection: Connection, models: Collection[Key]) -> Names:
    """By provider and model id, the names that public catalogs tell, and those of lists that were approved.

    A name that a model of its own bears, in the registry or among `models`, is not another's.
    """
    taken = await tables.keys_of_origin(connection, ["curated", "manual", "discovered", "adopted"]) | set(models)
    told = [*await facts.other_names(connection), *await lists.approved_aliases(connection)]
    return resolved(told, taken)


def resolved(told: Iterable[tuple[str, str, str]], taken: Collection[Key]) -> Names:
    """Names by the model they lead to. `told` are provider, name, and what it is a name of: a model or a name."""
    targets = {(provider, name): (provider, target) for provider, name, target in told}
    found: dict[Key, list[str]] = defaultdict(list)
    for key in sorted(targets):
        target: Key | None = key
        for _ in range(_DEEPEST):
            target = targets.get((target[0], target[1])) if target else None
            if target in taken:
                break
        if target in taken and key not in taken and target is not None:
            found[target].append(key[1])
    return found


def with_names(row: Mapping[str, Any], names: Names) -> dict[str, Any]:
    """The row of a model, its own aliases first and those told after them."""
    own = row["aliases"]
    told = names.get((row["provider_id"], row["model_id"]), ())
    return {**row, "aliases": [*own, *(name for name in told if name not in own)][: max(len(own), MOST)]}


async def name_curated(connection: Connection, names: Names, settled: Collection[Key]) -> int:
    """Give curated models the names they lack, and return of how many models names were added."""
    keys = [key for key in names if key in settled]
    overridden = await tables.overridden(connection, tables.MODELS)
    count = 0
    for row in await tables.known_rows(connection, tables.MODELS, ["aliases", "origin"], keys, curated=False):
        key, wanted = (row["provider_id"], row["model_id"]), with_names(row, names)["aliases"]
        if row["origin"] != "curated" or wanted == row["aliases"] or "aliases" in overridden.get(key, ()):
            continue
        await tables.update(connection, tables.MODELS, key, {"aliases": wanted})
        count += 1
    return count
