"""The environment, read once, as one frozen struct."""

import datetime as dt
import os
import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Final, Literal

import msgspec

from radiant.domain.errors import SettingsError
from radiant.domain.retention import Retention
from radiant.domain.vocabulary import Task

#: What a token lets its bearer do: an administrator everything, a reader read and select.
Role = Literal["admin", "reader"]

ROLES: Final[tuple[Role, ...]] = ("admin", "reader")

#: A web origin as browsers send it: scheme, host and port, nothing behind.
_ORIGIN = re.compile(r"[a-z][a-z0-9+.-]*://(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?")

#: Characters of a token given by the environment: enough that nobody guesses it.
SHORTEST_TOKEN = 32


#: Where nothing is set: seconds between lists, USD for a day's probes, how much later than us tenants pay a rise.
ABSENCE_INTERVAL: Final = 3600.0
PROBE_BUDGET: Final = Decimal("0.05")
PRICE_GRACE: Final = dt.timedelta(hours=24)


class Secret(str):
    """Text that does not show itself in logs, errors and representations; `str(secret)` is the text."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'…'"


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What a connection of `radiant up` may take: seconds for the head of a request, for its body (and for reading the
    answer), between two requests; how many connections one address may have, 0 for any number; and how many requests
    are held at once until a model is warm."""

    head_seconds: float = 10.0
    body_seconds: float = 30.0
    idle_seconds: float = 75.0
    connections_per_address: int = 500
    held_requests: int = 1000

    @property
    def shortest(self) -> float:
        """The shortest of the three."""
        return min(self.head_seconds, self.body_seconds, self.idle_seconds)


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Where things lie and listen. `database_url` absent means the embedded PostgreSQL in `home`.

    `admin_token` and `reader_token` are those of machines without a home of their own; absent, a file in `home` has
    them. `variables` are the names, never the values, of the environment variables that are set: among them are those
    with the keys of providers. `connected_only` is what a request asks that leaves it open. `list_tasks` are the tasks
    whose models `/v1/models` lists where nobody asks for others, all where it is empty. `cors_origins` are the web
    origins whose pages may ask, `*` for all. With `private_networks` providers may be at private and loopback
    addresses. With `open_metrics` whoever reaches `/metrics` may read it. `retention` is how long what only grows is
    kept. `absence_interval` is how many seconds lists are apart that count as evidence of a model's absence. `online`
    has runs fetch every public catalog. With `status_pages` the public status pages of probed providers are read, too.
    `probe_budget` is what completions that people ask for may cost in a day, in USD. `price_grace` is how much later
    than us tenants pay a rise of more than a tenth. With `database_iam` the password of every connection is a token
    that AWS credentials sign. `keys_secret` is the secret of AWS Secrets Manager with the keys of providers,
    `master_secret` that with user and password of who may make roles; `thermal_function` the function of AWS Lambda
    that warms models where no worker is alive; `event_bus` the bus of AWS EventBridge that a migration there makes a
    sink of events.
    """

    home: Path
    database_url: str | None = None
    database_iam: bool = False
    keys_secret: str | None = None
    master_secret: str | None = None
    event_bus: str | None = None
    thermal_function: str | None = None
    host: str = "127.0.0.1"
    port: int = 8420
    catalog: Path | None = None
    limits: Limits = Limits()
    admin_token: Secret | None = None
    reader_token: Secret | None = None
    variables: frozenset[str] = frozenset()
    connected_only: bool = False
    list_tasks: tuple[Task, ...] = ()
    cors_origins: tuple[str, ...] = ()
    private_networks: bool = False
    open_metrics: bool = False
    retention: Retention = Retention()
    absence_interval: float = ABSENCE_INTERVAL
    online: bool = False
    status_pages: bool = False
    probe_budget: Decimal = PROBE_BUDGET
    price_grace: dt.timedelta = PRICE_GRACE

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """Read the variables that docs/reference/settings.md describes.

        Raises SettingsError for a value that cannot be used.
        """
        home = environment.get("RADIANT_HOME")
        catalog = environment.get("RADIANT_CATALOG")
        return cls(
            home=(Path(home).expanduser() if home else default_home()).absolute(),
            database_url=_database_url(environment),
            database_iam=_yes_or_no("RADIANT_DATABASE_IAM", environment),
            keys_secret=environment.get("RADIANT_KEYS_SECRET") or None,
            master_secret=environment.get("RADIANT_MASTER_SECRET") or None,
            event_bus=environment.get("RADIANT_EVENT_BUS") or None,
            thermal_function=environment.get("RADIANT_THERMAL_FUNCTION") or None,
            host=environment.get("RADIANT_HOST") or "127.0.0.1",
            port=_port(environment.get("RADIANT_PORT") or "8420"),
            catalog=Path(catalog).expanduser().absolute() if catalog else None,
            limits=_limits(environment),
            admin_token=_token("RADIANT_ADMIN_TOKEN", environment.get("RADIANT_ADMIN_TOKEN")),
            reader_token=_token("RADIANT_READER_TOKEN", environment.get("RADIANT_READER_TOKEN")),
            variables=variables(environment),
            connected_only=connected_only(environment),
            list_tasks=_tasks(environment.get("RADIANT_LIST_TASKS")),
            cors_origins=_origins(environment.get("RADIANT_CORS_ORIGINS")),
            private_networks=_yes_or_no("RADIANT_ALLOW_PRIVATE_NETWORKS", environment),
            open_metrics=_yes_or_no("RADIANT_OPEN_METRICS", environment),
            retention=_retention(environment),
            absence_interval=_interval(environment.get("RADIANT_ABSENCE_INTERVAL")),
            online=_yes_or_no("RADIANT_ONLINE", environment),
            status_pages=_yes_or_no("RADIANT_STATUS_PAGES", environment),
            probe_budget=_budget(environment.get("RADIANT_PROBE_BUDGET")),
            price_grace=_grace(environment.get("RADIANT_PRICE_GRACE_HOURS")),
        )

    def token_file(self, role: Role) -> Path:
        """Where this home keeps the token of a role."""
        return self.home / f"{role}-token"

    def token(self, role: Role) -> Secret | None:
        """The token of a role that the environment gives."""
        return self.admin_token if role == "admin" else self.reader_token


def default_home() -> Path:
    """The data folder. Root's lies outside any home, where PostgreSQL's own account can reach it."""
    if os.name == "posix" and os.geteuid() == 0:
        return Path("/var/lib/radiant")
    import platformdirs

    return Path(platformdirs.user_data_dir("radiant", appauthor=False))


def _database_url(environment: Mapping[str, str]) -> str | None:
    for name in ("RADIANT_DATABASE_URL", "DATABASE_URL"):
        if url := environment.get(name):
            if not url.startswith(("postgresql://", "postgres://")):
                scheme, found, _ = url.partition("://")
                kind = f"a {scheme} address" if found else "no address"
                raise SettingsError(name, f"is {kind}; expected postgresql://user@host:5432/database")
            return url
    return None


def variables(environment: Mapping[str, str] = os.environ) -> frozenset[str]:
    """The names of the variables that are set to something; blanks are nothing."""
    return frozenset(name for name, value in environment.items() if value.strip())


def connected_only(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether only models that a key is set for are chosen. Raises SettingsError."""
    return _yes_or_no("RADIANT_CONNECTED_ONLY", environment)


