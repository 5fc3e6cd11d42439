"""The program `radiant`: its commands, and what happens when one fails."""

import os
import signal
import sys
from typing import NoReturn

import typer

from radiant.domain.errors import RadiantError

from . import catalog, database, doctor, models, overrides, selection, token, up
from .advice import advice
from .command import exit_code

program = typer.Typer(
    name="radiant",
    help="One live record of every AI model you can call, and which one should serve a request right now.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 ok, 1 failed, 2 wrong usage, 3 no model fits.",
)
program.command()(up.up)
program.command()(models.models)
program.add_typer(models.model, name="model")
program.command()(selection.select)
program.command()(models.stats)
program.add_typer(catalog.catalog, name="catalog")
program.add_typer(overrides.overrides, name="overrides")
program.add_typer(database.db, name="db")
program.command()(token.token)
program.command()(doctor.doctor)


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(version("radiant-registry"))
        raise typer.Exit


@program.callback()
def _program(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Print the version and stop."
    ),
) -> None:
    pass


def main() -> NoReturn:
    """Run one command; every foreseen failure is one sentence on stderr and an exit code of its kind."""
    try:
        program(standalone_mode=True)
    except RadiantError as error:
        typer.echo(f"radiant: {error}{advice(error)}", err=True)
        sys.exit(exit_code(error))
    except BrokenPipeError:
        # The reader of our output is gone (`| head`); say nothing, also not while closing stdout.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(128 + signal.SIGPIPE)
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
    sys.exit(0)
