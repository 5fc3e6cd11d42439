"""The list of models that servers speaking OpenAI's API have, of those that serve one model each."""

from radiant.domain.endpoint import Endpoint, Found

from .driver import Condition, Seen, known
from .http import Client
from .said import count, entries, name

PATH = "/v1/models"


async def served(endpoint: Endpoint, client: Client) -> Seen | None:
    """None where the server lists the endpoint's model; what to say where it lists others. Raises Unanswered."""
    names = [id for it in entries((await client.get(endpoint, PATH)).json(), "data") if (id := name(it, "id"))]
    if endpoint.name in names:
        return None
    return Seen(condition=Condition.ABSENT, problem=f"it serves {', '.join(names[:5])[:200] or 'no model'}")


async def listed(endpoint: Endpoint, client: Client, owner: str, condition: Condition) -> list[Found] | None:
    """The models of a server whose list names `owner` as theirs, None of any other. Raises Unanswered."""
    own = [it for it in entries((await client.get(endpoint, PATH)).json(), "data") if it.get("owned_by") == owner]
    found = [
        Found(name=id, state=known(condition), context_window=count(it, "max_model_len"))
        for it in own
        if (id := name(it, "id")) is not None
    ]
    return found or None