def _yes_or_no(name: str, environment: Mapping[str, str]) -> bool:
    text = environment.get(name, "").lower()
    if text in ("1", "true", "yes", "on"):
        return True
    if text in ("", "0", "false", "no", "off"):
        return False
    raise SettingsError(name, f"is {text!r:.40}; expected true or false")


def _token(variable: str, text: str | None) -> Secret | None:
    """The problem never shows the token."""
    if not text:
        return None
    if not (text.isascii() and text.isprintable()) or " " in text:
        raise SettingsError(variable, "has characters other than printable ASCII without spaces")
    if len(text) < SHORTEST_TOKEN:
        raise SettingsError(
            variable, f"has {len(text)} characters; expected {SHORTEST_TOKEN} or more, such as `openssl rand -hex 32`"
        )
    return Secret(text)


def _limits(environment: Mapping[str, str]) -> Limits:
    usual = Limits()
    return Limits(
        head_seconds=_seconds(environment, "RADIANT_HEAD_SECONDS", usual.head_seconds),
        body_seconds=_seconds(environment, "RADIANT_BODY_SECONDS", usual.body_seconds),
        idle_seconds=_seconds(environment, "RADIANT_IDLE_SECONDS", usual.idle_seconds),
        connections_per_address=_count(
            environment, "RADIANT_CONNECTIONS_PER_ADDRESS", usual.connections_per_address, "any number"
        ),
        held_requests=_count(environment, "RADIANT_HELD_REQUESTS", usual.held_requests, "none"),
    )


