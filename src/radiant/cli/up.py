"""`radiant up`: prepares and serves a registry until it is stopped."""

from typing import Annotated

import typer

from radiant.settings import Settings

Host = Annotated[str | None, typer.Option(help="Address to listen on.  [default: 127.0.0.1]")]
Port = Annotated[
    int | None, typer.Option(min=0, max=65535, help="Port to listen on, 0 for any free one.  [default: 8420]")
]


def up(host: Host = None, port: Port = None) -> None:
    serving(host, port)


def serving(host: str | None, port: int | None, *, alone: bool = False) -> None:
    """Serve there until told to stop; `alone`, without jobs."""
    import asyncio

    import msgspec

    from radiant.serve import serve

    settings = Settings.from_environment()
    settings = msgspec.structs.replace(
        settings, host=host or settings.host, port=settings.port if port is None else port
    )
    asyncio.run(serve(settings, announce=typer.echo, alone=alone))
