"""A provider's key: read from the environment when it is needed, put into headers, kept nowhere."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

import msgspec

from radiant.domain.external import Auth, AuthScheme
from radiant.domain.keys import BESIDE, variable_in_use
from radiant.settings import Secret, variables

from .failures import Failed, Reason
from .sigv4 import signed

_PREFIXES: Final = {
    AuthScheme.BEARER: "Bearer ",
    AuthScheme.PREFIXED: "Token ",
    AuthScheme.KEY: "Key ",
    AuthScheme.SIGV4: "Bearer ",  # AWS takes a key of its own in place of a signature
}

#: Secret headers for one address; AWS signs each.
Signer = Callable[[str], Mapping[str, str]]


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """A provider as it is asked from here.

    `base_url` is the root of its API, in which `{region}` and the like stand for one of `values`; `key_variables` are
    the names of the environment variables its key may stand in.
    """

    id: str
    base_url: str
    auth: Auth
    key_variables: tuple[str, ...] = ()
    values: Mapping[str, str] = MappingProxyType({})

    def has_key(self, environment: Mapping[str, str]) -> bool:
        """Whether a key is there; the same rule as `connected` of a model."""
        return self.variable(environment) is not None

    def variable(self, environment: Mapping[str, str]) -> str | None:
        """The variable whose key is used."""
        return variable_in_use(self.key_variables, variables(environment))


def signer(account: Account, environment: Mapping[str, str]) -> Signer | None:
    """What puts the account's key into headers; None where it has no key. Raises Failed without showing the key."""
    name = account.variable(environment)
    if name is None:
        return None
    auth = account.auth
    if auth.scheme is AuthScheme.SIGV4 and name in BESIDE:
        id, secret = (_key(account, variable, environment) for variable in BESIDE[name])
        token = environment.get("AWS_SESSION_TOKEN", "").strip() or None
        region = account.values.get("region", "us-east-1")
        return lambda url: signed(account.id, url, id, secret, token, region)
    headers = MappingProxyType({auth.header: credential(auth, _key(account, name, environment))})
    return lambda _: headers


def credential(auth: Auth, key: str) -> str:
    """What stands in the header `auth.header`."""
    return f"{_PREFIXES.get(auth.scheme, '')}{key}"


def _key(account: Account, name: str, environment: Mapping[str, str]) -> Secret:
    """Without the line break that files end with. Characters that no header can have would show it in an error."""
    key = environment[name].strip()
    if not key.isascii() or not key.isprintable() or " " in key:
        raise Failed(account.id, Reason.SETTINGS, f"{name} has a space, a line break or a letter that no key has")
    return Secret(key)