def _seconds(environment: Mapping[str, str], name: str, usual: float) -> float:
    text = environment.get(name)
    if not text:
        return usual
    if re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,3})?", text) and 0.1 <= float(text) <= 3600:
        return float(text)
    raise SettingsError(name, f"is {text!r}; expected seconds from 0.1 to 3600")


def _interval(text: str | None) -> float:
    if not text:
        return ABSENCE_INTERVAL
    if re.fullmatch(r"[0-9]{1,7}(\.[0-9]{1,3})?", text):
        return float(text)
    raise SettingsError("RADIANT_ABSENCE_INTERVAL", f"is {text!r:.40}; expected seconds from 0 to 9999999")


def _budget(text: str | None) -> Decimal:
    if not text:
        return PROBE_BUDGET
    if re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,9})?", text):
        return Decimal(text)
    raise SettingsError("RADIANT_PROBE_BUDGET", f"is {text!r:.40}; expected US dollars a day, such as 0.05")


def _grace(text: str | None) -> dt.timedelta:
    if not text:
        return PRICE_GRACE
    if re.fullmatch(r"[0-9]{1,4}", text):
        return dt.timedelta(hours=int(text))
    raise SettingsError("RADIANT_PRICE_GRACE_HOURS", f"is {text!r:.40}; expected hours from 0 to 9999")


def _count(environment: Mapping[str, str], name: str, usual: int, zero: str) -> int:
    text = environment.get(name)
    if not text:
        return usual
    if text.isascii() and text.isdigit() and len(text) <= 6:
        return int(text)
    raise SettingsError(name, f"is {text!r}; expected a number up to 999999, 0 for {zero}")


def _retention(environment: Mapping[str, str]) -> Retention:
    usual = Retention()
    return Retention(
        event_days=_days(environment, "RADIANT_EVENT_DAYS", usual.event_days),
        run_days=_days(environment, "RADIANT_RUN_DAYS", usual.run_days),
        uneventful_days=_days(environment, "RADIANT_UNEVENTFUL_DAYS", usual.uneventful_days),
    )


def _days(environment: Mapping[str, str], name: str, usual: int) -> int:
    text = environment.get(name)
    if not text:
        return usual
    if text.isascii() and text.isdigit() and len(text) <= 4 and 1 <= int(text) <= 3650:
        return int(text)
    raise SettingsError(name, f"is {text!r:.40}; expected a number of days from 1 to 3650")


def _tasks(text: str | None) -> tuple[Task, ...]:
    known = {task.value: task for task in Task}
    for name in (names := _names(text)):
        if name not in known:
            raise SettingsError("RADIANT_LIST_TASKS", f"names {name!r:.40}; expected some of: {', '.join(known)}")
    return tuple(known[name] for name in names)


def _origins(text: str | None) -> tuple[str, ...]:
    for origin in (origins := _names(text)):
        if origin != "*" and not _ORIGIN.fullmatch(origin):
            expected = "expected origins such as https://app.example.com, or *"
            raise SettingsError("RADIANT_CORS_ORIGINS", f"names {origin!r:.80}; {expected}")
    return origins


def _names(text: str | None) -> tuple[str, ...]:
    """The names of a list with commas, each once."""
    return tuple(dict.fromkeys(name for part in (text or "").split(",") if (name := part.strip())))


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) <= 5 and int(text) <= 65535:
        return int(text)
    raise SettingsError("RADIANT_PORT", f"is {text!r:.40}; expected a number from 0 to 65535")
