"""`radiant token`: prints a token and nothing else, for use in scripts."""

from typing import Annotated

import typer

from radiant.settings import Settings


def token(
    reader: Annotated[
        bool, typer.Option("--reader", help="The reader token, which may read and select, instead.")
    ] = False,
) -> None:
    from radiant.installation.tokens import saved_token

    typer.echo(saved_token(Settings.from_environment(), "reader" if reader else "admin"))
