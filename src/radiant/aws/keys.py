"""The keys of providers, from one secret of AWS Secrets Manager: in memory only, and read again after some minutes."""

import asyncio
import os
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Final

import msgspec

from radiant.domain.errors import RadiantError
from radiant.logs import Log
from radiant.settings import Secret

from .clients import AwsUnanswered, Clients, client, said

#: Seconds for which what was read is used.
LIFETIME: Final = 300.0

_EXPECTED: Final = 'expected a JSON object of texts, such as {"OPENAI_API_KEY": "sk-…"}'

_log = Log("radiant.aws")


class KeysUnusable(RadiantError):
    """The secret cannot be read, or has no keys in it. Says nothing of what is in it."""

    def __init__(self, secret: str, problem: str) -> None:
        super().__init__(f"The secret {secret} {problem}.")


class Keys(Mapping[str, str]):
    """The environment of this process with the keys of a secret added to it; only that where there is no secret.

    It has what was read last; whoever asks for `environment()` before a run has it read again where it is old.
    """

    def __init__(
        self,
        secret: str | None,
        *,
        environment: Mapping[str, str] = os.environ,
        clients: Clients = client,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._secret, self._environment, self._clients, self._clock = secret, environment, clients, clock
        self._read_at = float("-inf")
        self._keys: Mapping[str, str] | None = None

    def __getitem__(self, name: str) -> str:
        return (self._keys or {}).get(name) or self._environment[name]

    def __iter__(self) -> Iterator[str]:
        return iter({**self._environment, **(self._keys or {})})

    def __len__(self) -> int:
        return len({**self._environment, **(self._keys or {})})

    def __repr__(self) -> str:
        return f"Keys({self._secret!r})"

    async def environment(self) -> Mapping[str, str]:
        """As it is now. What was read before goes on where the secret cannot be read again.

        Raises KeysUnusable where it never could, AwsUnanswered without boto3.
        """
        if self._secret is not None and (self._keys is None or self._clock() - self._read_at >= LIFETIME):
            try:
                self._keys = await asyncio.to_thread(self._read, self._secret)
            except KeysUnusable as error:
                if self._keys is None:
                    raise
                _log.warning("keys of before are used", problem=str(error))
            self._read_at = self._clock()
        return self

    def _read(self, secret: str) -> dict[str, str]:
        try:
            answer = self._clients("secretsmanager").get_secret_value(SecretId=secret)
        except AwsUnanswered:
            raise
        except Exception as error:  # botocore's errors are made at run time
            raise KeysUnusable(secret, f"cannot be read: {said(error)}") from None
        try:
            found = msgspec.json.decode(answer["SecretString"], type=dict[str, str])
        except (KeyError, msgspec.DecodeError):  # what is wrong with it would show some of it
            raise KeysUnusable(secret, f"has no keys in it; {_EXPECTED}") from None
        return {name: Secret(key) for name, key in found.items() if key.strip()}
