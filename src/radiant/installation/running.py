"""Where the registry of this machine is, if it is up. Loads little: a line that is being typed waits for it."""

from radiant.domain.errors import RadiantError
from radiant.settings import Settings


def running_address(settings: Settings) -> str | None:
    """The address of a registry that is up; nothing is started."""
    if settings.database_url is not None:
        return settings.database_url
    from radiant.embedded.server import EmbeddedServer

    try:
        return EmbeddedServer.running_url(settings.home)
    except RadiantError:
        return None
