"""Passwords for PostgreSQL on RDS: tokens that AWS credentials sign, a fresh one for each connection.

Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html. A token is good for 15
minutes, for beginning a connection; what is connected stays so.
"""

import asyncio
import re
from collections.abc import Callable
from functools import cache
from typing import Any, Final

from radiant.domain.errors import SettingsError
from radiant.settings import Settings

from .address import Address

#: A token for (host, port, user, region).
Sign = Callable[[str, int, str, str | None], str]

_REGION: Final = re.compile(r"\.([a-z]{2}(?:-[a-z]+)+-[0-9]+)\.rds\.amazonaws\.com(?:\.cn)?$")

_VARIABLE: Final = "RADIANT_DATABASE_IAM"


def address_of(settings: Settings, url: str) -> Address:
    """Where the registry is, by `url`; with `database_iam` of the settings, its passwords are tokens.

    Raises SettingsError where a token would be sent to a server that is not verified, or for no user.
    """
    return signed(url) if settings.database_iam and settings.database_url is not None else Address(url)


def signed(url: str, sign: Sign | None = None) -> Address:
    """`url` with tokens as passwords. Raises SettingsError, and DatabaseUnreachable for an address with a fault."""
    found = Address(url).parameters()
    if found.get("sslmode") != "verify-full":
        raise SettingsError(
            _VARIABLE,
            "is set, and the address of the database does not verify its server: whoever answers there would get the "
            "token. Add sslmode=verify-full&sslrootcert=FILE, with the certificates of RDS in FILE",
        )
    host, user = found.get("host", ""), found.get("user", "")
    if not user or not host or "," in host:
        raise SettingsError(_VARIABLE, "is set, and the address of the database names no user, or not one host")
    port, region = int(found.get("port") or 5432), _REGION.search(host)

    async def password() -> str:
        return await asyncio.to_thread(sign or _sign, host, port, user, region and region[1])

    return Address(url, password)


def _sign(host: str, port: int, user: str, region: str | None) -> str:
    client = _client(region)
    return str(client.generate_db_auth_token(DBHostname=host, Port=port, DBUsername=user))


@cache
def _client(region: str | None) -> Any:
    """Made once: what AWS can do is a large file. Signing asks nobody."""
    import boto3

    return boto3.client("rds", region_name=region)
