"""Whether the schema of a database fits this program. Only reads."""

from radiant.domain.errors import DatabaseUnusable, NoRegistry

from . import migrations
from .database import Connection


async def check(connection: Connection) -> None:
    """Raises NoRegistry for a database that holds none, DatabaseUnusable for one that this program does not fit."""
    done = await migrations.applied(connection)
    if not done:
        raise NoRegistry(f"the database {connection.info.dbname}")
    migrations.refuse_newer(done)
    if lacking := await migrations.pending(connection):
        raise DatabaseUnusable(
            f"The registry is older than this program: it lacks {', '.join(lacking)}. "
            "Bring it up to date with `radiant db migrate`."
        )
