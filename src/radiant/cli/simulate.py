"""`radiant simulate`: providers to try things with, without a key and without a network."""

from pathlib import Path
from typing import Annotated

import typer


def simulate(
    file: Annotated[
        Path | None, typer.Argument(help="A script in TOML or JSON.  [default: the one that comes along]")
    ] = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on, 0 for any free one.")] = 8421,
) -> None:
    import asyncio
    import logging

    from radiant.simulator.script import read_script

    script = read_script(file)
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)

    async def play() -> None:
        from radiant.simulator.serving import playing

        async with playing(script, port=port) as theater:
            typer.echo(f"{len(theater.roles)} providers are played. Private addresses have to be allowed to ask them:")
            typer.echo("  export RADIANT_ALLOW_PRIVATE_NETWORKS=1")
            for id, role in theater.roles.items():
                variable = next(iter(role.account.key_variables), "no key variable")
                typer.echo(f"  {id:<16} {role.account.base_url:<48} {variable}={role.key}")
            for id in theater.catalogs:
                typer.echo(f"  radiant sources enable {id} --url {theater.catalog_url(id)}")
            for id, machine in theater.runtimes.all.items():
                typer.echo(f"  {id:<16} {theater.runtimes.url(id):<48} {machine.runtime}: {', '.join(machine.models)}")
            typer.echo("Ctrl-C ends them.")
            await asyncio.Event().wait()

    asyncio.run(play())
