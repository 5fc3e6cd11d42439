"""The catalogs a registry was seeded from, and what came from each."""

from typing import Any

from psycopg import sql

from .catalog_tables import DEFAULTS, MODELS, PROVIDERS, SELF_HOSTED
from .database import Connection

#: What a catalog's rows stand in, and whether a row there can be deprecated.
_TABLES = ((MODELS, True), (SELF_HOSTED, True), (PROVIDERS, False), (DEFAULTS, False))


async def version(connection: Connection, name: str) -> str | None:
    """The newest version of a catalog that was seeded, None where none was or none is known."""
    row = await (await connection.execute("SELECT version FROM catalogs WHERE name = %s", [name])).fetchone()
    return row["version"] if row else None


async def record(connection: Connection, name: str, *, version: str | None, folder: str | None) -> None:
    """Note a catalog that is being seeded; the same again writes nothing."""
    await connection.execute(
        """
        INSERT INTO catalogs (name, version, folder) VALUES (%(name)s, %(version)s, %(folder)s)
        ON CONFLICT (name) DO UPDATE
           SET version = excluded.version, folder = excluded.folder, seeded_at = now(), seeded_by = session_user
         WHERE (catalogs.version, catalogs.folder) IS DISTINCT FROM (excluded.version, excluded.folder)
        """,
        {"name": name, "version": version, "folder": folder},
    )


async def listed(connection: Connection) -> list[dict[str, Any]]:
    """Each catalog with how many models that are not deprecated came from it."""
    return await (
        await connection.execute(
            """
            SELECT c.name, c.version, c.folder, c.seeded_at, c.seeded_by,
                   (SELECT count(*) FROM models m WHERE m.catalog = c.name AND NOT m.deprecated) AS external,
                   (SELECT count(*) FROM self_hosted_models s WHERE s.catalog = c.name AND NOT s.deprecated)
                       AS self_hosted
              FROM catalogs c
             ORDER BY c.name
            """
        )
    ).fetchall()


async def drop(connection: Connection, name: str) -> int | None:
    """Deprecate what came from a catalog and forget the catalog; how many models that was, None where there is none."""
    found = await connection.execute("SELECT FROM catalogs WHERE name = %s FOR UPDATE", [name])
    if await found.fetchone() is None:
        return None
    count = 0
    for table, retires in _TABLES:
        fields = sql.SQL("catalog = NULL, deprecated = true" if retires else "catalog = NULL")
        done = await connection.execute(
            sql.SQL("UPDATE {} SET {} WHERE catalog = %s").format(sql.Identifier(table.name), fields), [name]
        )
        count += done.rowcount if retires else 0
    source = f"curated:{name}"
    await connection.execute("DELETE FROM facts WHERE source = %s", [source])
    await connection.execute("DELETE FROM fact_imports WHERE source = %s", [source])
    await connection.execute("DELETE FROM catalogs WHERE name = %s", [name])
    return count
