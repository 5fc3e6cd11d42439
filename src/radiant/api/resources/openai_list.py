"""The list of models that clients of OpenAI, and of Anthropic, read."""

import datetime as dt
from bisect import bisect_right
from typing import Annotated, Any

from litestar import Router, get
from litestar.openapi.spec import Example
from litestar.params import Parameter

from radiant.api.listed import Known, OpenAIList, OpenAIModel, created_at, id_of
from radiant.api.lists import pattern_of, split
from radiant.api.model_paths import at_the_end
from radiant.api.security import TheApp, client
from radiant.api.transfer import economical
from radiant.domain.errors import UnknownFilterValue
from radiant.domain.registry_model import ModelFilter, RegistryModel
from radiant.domain.vocabulary import Task

LARGEST_PAGE = 1000

#: For a list of all tasks, whatever the default of this registry is.
ALL = "all"


@get("/v1/models", summary="All models, in the shape of OpenAI's list")
async def openai_list(
    radiant: TheApp,
    task: Annotated[
        str | None, Parameter(description="Only of these tasks, separated by commas; `all` for all")
    ] = None,
    limit: Annotated[int, Parameter(ge=0, le=LARGEST_PAGE, description="Models of a page; 0 is all of them")] = 0,
    after: Annotated[str | None, Parameter(description="`last_id` of the page before")] = None,
    after_id: Annotated[str | None, Parameter(description="The same, as clients of Anthropic call it")] = None,
) -> OpenAIList:
    """Ids are `provider/model`, and the list is in their order. What the registry knows beyond OpenAI's fields stands
    under `radiant`. Without `task`, those of `RADIANT_LIST_TASKS`. Parameters that clients add of their own are
    ignored."""
    tasks = _tasks(task, radiant.settings.list_tasks)
    asked = ModelFilter(current_on=radiant.today)
    found = [it for it in await radiant.models.listed(asked) if not tasks or it.primary_mode in tasks]
    found.sort(key=id_of)
    page = found[bisect_right(found, after or after_id or "", key=id_of) :][: limit or None]
    return OpenAIList(
        object="list",
        data=[_openai(model) for model in page],
        first_id=id_of(page[0]) if page else None,
        last_id=id_of(page[-1]) if page else None,
        has_more=bool(page) and page[-1] is not found[-1],
    )


@get("/v1/models/{id:path}", summary="One model, in the shape of OpenAI's list")
async def openai_model(
    radiant: TheApp, id: Annotated[str, Parameter(examples=[Example(value="openai/gpt-4o-mini")])]
) -> OpenAIModel:
    """By `provider/model`, or by any other name that only one provider's model has: its id, LiteLLM's, an alias, or a
    spelling that leaves one."""
    return _openai(await radiant.models.one(at_the_end(id), radiant.today))


def _tasks(asked: str | None, default: tuple[Task, ...]) -> frozenset[str]:
    """The tasks whose models are listed; none means all."""
    if not asked:
        return frozenset(default)
    names = frozenset(split(asked))
    for name in sorted(names):
        if name not in (ALL, *Task):
            raise UnknownFilterValue("task", name, (*(it.value for it in Task), ALL))
    return frozenset() if ALL in names else names


def _openai(model: RegistryModel) -> OpenAIModel:
    known = {name: getattr(model, name) for name in Known.__struct_fields__ if name != "task"}
    return OpenAIModel(
        id=id_of(model),
        object="model",
        created=int(created_at(model).timestamp()),
        owned_by=model.provider_id,
        shutdown_date=model.retires,
        type="model",
        display_name=model.display_name,
        created_at=created_at(model),
        lifecycle="active" if model.retires is None else "deprecated",
        retires_at=None if model.retires is None else dt.datetime.combine(model.retires, dt.time.min, dt.UTC),
        max_input_tokens=model.max_input or model.context_window,
        max_tokens=model.max_output,
        radiant=Known(**known, task=model.primary_mode),
    )


def describe(document: dict[str, Any]) -> None:
    """Show in the OpenAPI document which tasks can be asked for."""
    for parameter in document["paths"]["/v1/models"]["get"]["parameters"]:
        if parameter["name"] == "task":
            parameter["schema"]["pattern"] = f"^{pattern_of([*Task, ALL])}$"
        elif parameter["name"] == "limit":
            parameter["schema"]["minimum"] = 0  # the framework takes a bound of 0 for none


HANDLERS: list[Any] = [
    Router("/", route_handlers=[openai_list, openai_model], guards=[client], middleware=[economical], tags=["lists"])
]
