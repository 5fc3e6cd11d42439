"""What an operator declares about the compliance of a provider."""

import re
from typing import Annotated, Any

import msgspec
from litestar import Controller, get, route
from litestar.openapi.spec import Example
from litestar.params import Parameter

from radiant.api.problem_types import RULE_CONFLICT, RULE_INVALID
from radiant.api.problems import PROBLEM, AnyRequest
from radiant.api.security import TheApp, admin
from radiant.api.shaped import PLAIN
from radiant.domain.compliance import ProviderCompliance, Remedy, Step
from radiant.domain.errors import ValueRefused
from radiant.domain.explanation import Explanation, RefusalGroup

from .registry import refuse_unknown

Provider = Annotated[str, Parameter(description="Its id", examples=[Example(value="openai")])]
Standard = Annotated[
    str, Parameter(description="The standard, as providers state it", examples=[Example(value="HIPAA")])
]


class ComplianceOfProviders(Controller):
    path = "/api/v2/admin/providers/{id:str}/compliance"
    guards = (admin,)
    tags = ("providers",)

    @get("/", summary="What holds at a provider, and on what terms")
    async def of(self, radiant: TheApp, request: AnyRequest, id: Provider) -> ProviderCompliance:
        """`compliance` is what requests may require; `conditional` has the terms of the rest."""
        refuse_unknown(request, set())
        return await radiant.compliance.of(id)

    @route(
        "/{standard:str}",
        http_method=["PUT", "DELETE"],
        status_code=200,
        summary="PUT: declare the condition of a standard met. DELETE: take that back",
    )
    async def declare(
        self,
        radiant: TheApp,
        request: AnyRequest,
        id: Provider,
        standard: Standard,
        reason: Annotated[
            str | None, Parameter(description="Why", examples=[Example(value="BAA of 2026-11-01")], max_length=1000)
        ] = None,
    ) -> ProviderCompliance:
        """Requests that require the standard may go to this provider from then on, or no longer. The same again changes
        nothing."""
        # One handler for both: of two on one path, the framework's OPTIONS knows the first only.
        refuse_unknown(request, {"reason"})
        if reason is not None and not re.fullmatch(PLAIN, reason):
            raise ValueRefused("reason holds control characters, of which a text has tabs and ends of lines only")
        change = radiant.compliance.declare if request.method == "PUT" else radiant.compliance.undeclare
        return await change(id, standard, reason=reason)


def advised(explanation: Explanation) -> Explanation:
    """The same, with what helps against a refusal in terms of this API."""
    refused = tuple(advised_on(group, group.models[0].model_id) for group in explanation.refused)
    return msgspec.structs.replace(explanation, refused=refused)


def advised_on(group: RefusalGroup, first: str) -> RefusalGroup:
    """The same, with what helps against this refusal; `first` is the id of one of its models."""
    if group.remedy is None:
        return group
    return msgspec.structs.replace(group, advice=_advice(group.remedy, first))


def _advice(remedy: Remedy, first: str) -> str:
    if remedy.step is Step.DECLARE:
        path = ComplianceOfProviders.path.replace("{id:str}", str(remedy.provider_id))
        return f"once it is met, declare so: PUT {path}/{remedy.standard}"
    return f"decide for yourself with psql, for example: {remedy.decision(first)}"


def describe(document: dict[str, Any]) -> None:
    """Say in the OpenAPI document what the ids and standards are, and how a declaration can be refused."""
    formats = {"id": {"format": "provider"}, "standard": {"format": "standard"}, "reason": {"pattern": PLAIN}}
    base = ComplianceOfProviders.path.replace(":str}", "}")
    for path in (base, f"{base}/{{standard}}"):
        for operation in document["paths"][path].values():
            for parameter in operation["parameters"]:
                parameter["schema"] |= formats[parameter["name"]]
            for kind in (RULE_CONFLICT, RULE_INVALID) if path != base else ():
                content = {PROBLEM: {"schema": {"$ref": "#/components/schemas/AnyProblem"}}}
                operation["responses"][str(kind.status)] = {"description": kind.title, "content": content}


HANDLERS: list[Any] = [ComplianceOfProviders]
