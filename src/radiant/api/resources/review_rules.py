"""Rules that approve discovered models at once, for administrators."""

from typing import Annotated, Any

from litestar import Controller, Response, post, route
from litestar.openapi.spec import Example
from litestar.params import Parameter

from radiant.api.problem_types import PROVIDER_NOT_FOUND, RULE_NOT_FOUND
from radiant.api.problems import AnyRequest
from radiant.api.security import TheApp, admin
from radiant.api.shaped import ONE_LINE, created, describe_body, describe_created, describe_problems, shaped
from radiant.domain.review_rule import HIGHEST, LONGEST_PATTERN, ReviewRule, RuleTerms
from radiant.domain.sync import Discovered

from .registry import refuse_unknown

_PATH = "/api/v2/admin/review/rules"

RuleId = Annotated[int, Parameter(description="Its id", ge=1, le=2**31 - 1, examples=[Example(value=1)])]


class RulesOfReview(Controller):
    path = _PATH
    guards = (admin,)
    tags = ("review",)

    # One handler for both methods: of two on one path, the framework's OPTIONS knows the first only.
    @route(
        "/",
        http_method=["GET", "POST"],
        status_code=200,
        summary="GET: rules that approve discovered models at once. POST: add one",
    )
    async def listed(self, radiant: TheApp, request: AnyRequest) -> list[ReviewRule] | Response[ReviewRule]:
        """In the order in which they are asked. All that a rule says has to hold, and none approves what lacks a task,
        modalities or a price. A new one holds from the next list of a provider on, for what waits already too."""
        refuse_unknown(request, set())
        if request.method == "GET":
            return await radiant.review_rules.listed()
        rule = await radiant.review_rules.add(await shaped(request, RuleTerms), by="api")
        return created(rule, f"{_PATH}/{rule.id}")

    @post("/preview", status_code=200, summary="What a rule would approve now")
    async def preview(self, radiant: TheApp, request: AnyRequest) -> list[Discovered]:
        """The models in review that it fits, by what is said of them now. Nothing is written."""
        refuse_unknown(request, set())
        return await radiant.review_rules.preview(await shaped(request, RuleTerms))

    @route(
        "/{id:int}",
        http_method=["GET", "DELETE"],
        status_code=200,
        summary="GET: one rule. DELETE: remove it",
    )
    async def of(self, radiant: TheApp, request: AnyRequest, id: RuleId) -> ReviewRule:
        """What a removed rule approved stays approved."""
        refuse_unknown(request, set())
        if request.method == "GET":
            return await radiant.review_rules.of(id)
        return await radiant.review_rules.remove(id)


_EXAMPLE = {"provider_id": "openai", "pattern": "gpt-*", "task": "chat", "most_input_per_mtok": "5"}

#: US dollars per million tokens: exact as text, or a number.
_CEILING: dict[str, Any] = {
    "anyOf": [
        {"type": "string", "pattern": r"^[0-9]{1,6}(\.[0-9]{1,9})?$"},
        {"type": "integer", "minimum": 0, "maximum": HIGHEST},
        {"type": "null"},
    ],
    "default": None,
}


def describe(document: dict[str, Any]) -> None:
    """Show in the OpenAPI document what goes in."""
    for path in (_PATH, f"{_PATH}/preview"):
        describe_body(document, path, "post", RuleTerms, _EXAMPLE)
        describe_problems(document["paths"][path]["post"], PROVIDER_NOT_FOUND)
    properties = document["components"]["schemas"]["RuleTerms"]["properties"]
    properties["pattern"] = {**ONE_LINE, "maxLength": LONGEST_PATTERN}
    properties["provider_id"] = {
        "anyOf": [{"type": "string", "format": "provider-id"}, {"type": "null"}],
        "default": None,
    }
    for name in ("most_input_per_mtok", "most_output_per_mtok"):
        properties[name] = _CEILING
    describe_created(document, _PATH, "ReviewRule")
    for operation in document["paths"][f"{_PATH}/{{id}}"].values():
        describe_problems(operation, RULE_NOT_FOUND)


HANDLERS: list[Any] = [RulesOfReview]
