"""`radiant worker` and `radiant api`: the two halves of `radiant up`, each alone."""

import typer

from radiant.settings import Settings

from .up import Host, Port, serving


def worker() -> None:
    import asyncio

    from radiant.serve import work

    asyncio.run(work(Settings.from_environment(), announce=typer.echo))


def api(host: Host = None, port: Port = None) -> None:
    serving(host, port, alone=True)
