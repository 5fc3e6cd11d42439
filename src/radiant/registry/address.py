"""Where the registry is, and how one connects to it: the same for pools, listeners and migrations."""

import inspect
import re
from collections.abc import Awaitable, Callable
from difflib import get_close_matches
from itertools import cycle

import msgspec
import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.pq import Conninfo

from radiant.domain.errors import DatabaseUnreachable

Password = Callable[[], str | Awaitable[str]]

_EXPECTED = "expected postgresql://user:password@host:5432/database"
_ENCODING = f"{_EXPECTED}. In a password write @ as %40, / as %2F, : as %3A and % as %25"
_SCHEME = re.compile(r"([A-Za-z][\w+.-]*)://")
_UNKNOWN = re.compile(r'invalid (?:URI query parameter|connection option):? "(\w+)"')


class Address(msgspec.Struct, frozen=True):
    """A URL, or the `key=value` form of libpq; several hosts are tried in their order.

    `password` is asked for the password of every single connection, for those that expire (tokens of RDS and the
    like). It returns text, or is a coroutine function that does.
    """

    url: str
    password: Password | None = None

    @classmethod
    def of(cls, given: "str | Address") -> "Address":
        return given if isinstance(given, Address) else cls(given)

    def __repr__(self) -> str:
        return f"Address({place(self)})"

    def parameters(self) -> dict[str, str]:
        """What the address says, by libpq's keywords. Raises DatabaseUnreachable with a sentence for its fault."""
        try:
            if not isinstance(self.url, str):  # as when an environment variable is not set
                raise DatabaseUnreachable(f"The database address is {self.url!r:.20}; {_EXPECTED}.")
            found = {key: str(value) for key, value in conninfo_to_dict(self.url).items() if value is not None}
            fault = _fault_of_text(self.url) or _fault_of_parts(found)
        except (psycopg.ProgrammingError, UnicodeError) as error:
            found, fault = {}, _fault_of_text(self.url) or _fault_of_syntax(self.url, str(error))
        if fault is not None:
            raise DatabaseUnreachable(f"The database address {fault}.")
        return found

    async def parameters_now(self) -> dict[str, str]:
        """The same with the password of this moment. Raises DatabaseUnreachable."""
        found = self.parameters()
        if self.password is None:
            return found
        try:
            given = self.password()
            return {**found, "password": await given if inspect.isawaitable(given) else given}
        except Exception as error:  # it is the caller's code, and its message may hold what must not be shown
            kind = type(error).__name__
            raise DatabaseUnreachable(f"The password for PostgreSQL at {place(self)} cannot be had: {kind}.") from error


def place(address: str | Address) -> str:
    """Where the address points, without user or password."""
    try:
        parts = Address.of(address).parameters()
    except DatabaseUnreachable:
        return "the given address"
    if "service" in parts and "host" not in parts:
        return f"the service {parts['service']}"
    hosts = (parts.get("host") or parts.get("hostaddr") or "the local socket").split(",")
    ports = (parts.get("port") or "5432").split(",")
    where = ", ".join(f"{host}:{port or 5432}" for host, port in zip(hosts, cycle(ports), strict=False))
    return f"{where}, database {parts.get('dbname') or parts.get('user') or 'default'}"


def _fault_of_text(url: str) -> str | None:
    if not url.strip():
        return f"is empty; {_EXPECTED}"
    scheme = _SCHEME.match(url)
    if scheme and scheme[1] not in ("postgresql", "postgres"):
        return f"is one of {scheme[1]}; {_EXPECTED}"
    return None


def _fault_of_syntax(url: str, said: str) -> str:
    """Libpq's own words may hold the password; of them only a keyword is shown."""
    spilled = "@" in url.partition("?")[2]
    if (unknown := _UNKNOWN.search(said)) and not spilled:
        close = get_close_matches(unknown[1], [option.keyword.decode() for option in Conninfo.get_defaults()], 1)
        hint = f"; did you mean `{close[0]}`?" if close else "; leave it out"
        return f"has the parameter `{unknown[1]}`, which PostgreSQL does not know{hint}".removesuffix("?")
    if not _SCHEME.match(url):
        return f"is none; {_EXPECTED}"
    return f"cannot be read; {_ENCODING}"


def _fault_of_parts(parts: dict[str, str]) -> str | None:
    """Values are not shown: they may be pieces of a password that was not percent-encoded."""
    hosts, ports = parts.get("host", "").split(","), parts.get("port", "").split(",")
    if "@" in parts.get("dbname", "") or any("@" in host and not host.startswith("/") for host in hosts):
        return f"cannot be read; {_ENCODING}"
    if any(port and not (port.isascii() and port.isdigit() and 0 < int(port) < 65536) for port in ports):
        return f"has a port that is no number from 1 to 65535; {_ENCODING}"
    if len(ports) not in (1, len(hosts)):
        return f"has {len(hosts)} hosts and {len(ports)} ports; give one port for all or one for each"
    seconds = parts.get("connect_timeout", "0")
    if not re.fullmatch(r"\s*-?\d+\s*", seconds):
        return "has a connect_timeout that is no whole number of seconds"
    return None
