"""Who is spoken to from here: providers with a key or enabled by hand, and public catalogs that are enabled. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from radiant.domain.source import Contacts, SourceState
from radiant.providers.roster import lister
from radiant.public_catalogs.roster import SOURCES
from radiant.registry.sources import Said

from .accounts import checked_by_claims, skipped


def contacts(
    providers: Sequence[Mapping[str, Any]], said: Mapping[str, Said], environment: Mapping[str, str], *, online: bool
) -> Contacts:
    """Whom runs contact. `providers` are rows as `registry.lists` gives them."""
    return Contacts(
        unlisted=tuple(row["id"] for row in providers if checked_by_claims(row, lister(row["id"]), environment)),
        providers=tuple(row["id"] for row in providers if skipped(row, lister(row["id"]), environment) is None),
        sources=tuple(it.id for it in SOURCES if online or said.get(it.id, _NOTHING).enabled),
    )


_NOTHING: Final = Said()


def source_states(
    said: Mapping[str, Said], told: Mapping[str, Mapping[str, Any]], *, online: bool
) -> list[SourceState]:
    """Every public catalog for people, by id. `told` has the columns of `registry.sources.states`."""
    return sorted((_state(it, said.get(it.id, _NOTHING), told.get(it.id, {}), online) for it in SOURCES), key=_id)


def _state(it: Any, how: Said, told: Mapping[str, Any], online: bool) -> SourceState:
    fetched, failed = online or how.enabled, told.get("outcome") == "failed"
    return SourceState(
        id=it.id,
        name=it.name,
        url=how.url or it.url,
        mirror=how.url is not None,
        home=it.home,
        enabled=how.enabled,
        fetched=fetched,
        status=_status(fetched, failed, told),
        entries=told.get("entries"),
        facts=told.get("facts"),
        imported_at=told.get("imported_at"),
        last_attempt=told.get("last_attempt"),
        last_error=told.get("error"),
    )


def _status(fetched: bool, failed: bool, told: Mapping[str, Any]) -> str:
    if not fetched:
        return "disabled; imported by hand" if told.get("imported_at") else "disabled"
    if told.get("last_attempt") is None:
        return "not fetched yet"
    return "failing" if failed else "fetched"


def _id(state: SourceState) -> str:
    return state.id
