"""`radiant db`: the database behind the registry."""

import os
from typing import Annotated

import typer

from radiant.settings import Settings

from .command import run
from .output import JsonOption, print_json, print_table, say

db = typer.Typer(no_args_is_help=True)


@db.command()
def url() -> None:
    """Print the address, for psql and others. Starts the embedded server where needed; `radiant db stop` stops it."""
    from radiant.installation.database import database_url

    say(database_url(Settings.from_environment()))


@db.command()
def stop() -> None:
    """Stop the embedded server."""
    from radiant.installation.database import stop_database

    say("Stopped." if stop_database(Settings.from_environment()) else "It was not running.")


@db.command()
def migrate(json: JsonOption = False) -> None:
    """Bring schema and catalog up to date."""
    import msgspec

    from radiant.installation.prepare import made_database, prepare

    async def command() -> None:
        settings = Settings.from_environment()
        async with made_database(settings) as address:
            prepared = await prepare(settings, address)
        applied, written = prepared.applied, msgspec.structs.asdict(prepared.seeded)
        if json:
            print_json(msgspec.structs.asdict(prepared))
            return
        for step in applied:
            say(f"applied {step}")
        for name, count in written.items():
            if count:
                say(f"{name.replace('_', ' ')}: {count}")
        for role in prepared.tokens:
            say(f"new {role} token in {settings.token_file(role)}")
        if prepared.lost:
            say(f"Cannot be made again: {', '.join(prepared.lost)}. Restore it from a backup.")
        if prepared.limits:
            say(prepared.limits)
        elif not (applied or prepared.tokens or any(written.values())):
            say("Nothing to do.")

    run(command)


@db.command()
def status(json: JsonOption = False) -> None:
    """Show what has been applied to the database, and what is pending."""
    from radiant.installation.database import database_status

    async def command() -> None:
        found = await database_status(Settings.from_environment())
        if json:
            print_json(found)
            return
        print_table(
            f"PostgreSQL {found['server_version'].split()[0]} at {found['place']}",
            ("version", "name", "applied by", "applied at"),
            [
                (row["version"], row["name"], row["applied_by"], f"{row['applied_at']:%Y-%m-%d %H:%M:%S} UTC")
                for row in found["applied"]
            ],
        )
        if found["damaged"]:
            say(f"damaged: {', '.join(found['damaged'])}")
        if found["lost"]:
            say(f"cannot be made again by `radiant db migrate`: {', '.join(found['lost'])}")
        if found["pending"]:
            say(f"pending: {', '.join(found['pending'])} (`radiant db migrate`)")
        elif not found["damaged"]:
            say(found["limits"] or "up to date")

    run(command)


@db.command(context_settings={"ignore_unknown_options": True})
def psql(arguments: Annotated[list[str] | None, typer.Argument(help="Passed on to psql.")] = None) -> None:
    """Open psql on the registry."""
    from radiant.installation.database import database_url, psql_program, psql_settings

    program = psql_program()
    settings = Settings.from_environment()
    address = database_url(settings)
    os.execve(program, [program, address, *(arguments or [])], {**os.environ, **psql_settings(settings)})  # noqa: S606 - becoming psql is the purpose
