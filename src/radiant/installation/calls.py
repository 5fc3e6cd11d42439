"""Whom runs speak to from here, and how to begin: said by the command line when it starts and in `doctor`."""

from radiant.domain.source import Contacts


def calls(contacts: Contacts) -> str:
    """In one line."""
    begin = _begin(contacts)
    if not contacts.providers and not contacts.sources:
        return f"nobody: {_keyless(contacts, 'no provider')}, no public catalog is enabled; to begin, {begin}"
    asked = f"no provider ({_keyless(contacts, 'none')})"
    if contacts.providers:
        asked = f"providers {_few(contacts.providers)}"
    fetched = f"public catalogs {_few(contacts.sources)}" if contacts.sources else "no public catalog (none is enabled)"
    return f"{asked}; {fetched}" + (f"; to begin, {begin}" if begin else "")


def _keyless(contacts: Contacts, none: str) -> str:
    """Why no provider is asked."""
    if contacts.unlisted:
        return f"keys are here only for {_few(contacts.unlisted)}, without a list"
    return f"{none} has a key here"


def _begin(contacts: Contacts) -> str | None:
    """What has to be done for more; None where both are spoken to."""
    steps = [] if contacts.providers else ["set a key such as OPENAI_API_KEY"]
    steps += [] if contacts.sources else ["`radiant sources enable all`"]
    return " or ".join(steps) or None


def _few(ids: tuple[str, ...], most: int = 5) -> str:
    more = f" and {len(ids) - most} more" if len(ids) > most else ""
    return ", ".join(ids[:most]) + more
