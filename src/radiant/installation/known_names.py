"""Names for shell completion: ids of public catalogs, and names in a running registry."""

import threading

from radiant.registry.names import Kind as Kind
from radiant.registry.names import beginning_with
from radiant.settings import Settings

from .running import running_address

#: Seconds that a registry has to answer in. A shell that waits is worse than one that offers nothing.
PATIENCE = 0.25


def sources() -> list[str]:
    """The public catalogs."""
    from radiant.public_catalogs.roster import BY_ID

    return [*BY_ID]


def shelves() -> tuple[str, ...]:
    """The shelves of more models."""
    from radiant.catalog.shelf import shelf_names

    return shelf_names()


def known(kind: Kind, start: str) -> list[str]:
    """The names that begin with `start`; nothing where no registry is up, or it fails, or takes too long."""
    found: list[str] = []

    def ask() -> None:
        try:
            address = running_address(Settings.from_environment())
            if address is not None:
                found.extend(beginning_with(address, kind, start))
        except Exception:  # whatever it is, a line that is being typed is no place to say it
            return

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(PATIENCE)
    return [*found]
