"""Events by HTTP POST, signed as Standard Webhooks 1.0 asks: over the very bytes that are sent."""

import base64
import binascii
import hashlib
import hmac
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from radiant.domain.event import Event
from radiant.events.cloud_events import MEDIA_TYPE, encoded
from radiant.events.outcome import TAKEN, Fate, Outcome
from radiant.providers.failures import Failed, Reason
from radiant.providers.http import Client, Patience

#: Seconds that a receiver has.
PATIENCE: Final = Patience(connect=5.0, read=15.0, answer=20.0, pages=20.0)

#: What a secret begins with when it is shown to people.
PREFIX: Final = "whsec_"

#: Bytes of a key that nobody guesses.
SHORTEST_KEY: Final = 24

_GONE: Final = 410
_LATER: Final = (408, 425, 429)


class WebhookSink:
    """One event at a time, so that the receiver sees them in order.

    `settings` have `url`, or `url_env`: the variable that holds the address. `secret_env` names the variable with the
    secret, or several with spaces between while they change.
    """

    batch: Final = 1

    def __init__(
        self,
        settings: Mapping[str, str],
        secret_env: str | None,
        *,
        environment: Mapping[str, str],
        client: Client,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._settings, self._secret_env, self._environment = settings, secret_env, environment
        self._client, self._now = client, now

    async def send(self, events: Sequence[Event]) -> list[Outcome]:
        return [await self._send(event) for event in events]

    async def _send(self, event: Event) -> Outcome:
        body, id, moment = encoded(event), str(event.id), int(self._now())
        headers = {"Content-Type": MEDIA_TYPE, "Webhook-Id": id, "Webhook-Timestamp": str(moment)}
        try:
            url = self._url()
            if keys := self._keys():
                headers["Webhook-Signature"] = " ".join(signature(key, id, moment, body) for key in keys)
            reply = await self._client.post(url, body, headers=headers)
        except _NotSet as error:
            return Outcome(Fate.BLOCKED, str(error))
        except Failed as error:  # its place may be a secret; its problem is not
            return Outcome(Fate.BLOCKED if error.reason is Reason.ADDRESS else Fate.LATER, error.problem)
        return _outcome(reply.status, reply.retry_after)

    def _url(self) -> str:
        if (variable := self._settings.get("url_env")) is None:
            return self._settings["url"]
        if url := self._environment.get(variable):
            return url
        raise _NotSet(f"the environment variable {variable}, which holds its address, is not set")

    def _keys(self) -> list[bytes]:
        if self._secret_env is None:
            return []
        if not (secrets := self._environment.get(self._secret_env, "").split()):
            raise _NotSet(f"the environment variable {self._secret_env}, which holds its secret, is not set")
        return [self._key(secret) for secret in secrets]

    def _key(self, secret: str) -> bytes:
        try:
            text = secret.removeprefix(PREFIX).rstrip("=")
            key = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if len(key) < SHORTEST_KEY:
            raise _NotSet(
                f"the environment variable {self._secret_env} holds no secret of a webhook; expected {PREFIX} and "
                f"{SHORTEST_KEY} bytes or more in base64, such as {PREFIX}$(openssl rand -base64 32)"
            )
        return key


class _NotSet(Exception):
    """Something has to be set first; no secret is in the text."""


def signature(key: bytes, id: str, moment: int, body: bytes) -> str:
    """The signature of a message that is sent at `moment`, in seconds since 1970."""
    signed = hmac.new(key, f"{id}.{moment}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(signed).decode()}"


def _outcome(status: int, pause: float | None) -> Outcome:
    if 200 <= status < 300:
        return TAKEN
    said = f"it answered {status}"
    if status == _GONE:
        return Outcome(Fate.GONE, f"{said}: it wants no more events")
    if status in _LATER or status >= 500:
        return Outcome(Fate.LATER, said, pause)
    return Outcome(Fate.REFUSED, f"{said}; redirects are not followed" if 300 <= status < 400 else said, pause)
