"""What the public status page of a provider says, where it is of a service whose answers are documented."""

import asyncio
import datetime as dt
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

import msgspec

from radiant.domain.health import INDICATORS, StatusPage

from .decoding import json_of
from .failures import Failed
from .http import Client
from .probe import LIMIT

#: Bytes of an answer; those of Statuspage have a few hundred.
_MOST: Final = 256 * 1024

#: Characters of a description that are kept.
_LONGEST: Final = 300

#: Words of a page that are none of Statuspage's.
_INSTATUS: Final = MappingProxyType({"UP": "none", "HASISSUES": "major", "UNDERMAINTENANCE": "maintenance"})


class Service(msgspec.Struct, frozen=True):
    """A kind of status page: where below its address it answers, and how an indicator and words are read from that."""

    path: str
    read: Callable[[Any], tuple[str, str]]


def _statuspage(body: Any) -> tuple[str, str]:
    return body["status"]["indicator"], body["status"]["description"]


def _instatus(body: Any) -> tuple[str, str]:
    said = body["page"]["status"]
    return _INSTATUS[said], {"UP": "All systems operational", "HASISSUES": "Has issues"}.get(said, "Under maintenance")


#: https://confluence.status.atlassian.com/api, as each page of Statuspage documents itself; read on 2026-11-26.
STATUSPAGE: Final = Service("api/v2/status.json", _statuspage)

#: https://instatus.com/help/api/public-data, read on 2026-11-26.
INSTATUS: Final = Service("summary.json", _instatus)

#: Whose page answers as which, as public programs that read them have it on 2026-11-26; the pages themselves were not
#: asked. Of others it is not known that a program may read them. One that moved says in its problem that it is no page.
SERVICES: Final[Mapping[str, Service]] = MappingProxyType(
    {
        "anthropic": STATUSPAGE,
        "cohere": STATUSPAGE,
        "elevenlabs": STATUSPAGE,
        "groq": STATUSPAGE,
        "mistral": INSTATUS,
        "openai": STATUSPAGE,
    }
)


async def read_page(provider: str, url: str, client: Client, *, at: dt.datetime) -> StatusPage | None:
    """What the page at `url` says, or why it could not be read; None where nothing is known to read there."""
    service = SERVICES.get(provider)
    if service is None:
        return None
    try:
        async with asyncio.timeout(LIMIT):
            answer = await client.get(f"{url.rstrip('/')}/{service.path}", limit=_MOST)
        indicator, description = service.read(json_of(answer.body))
        if indicator not in INDICATORS or type(description) is not str:
            raise ValueError
    except Failed as failure:
        return StatusPage(provider_id=provider, at=at, problem=failure.problem)
    except TimeoutError:
        return StatusPage(provider_id=provider, at=at, problem=f"it took longer than {LIMIT:g} seconds")
    except (ValueError, KeyError, TypeError):
        return StatusPage(provider_id=provider, at=at, problem="what came is no status page as it is documented")
    return StatusPage(provider_id=provider, at=at, indicator=indicator, description=_plain(description))


def _plain(text: str) -> str:
    """On one line, without what moves a cursor."""
    return "".join(it if it.isprintable() else " " for it in text)[:_LONGEST]
