"""Any server that says over HTTP whether it is ready, with hooks that wake it and put it to sleep."""

from typing import Any, ClassVar, Final

from radiant.domain.endpoint import Endpoint, Found

from .driver import Condition, Driver, Seen, Signs, cannot, order
from .http import Client
from .said import Unanswered
from .source import Source

#: What an endpoint's options may say, and what that is.
OPTIONS: Final = {
    "ready_path": "where it says whether it is ready; `/health` without it",
    "wake_url": "a path or an address that is posted to in order to wake it",
    "wake_body": "what is posted there, as JSON",
    "sleep_url": "a path or an address that is posted to in order to put it to sleep",
    "sleep_body": "what is posted there, as JSON",
}


class Generic(Driver):
    """Hooks may be elsewhere, such as at what starts a machine; the key goes to the endpoint's own host alone."""

    litellm_prefix = "openai"
    sources = (
        Source(
            "https://www.rfc-editor.org/rfc/rfc9110#name-503-service-unavailable", "2026-11-26", "503 and `Retry-After`"
        ),
    )
    warmed_by = "`POST` to the option `wake_url`, with `wake_body`"
    cooled_by = "`POST` to the option `sleep_url`, with `sleep_body`"
    signs: ClassVar[Signs] = {
        Condition.READY: "2xx at the option `ready_path`, `/health` without it",
        Condition.LOADING: "429, or 503 with `Retry-After`",
        Condition.UNLOADED: "503 without; or nobody listens and there is a `wake_url`",
    }

    async def look(self, endpoint: Endpoint, client: Client) -> Seen:
        try:
            said = await client.get(endpoint, _text(endpoint, "ready_path") or "/health")
        except Unanswered as error:
            if error.gone and _text(endpoint, "wake_url"):
                return Seen(condition=Condition.UNLOADED, instances=0)
            raise
        if said.status == 429 or (said.status == 503 and said.retry_after is not None):
            return Seen(condition=Condition.LOADING)
        if said.status == 503:
            return Seen(condition=Condition.UNLOADED)
        said.required()
        return Seen(condition=Condition.READY, instances=1)

    async def load(self, endpoint: Endpoint, client: Client, seen: Seen) -> None:
        await self._hook(endpoint, client, "wake")

    async def unload(self, endpoint: Endpoint, client: Client, seen: Seen) -> None:
        await self._hook(endpoint, client, "sleep")

    async def found(self, endpoint: Endpoint, client: Client) -> list[Found] | None:
        """What runs at a server that only says whether it is ready cannot be told."""
        return None

    async def _hook(self, endpoint: Endpoint, client: Client, verb: str) -> None:
        url = _text(endpoint, f"{verb}_url")
        if url is None:
            raise cannot(endpoint, f"its options have no {verb}_url")
        body: Any = endpoint.options.get(f"{verb}_body")
        await order(client, endpoint, url, body)


def _text(endpoint: Endpoint, option: str) -> str | None:
    said = endpoint.options.get(option)
    return said if isinstance(said, str) and said.strip() else None
