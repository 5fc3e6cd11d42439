"""Bearer tokens. An administrator may do everything, a reader may read and select."""

from typing import Any, TypeAlias

from litestar.connection import ASGIConnection
from litestar.di import NamedDependency
from litestar.handlers.base import BaseRouteHandler

from radiant.app import App

from .problem_types import ADMIN_NEEDED, TOKEN_NEEDED, TOKEN_UNKNOWN
from .problems import Refused

#: How a handler asks for the registry behind it: `radiant: TheApp`.
TheApp: TypeAlias = NamedDependency[App]

Connection: TypeAlias = ASGIConnection[Any, Any, Any, Any]

#: What a request without a token is told, and one with a reader's where an administrator's is needed.
ANONYMOUS = "This needs a token: send `Authorization: Bearer TOKEN`; `radiant token` prints it."
NO_ADMIN = "This needs the admin token; `radiant token` prints it."

#: Where clients of Anthropic and of Azure put their key.
KEY_HEADERS = (b"x-api-key", b"api-key")

_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="radiant"'}


async def admin(connection: Connection, _: BaseRouteHandler) -> None:
    """Guard: only an administrator's token."""
    if await role_of(connection) != "admin":
        raise Refused(ADMIN_NEEDED, NO_ADMIN)


async def reader(connection: Connection, _: BaseRouteHandler) -> None:
    """Guard: any token of this registry."""
    await role_of(connection)


async def client(connection: Connection, _: BaseRouteHandler) -> None:
    """Guard: any token of this registry, also where clients of other services put theirs."""
    await role_of(connection, KEY_HEADERS)


def radiant_of(connection: Connection) -> App:
    """The registry behind this connection."""
    radiant: App = connection.app.state["radiant"]
    return radiant


async def role_of(connection: Connection, others: tuple[bytes, ...] = ()) -> str:
    """Whom the request comes from, by its bearer token, or else by the bare token in one of the `others` headers.

    Raises Refused for nobody we know.
    """
    scheme, _, token = _header(connection, b"authorization").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        token = next((found for name in others if (found := _header(connection, name))), "")
    if not token.strip():
        raise Refused(TOKEN_NEEDED, ANONYMOUS, headers=_CHALLENGE)
    role = await radiant_of(connection).access.role_of(token.strip())
    if role is None:
        raise Refused(
            TOKEN_UNKNOWN, "This token is not known here; `radiant token` prints the right one.", headers=_CHALLENGE
        )
    return role


def _header(connection: Connection, wanted: bytes) -> str:
    """The header, without making a dictionary of all headers for it."""
    for name, value in connection.scope["headers"]:
        if name == wanted:
            return value.decode("latin-1")
    return ""
