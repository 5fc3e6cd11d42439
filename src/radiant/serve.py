"""Serves one registry over HTTP until it is told to stop."""

import asyncio
import shutil
import signal
import sys
import time
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from radiant import logs
from radiant.address import bracketed, listening_socket
from radiant.app import App
from radiant.aws.calling import Caller, invoking
from radiant.aws.keys import Keys
from radiant.domain.counted import counted
from radiant.embedded.supervision import Supervisor
from radiant.events.deliver import Deliverer
from radiant.installation.calls import calls
from radiant.installation.cleaning import Cleaning
from radiant.installation.daily import DailySeed
from radiant.installation.prepare import Prepared, made_database, prepare
from radiant.settings import Settings, variables
from radiant.sync.seed import SeedReport
from radiant.work_beside import Beside, keeper, runner

T = TypeVar("T")


async def serve(settings: Settings, *, announce: Callable[[str], Any], alone: bool = False) -> None:
    """Open everything, announce where it is, serve, and on SIGINT or SIGTERM close everything.

    With `alone` nothing is prepared and no job is run: others do that. Raises RadiantError before it serves.
    """
    started = time.monotonic()
    logs.configure()
    stopping = _told_to_stop()
    settings, keys = await _knowing_keys(settings)
    with listening_socket(settings.host, settings.port) as listener:
        opening = AsyncExitStack()
        # The face is most of what there is to load, and the database starts meanwhile.
        face = asyncio.ensure_future(asyncio.to_thread(import_module, "radiant.api.face"))
        try:
            opened = await _unless(stopping, _open(settings, keys, opening, alone=alone))
            if opened is not None:
                app, prepared = opened
                address = f"http://{bracketed(settings.host)}:{listener.getsockname()[1]}"
                counts = await app.models.statistics()
                called = calls(await app.sources.contacts())
                workers = (await app.schedules.queue()).workers if alone else None
                for line in _greeting(app, prepared, address, counts, called, workers, time.monotonic() - started):
                    announce(line)
                if not alone:
                    beside = Beside(app.database.address, settings, keys.environment)
                    beside.start()
                    opening.push_async_callback(beside.close)
                await (await face).run(app, listener, stopping)
        finally:
            await opening.aclose()
            await asyncio.wait({face})
    announce("Radiant has stopped.")


async def work(settings: Settings, *, announce: Callable[[str], Any]) -> None:
    """Run jobs until SIGINT or SIGTERM. Prepares nothing. Raises RadiantError before it works."""
    from radiant.sync.pricing import TakingEffect
    from radiant.worker import Worker

    logs.configure()
    stopping = _told_to_stop()
    settings, keys = await _knowing_keys(settings)
    async with await App.open(settings, environment=keys) as app, AsyncExitStack() as held:
        _deliver(app, held)
        announce("The worker is up. Ctrl-C stops it.")
        taking = TakingEffect(app.database)
        run, keep = runner(app.database, settings, keys.environment), keeper(app.database, keys)
        worker = Worker(app.database, run, keep=keep, each_tick=taking.look)
        await worker.work(stopping)
    announce("The worker has stopped.")


async def _knowing_keys(settings: Settings) -> tuple[Settings, Keys]:
    """The environment with the keys of the secret where there is one; its names are among the variables that are set.

    Raises KeysUnusable.
    """
    keys = Keys(settings.keys_secret)
    environment = await keys.environment()
    if settings.keys_secret is None:
        return settings, keys
    return msgspec.structs.replace(settings, variables=variables(environment)), keys


async def _open(settings: Settings, keys: Keys, held: AsyncExitStack, *, alone: bool) -> tuple[App, Prepared | None]:
    """Prepare the registry unless others do, and open it; what has to be closed goes into `held`."""
    prepared = None
    if not alone:
        url = await held.enter_async_context(made_database(settings, stop=True))
        prepared = await prepare(settings, url)
    app = await held.enter_async_context(await App.open(settings, environment=keys, selecting=True, queueing=alone))
    if app.embedded is not None:
        supervisor = Supervisor(app.embedded)
        supervisor.start()
        held.push_async_callback(supervisor.close)
    if prepared is not None:
        daily = DailySeed(settings, app.database, since=prepared.day)
        daily.start()
        held.push_async_callback(daily.close)
        _deliver(app, held)
    elif settings.thermal_function is not None:
        caller = Caller(app.database.address, invoking(settings.thermal_function))
        held.push_async_callback(_ended, asyncio.create_task(caller.run(), name="radiant-calling"))
    return app, prepared


def _deliver(app: App, held: AsyncExitStack) -> None:
    """Tell the sinks of events, and delete what is too old, until `held` is closed."""
    cleaning = Cleaning(app.database, app.settings.retention)
    cleaning.start()
    held.push_async_callback(cleaning.close)
    deliverer = Deliverer(app.database, private=app.settings.private_networks, environment=app.environment)
    held.push_async_callback(deliverer.close)
    delivering = asyncio.create_task(deliverer.run(), name="radiant-events")
    held.push_async_callback(_ended, delivering)


async def _ended(task: "asyncio.Task[None]") -> None:
    """Tell it to stop, and wait until it has."""
    task.cancel()
    await asyncio.wait({task})


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


def _greeting(
    app: App,
    prepared: Prepared | None,
    address: str,
    counts: dict[str, int],
    called: str,
    workers: int | None,
    seconds: float,
) -> list[str]:
    where = f"{app.data_folder}" if app.data_folder else "the PostgreSQL of RADIANT_DATABASE_URL"
    command = _command()
    lines = [
        f"Radiant is up after {seconds:.1f} s.",
        f"  address   {address}",
        f"  models    {counts['external_count']} external from {counted(counts['provider_count'], 'provider')}, "
        f"{counts['self_hosted_count']} self-hosted",
        f"  data      {where}",
        f"  calls     {called}",
        f"  token     {command} token",
        f'  try       curl -H "Authorization: Bearer $({command} token)" {address}/api/v2/admin/registry/stats',
    ]
    if workers is not None:
        said = counted(workers, "worker is running", "workers are running") if workers else "no worker is running yet"
        lines.insert(-2, f"  jobs      {said}; `{command} worker` runs one")
    seeded = SeedReport() if prepared is None else prepared.seeded
    if seeded:
        lines.insert(1, f"  catalog   {counted(seeded.models_added, 'model')} added, {seeded.models_updated} updated, "
                        f"{seeded.models_deprecated} deprecated")  # fmt: skip
    if seeded.newer is not None:
        lines.insert(1, f"  catalog   left as Radiant {seeded.newer} wrote it; this one is older")
    return [*lines, "Ctrl-C stops everything."]


def _command() -> str:
    """How to call this very program from here: by its name where the shell would find it, else by its path."""
    called = Path(sys.argv[0]).absolute()
    if shutil.which("radiant") == str(called) or called.name != "radiant":
        return "radiant"
    return str(called.relative_to(Path.cwd())) if called.is_relative_to(Path.cwd()) else str(called)
