"""Discovered models for administrators, what is decided about them, and the life of a model."""

from typing import Annotated, Any

import msgspec
from litestar import Controller, get, post
from litestar.openapi.spec import Example
from litestar.params import Parameter

from radiant.api.problem_types import MODEL_AMBIGUOUS, MODEL_NOT_FOUND, NOT_IN_REVIEW, PROVIDER_NOT_FOUND
from radiant.api.problems import AnyRequest
from radiant.api.security import TheApp, admin
from radiant.api.shaped import describe_body, describe_problems, shaped
from radiant.domain.sync import Discovered, Lifecycle, ReviewStatus

from .registry import refuse_unknown

_PATH = "/api/v2/admin/review"

_Id = Annotated[str, msgspec.Meta(min_length=1, max_length=600, pattern="^[^\\u0000]*$")]


class Decision(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which models are meant: ids such as openai/gpt-7, patterns such as openai/gpt-*, or whole providers."""

    ids: Annotated[list[_Id], msgspec.Meta(min_length=1, max_length=1000)]
    reason: Annotated[str, msgspec.Meta(max_length=1000, pattern="^[^\\u0000]*$")] | None = None


class ReviewOfModels(Controller):
    path = _PATH
    guards = (admin,)
    tags = ("review",)

    @get("/", summary="Models that providers list and the registry does not have")
    async def listed(
        self,
        radiant: TheApp,
        request: AnyRequest,
        provider: Annotated[
            str | None, Parameter(description="Only this provider", examples=[Example(value="openai")])
        ] = None,
        status: Annotated[
            str | None,
            Parameter(description="pending where nothing is said", examples=[Example(value="rejected")]),
        ] = None,
    ) -> list[Discovered]:
        """One entry per family; its snapshots, aliases, fine-tunes and regional variants are its `members`."""
        refuse_unknown(request, {"provider", "status"})
        return await radiant.review.listed(provider, ReviewStatus.PENDING.value if status is None else status)

    @post("/approve", status_code=200, summary="Make registry models of discovered ones")
    async def approve(self, radiant: TheApp, request: AnyRequest) -> list[Discovered]:
        """With all that is said of them; `missing` names what is not known. What cannot be a model is answered as it
        stands, `status` and all, with the `reason`."""
        return await _decide(radiant, request, ReviewStatus.APPROVED)

    @post("/reject", status_code=200, summary="Refuse discovered models")
    async def reject(self, radiant: TheApp, request: AnyRequest) -> list[Discovered]:
        """They stay refused, also when they vanish and come back."""
        return await _decide(radiant, request, ReviewStatus.REJECTED)

    @post("/reopen", status_code=200, summary="Take decisions back")
    async def reopen(self, radiant: TheApp, request: AnyRequest) -> list[Discovered]:
        """What was approved is served no more."""
        return await _decide(radiant, request, ReviewStatus.PENDING)

    @get("/lifecycle", summary="Why models are or are not deprecated")
    async def lifecycle(
        self,
        radiant: TheApp,
        request: AnyRequest,
        model: Annotated[
            str, Parameter(description="Any name of a model", examples=[Example(value="gpt-4o-mini")], max_length=600)
        ],
    ) -> list[Lifecycle]:
        """One entry for each provider that has it: the lists it was missing in, dates, successor. Newest first."""
        refuse_unknown(request, {"model"})
        found = await radiant.models.named(model)
        lives = [await radiant.review.lifecycle(it.provider_id, it.model_id) for it in found]
        return [it for it in lives if it is not None]


async def _decide(radiant: TheApp, request: AnyRequest, status: ReviewStatus) -> list[Discovered]:
    refuse_unknown(request, set())
    decision = await shaped(request, Decision)
    return await radiant.review.decide(decision.ids, status, by="api", reason=decision.reason)


def describe(document: dict[str, Any]) -> None:
    """Show in the OpenAPI document what goes in, and what there is to ask for."""
    for step in ("approve", "reject", "reopen"):
        describe_body(document, f"{_PATH}/{step}", "post", Decision, {"ids": ["openai/gpt-7"], "reason": "tried"})
        describe_problems(document["paths"][f"{_PATH}/{step}"]["post"], NOT_IN_REVIEW)
    describe_problems(document["paths"][_PATH]["get"], PROVIDER_NOT_FOUND)
    describe_problems(document["paths"][f"{_PATH}/lifecycle"]["get"], MODEL_NOT_FOUND, MODEL_AMBIGUOUS)
    formats = {
        "provider": {"format": "provider"},
        "status": {"enum": [*(it.value for it in ReviewStatus), "all"]},
        "model": {"pattern": "^[^\\u0000]+$"},
    }
    for path in (_PATH, f"{_PATH}/lifecycle"):
        for parameter in document["paths"][path]["get"]["parameters"]:
            parameter["schema"] |= formats[parameter["name"]]


HANDLERS: list[Any] = [ReviewOfModels]
