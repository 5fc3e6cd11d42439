"""The environment, read once, as one frozen struct."""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal

import msgspec
import platformdirs

from radiant.domain.errors import SettingsError

#: What a token lets its bearer do: an administrator everything, a reader read and select.
Role = Literal["admin", "reader"]

ROLES: Final[tuple[Role, ...]] = ("admin", "reader")

#: Characters of a token given by the environment: enough that nobody guesses it.
SHORTEST_TOKEN = 32


class Secret(str):
    """Text that does not show itself in logs, errors and representations; `str(secret)` is the text."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'…'"


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What a connection of `radiant up` may take: seconds for the head of a request, for its body (and for reading the
    answer), between two requests; and how many connections one address may have, 0 for any number."""

    head_seconds: float = 10.0
    body_seconds: float = 30.0
    idle_seconds: float = 75.0
    connections_per_address: int = 500

    @property
    def shortest(self) -> float:
        """The shortest of the three."""
        return min(self.head_seconds, self.body_seconds, self.idle_seconds)


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Where things lie and listen. `database_url` absent means the embedded PostgreSQL in `home`.

    `admin_token` and `reader_token` are those of machines without a home of their own; absent, a file in `home` has
    them. `variables` are the names, never the values, of the environment variables that are set: among them are those
    with the keys of providers. `connected_only` is what a request asks that leaves it open.
    """

    home: Path
    database_url: str | None = None
    host: str = "127.0.0.1"
    port: int = 8420
    catalog: Path | None = None
    limits: Limits = Limits()
    admin_token: Secret | None = None
    reader_token: Secret | None = None
    variables: frozenset[str] = frozenset()
    connected_only: bool = False

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
            host=environment.get("RADIANT_HOST") or "127.0.0.1",
            port=_port(environment.get("RADIANT_PORT") or "8420"),
            catalog=Path(catalog).expanduser().absolute() if catalog else None,
            limits=_limits(environment),
            admin_token=_token("RADIANT_ADMIN_TOKEN", environment.get("RADIANT_ADMIN_TOKEN")),
            reader_token=_token("RADIANT_READER_TOKEN", environment.get("RADIANT_READER_TOKEN")),
            variables=variables(environment),
            connected_only=connected_only(environment),
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
    """The names of the variables that are set to something."""
    return frozenset(name for name, value in environment.items() if value)


def connected_only(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether only models that a key is set for are chosen. Raises SettingsError."""
    text = environment.get("RADIANT_CONNECTED_ONLY", "").lower()
    if text in ("1", "true", "yes", "on"):
        return True
    if text in ("", "0", "false", "no", "off"):
        return False
    raise SettingsError("RADIANT_CONNECTED_ONLY", f"is {text!r:.40}; expected true or false")


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
        connections_per_address=_connections(environment.get("RADIANT_CONNECTIONS_PER_ADDRESS")),
    )


def _seconds(environment: Mapping[str, str], name: str, usual: float) -> float:
    text = environment.get(name)
    if not text:
        return usual
    if re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,3})?", text) and 0.1 <= float(text) <= 3600:
        return float(text)
    raise SettingsError(name, f"is {text!r}; expected seconds from 0.1 to 3600")


def _connections(text: str | None) -> int:
    if not text:
        return Limits().connections_per_address
    if text.isascii() and text.isdigit() and len(text) <= 6:
        return int(text)
    raise SettingsError(
        "RADIANT_CONNECTIONS_PER_ADDRESS", f"is {text!r}; expected a number up to 999999, 0 for any number"
    )


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and 0 <= int(text) <= 65535:
        return int(text)
    raise SettingsError("RADIANT_PORT", f"is {text!r}; expected a number from 0 to 65535")
