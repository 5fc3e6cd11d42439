"""Ollama: many models, loaded on demand and unloaded when nobody asked for as long as was said."""

import datetime as dt
from typing import ClassVar, Final

from radiant.domain.endpoint import Endpoint, Found
from radiant.domain.vocabulary import ThermalState

from .driver import Condition, Driver, Seen, Signs, order
from .http import Client
from .said import count, entries, name, text
from .source import Source

#: What it says to who would have a model generate that only embeds.
_NO_TEXT: Final = b"does not support generate"


class Ollama(Driver):
    """`keep_alive` of an endpoint's options is how long a warmed model stays, as Ollama writes it; -1 (default) is
    until it is cooled, because Radiant decides when that is."""

    litellm_prefix = "ollama"
    sources = (
        Source(
            "https://github.com/ollama/ollama/blob/main/docs/api.md",
            "2026-11-26",
            "lists, `/api/ps`, loading and unloading without a prompt, `keep_alive`",
        ),
        Source("github.com/ollama/ollama (fb30760): server/routes.go", "2026-11-22", "`/` and names of models"),
        Source(
            "github.com/ollama/ollama (0018813): server/routes.go",
            "2026-11-27",
            "what only embeds is loaded by `/api/embed` without a text, and the case of names does not count",
        ),
        Source("https://github.com/saurabhav88/EnviousWispr/issues/1914", "2026-11-27", "`remote_host` in `/api/tags`"),
    )
    unread = (
        "That loading ends when who asked hangs up: the connection is held, which does no harm where it is otherwise."
    )
    warmed_by = (
        "`POST /api/generate` without a prompt, `POST /api/embed` where it only embeds; the connection is held, "
        "because hanging up ends the loading"
    )
    cooled_by = '`POST /api/generate` without a prompt and with `"keep_alive": 0`'
    signs: ClassVar[Signs] = {
        Condition.READY: "in `/api/ps`, `expires_at` not past",
        Condition.UNLOADED: "in `/api/tags` only",
        Condition.ABSENT: "not in `/api/tags`: not pulled; or there with a `remote_host`: it runs elsewhere",
    }

    async def look(self, endpoint: Endpoint, client: Client) -> Seen:
        wanted = _tagged(endpoint.name).casefold()
        up = entries((await client.get(endpoint, "/api/ps")).json(), "models")
        if any(_named(it) == wanted and not _past(it, client.now()) for it in up):
            return Seen(condition=Condition.READY, instances=1)
        pulled = entries((await client.get(endpoint, "/api/tags")).json(), "models")
        for it in pulled:
            if _named(it) == wanted:
                if (host := _elsewhere(it)) is not None:
                    return Seen(condition=Condition.ABSENT, problem=f"it runs at {host:.100} and not on this server")
                return Seen(condition=Condition.UNLOADED, instances=0)
        return Seen(condition=Condition.ABSENT, problem=f"it has not pulled {endpoint.name!r:.100}")

    async def load(self, endpoint: Endpoint, client: Client, seen: Seen) -> None:
        kept = {"model": endpoint.name, "keep_alive": endpoint.options.get("keep_alive", -1)}
        body = {**kept, "stream": False}
        said = await client.ask(endpoint, "POST", "/api/generate", body, seconds=client.patience.load)
        if said.status == 400 and _NO_TEXT in said.body:
            await order(client, endpoint, "/api/embed", {**kept, "input": []})
            return
        said.required()

    async def unload(self, endpoint: Endpoint, client: Client, seen: Seen) -> None:
        await order(client, endpoint, "/api/generate", {"model": endpoint.name, "keep_alive": 0, "stream": False})

    async def found(self, endpoint: Endpoint, client: Client) -> list[Found] | None:
        """Other servers answer `/api/tags` too; this one says its name."""
        if not (await client.get(endpoint, "/")).required().body.startswith(b"Ollama is running"):
            return None
        up = entries((await client.get(endpoint, "/api/ps")).json(), "models")
        windows = {_named(it): count(it, "context_length") for it in up if not _past(it, client.now())}
        pulled = entries((await client.get(endpoint, "/api/tags")).json(), "models")
        return [
            Found(
                name=id,
                state=ThermalState.WARM if _named(it) in windows else ThermalState.COLD,
                context_window=windows.get(_named(it)),
            )
            for it in pulled
            if (id := name(it, "name") or name(it, "model")) is not None and _elsewhere(it) is None
        ]


def _named(entry: object) -> str | None:
    """What it is called, as it is compared: Ollama finds a model whatever the case of its letters."""
    id = name(entry, "name") or name(entry, "model")
    return None if id is None else _tagged(id).casefold()


def _elsewhere(entry: object) -> str | None:
    """Where a model runs to which this server only passes requests on: it is nobody's own, and they leave the house."""
    return text(entry, "remote_host")


def _tagged(id: str) -> str:
    """A name without a tag means the tag `latest`."""
    return id if ":" in id.rpartition("/")[2] else f"{id}:latest"


def _past(entry: object, now: dt.datetime) -> bool:
    """Whether the time of a loaded model is over; one that cannot be read is not. Its fractions have nine digits."""
    try:
        until = dt.datetime.fromisoformat(text(entry, "expires_at") or "")
    except ValueError:
        return False
    return until.tzinfo is not None and until <= now
