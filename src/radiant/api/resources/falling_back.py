"""What a request for a model says of waiting: read from its body, and carried out while the caller is there."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any, Final

from radiant.api.body import decoded
from radiant.api.problems import AnyRequest
from radiant.domain.choice import Choice
from radiant.domain.criteria import Criteria

#: The fields of a body that say how the answer is found, not what it has to be.
FIELDS: Final = ("fallback", "max_wait_s")

#: Whether a body may have them: most have none, and are read once, by who knows criteria.
NAMED: Final = re.compile(rb'"(?:fallback|max_wait_s)"|\\u00')


def taken_apart(body: bytes) -> tuple[Any, dict[str, Any] | None]:
    """The criteria of a body, and what it says of waiting; None where it says nothing. Raises Refused."""
    document = decoded(body)
    if not isinstance(document, dict) or not any(name in document for name in FIELDS):
        return body, None
    how = {name: document.pop(name) for name in FIELDS if name in document}
    return document, how


async def while_there(
    request: AnyRequest, ask: Callable[..., Awaitable[Choice]], criteria: Criteria, how: dict[str, Any]
) -> Choice:
    """The answer; a caller who hangs up while it is held frees the place at once."""
    if how.get("fallback") != "hold":
        return await ask(criteria, **how)
    asking = asyncio.ensure_future(ask(criteria, **how))
    leaving = asyncio.ensure_future(_gone(request))
    try:
        await asyncio.wait({asking, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not asking.done():
            asking.cancel()
        return await asking
    finally:
        leaving.cancel()


async def _gone(request: AnyRequest) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def described(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema of criteria with the fields of a body beside them."""
    return {
        "allOf": [
            schema,
            {
                "type": "object",
                "properties": {
                    "fallback": {
                        "enum": ["none", "handover", "hold", "fail"],
                        "description": "What is wanted where the best model is not ready",
                    },
                    "max_wait_s": {
                        "type": "number",
                        "exclusiveMinimum": 0,
                        "maximum": 600,
                        "description": "Seconds for which the answer may be held; 30 where it is left out",
                    },
                },
            },
        ]
    }
