"""Serve one registry over HTTP until told to stop."""

import asyncio
import contextlib
import shutil
import signal
import socket
import sys
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, TypeVar

import uvicorn

from radiant import logs
from radiant.address import bracketed, listening_socket
from radiant.api.asgi import application
from radiant.api.connections import protocol
from radiant.app import App
from radiant.embedded.supervision import Supervisor
from radiant.installation.prepare import Prepared, made_database, prepare
from radiant.settings import Settings

T = TypeVar("T")


async def serve(settings: Settings, *, announce: Callable[[str], Any]) -> None:
    """Open everything, announce where it is, serve, and on SIGINT or SIGTERM close everything.

    Raises RadiantError before it serves.
    """
    started = time.monotonic()
    logs.configure()
    stopping = _told_to_stop()
    with listening_socket(settings.host, settings.port) as listener:
        opening = AsyncExitStack()
        try:
            opened = await _unless(stopping, _open(settings, opening))
            if opened is not None:
                app, prepared = opened
                address = f"http://{bracketed(settings.host)}:{listener.getsockname()[1]}"
                counts = await app.models.statistics()
                for line in _greeting(app, prepared, address, counts, time.monotonic() - started):
                    announce(line)
                await _run(app, listener, stopping)
        finally:
            await opening.aclose()
    announce("Radiant has stopped.")


async def _open(settings: Settings, held: AsyncExitStack) -> tuple[App, Prepared]:
    """Prepare the registry and open it; what has to be closed goes into `held`."""
    url = await held.enter_async_context(made_database(settings, stop=True))
    prepared = await prepare(settings, url)
    app = await held.enter_async_context(await App.open(settings, selecting=True))
    if app.embedded is not None:
        supervisor = Supervisor(app.embedded)
        supervisor.start()
        held.push_async_callback(supervisor.close)
    return app, prepared


def _told_to_stop() -> asyncio.Event:
    """Set by SIGINT and SIGTERM, which from now on end nothing by themselves."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stopping.set)
    return stopping


async def _unless(stopping: asyncio.Event, work: Coroutine[Any, Any, T]) -> T | None:
    """What `work` returns; None where we were told to stop meanwhile and it could be cancelled."""
    working, waiting = asyncio.create_task(work), asyncio.create_task(stopping.wait())
    await asyncio.wait({working, waiting}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    if not working.done():
        working.cancel()
        await asyncio.wait({working})
    return None if working.cancelled() else working.result()


class Server(uvicorn.Server):
    """Leaves signals to us. uvicorn would raise them again after closing, before the database is closed too."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def _run(app: App, listener: socket.socket, stopping: asyncio.Event) -> None:
    config = uvicorn.Config(
        application(app),
        log_config=None,
        access_log=False,
        http=protocol(app.settings.limits),
        ws="none",
        lifespan="off",
        server_header=False,
        proxy_headers=False,  # nobody asks where a request comes from
        timeout_graceful_shutdown=5,
    )
    server = Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    waiting = asyncio.create_task(stopping.wait())
    await asyncio.wait({serving, waiting}, return_when=asyncio.FIRST_COMPLETED)
    server.should_exit = True
    waiting.cancel()
    await serving


def _greeting(app: App, prepared: Prepared, address: str, counts: dict[str, int], seconds: float) -> list[str]:
    where = f"{app.data_folder}" if app.data_folder else "the PostgreSQL of RADIANT_DATABASE_URL"
    providers = counts["provider_count"] - bool(counts["self_hosted_count"])
    command = _command()
    lines = [
        f"Radiant is up after {seconds:.1f} s.",
        f"  address   {address}",
        f"  models    {counts['external_count']} external from {providers} providers, "
        f"{counts['self_hosted_count']} self-hosted",
        f"  data      {where}",
        f"  token     {command} token",
        f'  try       curl -H "Authorization: Bearer $({command} token)" {address}/api/v2/admin/registry/stats',
    ]
    if seeded := prepared.seeded:
        lines.insert(1, f"  catalog   {seeded.models_added} models added, {seeded.models_updated} updated, "
                        f"{seeded.models_deprecated} deprecated")  # fmt: skip
    if prepared.seeded.newer is not None:
        lines.insert(1, f"  catalog   left as Radiant {prepared.seeded.newer} wrote it; this one is older")
    return [*lines, "Ctrl-C stops everything."]


def _command() -> str:
    """How to call this very program from here: by its name where the shell would find it, else by its path."""
    called = Path(sys.argv[0]).absolute()
    if shutil.which("radiant") == str(called) or called.name != "radiant":
        return "radiant"
    return str(called.relative_to(Path.cwd())) if called.is_relative_to(Path.cwd()) else str(called)
