"""Where self-hosted models run, for administrators."""

from typing import Annotated, Any

import msgspec
from litestar import Controller, Response, post, route
from litestar.openapi.spec import Example
from litestar.params import Parameter

from radiant.api.problem_types import ENDPOINT_NOT_FOUND, MODEL_AMBIGUOUS, MODEL_NOT_FOUND
from radiant.api.problems import AnyRequest
from radiant.api.security import TheApp, admin
from radiant.api.shaped import created, describe_body, describe_created, describe_problems, shaped
from radiant.domain.endpoint_state import EndpointChange, EndpointState, NewEndpoint, Scanned, Url, Variable

from .registry import refuse_unknown

_PATH = "/api/v2/admin/endpoints"

EndpointId = Annotated[int, Parameter(description="Its number", ge=1, le=2**31 - 1, examples=[Example(value=1)])]


class ScanOrder(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A server to look at. With `add`, what was recognized there is written down: an endpoint for each model of the
    registry; what is none waits in review. `secret_env` is the variable with the server's key."""

    url: Url
    secret_env: Variable | None = None
    add: bool = False


class EndpointsOfModels(Controller):
    path = _PATH
    guards = (admin,)
    tags = ("endpoints",)

    # One handler for both methods: of two on one path, the framework's OPTIONS knows the first only.
    @route(
        "/",
        http_method=["GET", "POST"],
        status_code=200,
        summary="GET: where self-hosted models run, and what was seen there. POST: add an endpoint",
    )
    async def listed(
        self,
        radiant: TheApp,
        request: AnyRequest,
        model: Annotated[
            str | None, Parameter(description="Only those of this model", examples=[Example(value="mistral-7b-v0.3")])
        ] = None,
    ) -> list[EndpointState] | Response[EndpointState]:
        """By model. A new one is looked at before it is answered with; `state` and `problem` say what was seen. The
        state of a model is the best of its enabled endpoints', and requests are sent to the one that is `called`."""
        refuse_unknown(request, {"model"} if request.method == "GET" else set())
        if request.method == "GET":
            return await radiant.endpoints.listed(model)
        made = await radiant.endpoints.add(await shaped(request, NewEndpoint))
        return created(made, f"{_PATH}/{made.id}")

    @post("/scan", status_code=200, summary="What runs at a server, and which models of the registry that is")
    async def scan(self, radiant: TheApp, request: AnyRequest) -> Scanned:
        """Each runtime is tried. Nothing is written without `add`."""
        refuse_unknown(request, set())
        order = await shaped(request, ScanOrder)
        return await radiant.endpoints.scan(order.url, secret_env=order.secret_env, add=order.add)

    @route(
        "/{id:int}",
        http_method=["GET", "PATCH", "DELETE"],
        status_code=200,
        summary="GET: one endpoint. PATCH: set something of it. DELETE: forget it; what runs there goes on",
    )
    async def of(self, radiant: TheApp, request: AnyRequest, id: EndpointId) -> EndpointState:
        """An endpoint that is at another place afterwards is looked at. What was deleted is answered with."""
        refuse_unknown(request, set())
        if request.method == "GET":
            return await radiant.endpoints.of(id)
        if request.method == "DELETE":
            return await radiant.endpoints.remove(id)
        return await radiant.endpoints.change(id, await shaped(request, EndpointChange))

    @post("/{id:int}/test", status_code=200, summary="Look at an endpoint now")
    async def test(self, radiant: TheApp, request: AnyRequest, id: EndpointId) -> EndpointState:
        """This neither wakes a model nor keeps it awake. What was seen counts from now on."""
        refuse_unknown(request, set())
        return await radiant.endpoints.test(id)


_EXAMPLE = {
    "model_id": "mistral-7b-v0.3",
    "runtime": "ollama",
    "url": "http://127.0.0.1:11434",
    "name": "mistral:7b",
}


def describe(document: dict[str, Any]) -> None:
    """Show in the OpenAPI document what goes in."""
    describe_body(document, _PATH, "post", NewEndpoint, _EXAMPLE)
    del document["paths"][_PATH]["post"]["parameters"]
    describe_problems(document["paths"][_PATH]["post"], MODEL_NOT_FOUND)
    describe_problems(document["paths"][_PATH]["get"], MODEL_NOT_FOUND, MODEL_AMBIGUOUS)
    describe_body(document, f"{_PATH}/scan", "post", ScanOrder, {"url": "http://127.0.0.1:11434"})
    describe_body(document, f"{_PATH}/{{id}}", "patch", EndpointChange, {"max_instances": 2})
    describe_created(document, _PATH, "EndpointState")
    for path in (f"{_PATH}/{{id}}", f"{_PATH}/{{id}}/test"):
        for operation in document["paths"][path].values():
            describe_problems(operation, ENDPOINT_NOT_FOUND)
    schemas = document["components"]["schemas"]
    url = {"type": "string", "format": "endpoint-url"}
    schemas["NewEndpoint"]["properties"] |= {
        "model_id": {"type": "string", "format": "own-model"},
        "runtime": {"type": "string", "format": "runtime"},
        "url": url,
    }
    # What has a name alone, as at Amazon SageMaker, is the exception.
    schemas["NewEndpoint"]["required"].append("url")
    schemas["EndpointChange"]["properties"] |= {"runtime": {"type": "string", "format": "runtime"}, "url": url}
    schemas["ScanOrder"]["properties"]["url"] = url


HANDLERS: list[Any] = [EndpointsOfModels]
