"""`radiant db`: the database behind the registry."""

import os
from typing import Annotated

import typer

from radiant.settings import Settings

from .command import run
from .output import JsonOption, print_json, print_table

db = typer.Typer(name="db", help="The database behind the registry.", no_args_is_help=True)


@db.command()
def url() -> None:
    """Print the address, for psql and others. Starts the embedded server where needed; `radiant db stop` stops it."""
    from radiant.installation.database import database_url

    typer.echo(database_url(Settings.from_environment()))


@db.command()
def stop() -> None:
    """Stop the embedded server."""
    from radiant.installation.database import stop_database

    typer.echo("Stopped." if stop_database(Settings.from_environment()) else "It was not running.")


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
            print_json({"applied": applied, "seeded": written, "lost": prepared.lost, "limits": prepared.limits})
            return
        for step in applied:
            typer.echo(f"applied {step}")
        for name, count in written.items():
            if count:
                typer.echo(f"{name.replace('_', ' ')}: {count}")
        if prepared.lost:
            typer.echo(f"Cannot be made again: {', '.join(prepared.lost)}. Restore it from a backup.")
        if prepared.limits:
            typer.echo(prepared.limits)
        elif not applied and not any(written.values()):
            typer.echo("Nothing to do.")

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
            typer.echo(f"damaged: {', '.join(found['damaged'])}")
        if found["lost"]:
            typer.echo(f"cannot be made again by `radiant db migrate`: {', '.join(found['lost'])}")
        if found["pending"]:
            typer.echo(f"pending: {', '.join(found['pending'])} (`radiant db migrate`)")
        elif not found["damaged"]:
            typer.echo(found["limits"] or "up to date")

    run(command)


@db.command(context_settings={"ignore_unknown_options": True})
def psql(arguments: Annotated[list[str] | None, typer.Argument(help="Passed on to psql.")] = None) -> None:
    """Open psql on the registry."""
    from radiant.installation.database import database_url, psql_program

    program = psql_program()
    address = database_url(Settings.from_environment())
    os.execv(program, [program, address, *(arguments or [])])  # noqa: S606 - becoming psql is the purpose
