"""Problems: every error is of a type of its own, says only what the caller may know, and the type has a page."""

from collections.abc import AsyncIterator, Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from types import ModuleType
from typing import Any, cast
from uuid import UUID

import httpx
import pytest
import structlog
from litestar import Litestar, get

import radiant
from radiant.api.asgi import create
from radiant.api.problem_types import TYPES, ProblemType
from radiant.api.problems import HANDLERS
from radiant.api.problems_of_errors import type_of
from radiant.domain import errors
from radiant.domain.choice import Diagnosis
from radiant.domain.errors import (
    AmbiguousModel,
    DatabaseUnreachable,
    DatabaseUnusable,
    InvalidCriteria,
    MigrationFailed,
    ModelNotFound,
    NoEligibleModel,
    NoLiteLLMId,
    NothingDecided,
    ProviderNotFound,
    RadiantError,
    RuleViolated,
    SettingsError,
    SinkNotFound,
    SourceUnreachable,
    SourceUnreadable,
    UnknownFilterValue,
    ValueRefused,
)
from radiant.domain.sync import AlreadyRunning
from radiant.providers.failures import Failed
from tests.faces.served import problem, reading

SECRET = "postgresql://ada:secret@db.internal"

ERRORS: list[tuple[Exception, int, str, dict[str, Any]]] = [
    (ModelNotFound("gpt"), 404, "model-not-found", {}),
    (NoLiteLLMId("m"), 404, "model-not-found", {"close": []}),
    (AmbiguousModel("m", ("a/m", "b/m")), 409, "model-ambiguous", {"candidates": ["a/m", "b/m"]}),
    (ProviderNotFound("opena", ("openai",)), 404, "provider-not-found", {"close": ["openai"]}),
    (UnknownFilterValue("status", "ill", ("healthy",)), 400, "filter-value-unknown",
     {"field": "status", "value": "ill", "allowed": ["healthy"]}),
    (InvalidCriteria("task", "is 7", ("chat",)), 400, "criteria-invalid",
     {"field": "task", "problem": "is 7", "allowed": ["chat"]}),
    (SinkNotFound("a", ("b",)), 404, "sink-not-found", {"known": ["b"]}),
    (NothingDecided("model:a/b", "name", ("enabled",)), 404, "nothing-decided", {"known": ["enabled"]}),
    (errors.NothingInReview("a/b", ("a/c",)), 404, "not-in-review", {"close": ["a/c"]}),
    (AlreadyRunning("models", UUID(int=7)), 409, "run-in-the-way", {"sync_type": "models", "id": str(UUID(int=7))}),
    (ValueRefused("a NUL"), 400, "value-refused", {}),
    (RuleViolated("one_run", "conflict", "One is under way."), 409, "rule-conflict", {"rule": "one_run"}),
    (RuleViolated("tiers", "invalid", "A tier is 1 to 5."), 422, "rule-invalid", {"rule": "tiers"}),
    (SourceUnreadable("litellm", "is empty"), 502, "source-unreadable", {}),
    (SourceUnreachable("https://example.org", "it does not answer"), 502, "source-unreachable", {}),
    (DatabaseUnreachable(SECRET), 503, "database-unreachable", {}),
    (DatabaseUnusable(SECRET), 503, "database-unusable", {}),
    (MigrationFailed("036", SECRET), 503, "database-unusable", {}),
    (errors.SettingsError("RADIANT_PORT", SECRET), 500, "internal", {}),
    (KeyError(SECRET), 500, "internal", {}),
    (RuntimeError(SECRET), 500, "internal", {}),
]  # fmt: skip


def all_errors(kind: type[RadiantError] = RadiantError) -> Iterator[type[RadiantError]]:
    for below in kind.__subclasses__():
        yield below
        yield from all_errors(below)


#: Never raised by what the HTTP face asks for; should one be, it is nothing the caller did.
OF_THE_MACHINE = {
    "AddressUnusable", "CatalogError", "CatalogInvalid", "DataFolderError", "EmbeddedServerError", "InvalidRow",
    "SettingsError", Failed.__name__,
    # The keeper writes down what these say.
    "AlreadyThere", "NotThere", "RuntimeFailed", "Unanswered",
    # Functions of AWS end with these, and a sink of events counts one.
    "AwsUnanswered", "EventRefused", "KeysUnusable", "TimeUp",
    # A run ends with it, beside whoever asked for it.
    "RunClosed",
}  # fmt: skip


def answering(error: Exception) -> httpx.AsyncClient:
    """A client of a face in which everything raises `error`."""

    @get(["/api/it", "/v1/it"])
    async def raising() -> None:
        raise error

    face = Litestar([raising], exception_handlers=HANDLERS, openapi_config=None, logging_config=None)
    transport = httpx.ASGITransport(cast("Any", face), raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://radiant")


@pytest.fixture
async def client(standing_url: str, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    async with reading(standing_url, tmp_path) as it:
        yield it


# Errors and types


def test_every_error_has_a_type_or_is_of_the_machine() -> None:
    for module in walk_packages(radiant.__path__, "radiant."):
        import_module(module.name)
    plain = {kind for kind in all_errors() if kind is not RuleViolated}
    assert {kind.__name__ for kind in plain if type_of(kind.__new__(kind)) is TYPES["internal"]} == OF_THE_MACHINE


@pytest.mark.parametrize(("error", "status", "name", "members"), ERRORS, ids=[type(it[0]).__name__ for it in ERRORS])
async def test_an_error_is_a_problem_of_its_type_with_its_fields(
    error: Exception, status: int, name: str, members: dict[str, Any]
) -> None:
    async with answering(error) as client:
        found = problem(await client.get("/api/it"), status, name)
        assert SECRET not in str(found)
        assert {key: found.get(key) for key in members} == members
        assert set(found) - {"type", "title", "status", "detail"} == set(TYPES[name].members)
        told = (await client.get("/v1/it")).json()["error"]
    assert SECRET not in str(told)
    assert told["code"] == name.replace("-", "_")


async def test_what_stands_in_a_diagnosis_is_told() -> None:
    async with answering(NoEligibleModel(Diagnosis(usable=3, emptied_by="max_latency_ms", reliefs=()))) as raising:
        found = problem(await raising.get("/api/it"), 404, "no-eligible-model")
    assert found["diagnosis"] == {"usable": 3, "emptied_by": "max_latency_ms", "reliefs": [], "notes": []}


async def test_what_nobody_foresaw_has_an_id_that_stands_in_the_log_with_the_reason() -> None:
    with structlog.testing.capture_logs() as lines:
        async with answering(ZeroDivisionError("by nought")) as client:
            found = problem(await client.get("/api/it"), 500, "internal")
    (line,) = lines
    assert (line["event"], line["log_level"]) == ("unexpected", "error")
    assert found["instance"] == f"urn:uuid:{line['instance']}"
    assert line["instance"] in found["detail"]
    assert str(line["exc_info"]) == "by nought"


# The pages


async def test_every_type_has_a_page_where_its_address_leads_for_anybody(client: httpx.AsyncClient) -> None:
    client.headers.pop("authorization")
    listed = (await client.get("/problems")).json()
    assert [it["type"] for it in listed] == [kind.uri for kind in TYPES.values()]
    for it in listed:
        assert (await client.get(it["type"])).json() == it
        assert it["title"] and it["advice"] and 400 <= it["status"] < 600


async def test_what_is_no_type_is_not_found(client: httpx.AsyncClient) -> None:
    problem(await client.get("/problems/nothing"), 404, "address-unknown")
    problem(await client.get("/problems?sort=1"), 400, "parameter-invalid")


@pytest.mark.parametrize("kind", TYPES.values(), ids=TYPES)
def test_the_reference_says_what_every_type_means(kind: ProblemType, generate: ModuleType) -> None:
    page = generate.problems_md()
    assert f"\n## {kind.name}\n\n{kind.status}. {kind.title}.\n\n{kind.advice}\n" in page
    assert page == (Path(__file__).parents[2] / "docs/reference/problems.md").read_text("utf-8"), "run `make generated`"


# Addresses and methods


@pytest.mark.parametrize("path", ["/nothing", "/api", "/api/", "/api/nothing", "/api/v2/nothing", "/api/openapi.yml"])
@pytest.mark.parametrize("method", ["GET", "POST", "HEAD", "DELETE"])
async def test_where_nothing_is_a_problem_says_so(client: httpx.AsyncClient, path: str, method: str) -> None:
    answer = await client.request(method, path)
    if method == "HEAD":
        assert (answer.status_code, answer.content) == (404, b"")
    else:
        document = problem(answer, 404, "address-unknown")
        assert document["detail"] == "There is nothing at this address; `/` shows what there is."


async def test_an_address_of_openais_that_is_not_served_is_no_missing_model(client: httpx.AsyncClient) -> None:
    error = (await client.post("/v1/fine_tuning/jobs", json={})).json()["error"]
    assert (error["code"], error["param"]) == ("address_unknown", None)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "PROPFIND", "X" * 50])
async def test_a_method_that_is_not_served_is_refused_with_those_that_are(
    client: httpx.AsyncClient, method: str
) -> None:
    answer = await client.request(method, "/api/v2/select")
    problem(answer, 405, "method-not-allowed")
    assert answer.headers["allow"] == "OPTIONS, POST"


async def test_no_answer_sends_a_caller_to_a_command_line_but_for_tokens(client: httpx.AsyncClient) -> None:
    for path in ("/v1/models/nobody", "/api/v2/models/nobody/facts", "/api/v1/models?q=%00"):
        answer = await client.get(path)
        assert answer.status_code in (400, 404)
        assert "`radiant " not in answer.text
        assert "--" not in answer.text


# The factory


async def test_the_factory_opens_the_registry_with_the_server_and_closes_it_with_it(
    standing_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RADIANT_DATABASE_URL", standing_url)
    monkeypatch.setenv("RADIANT_HOME", str(tmp_path))
    face = create()
    assert "radiant" not in face.state
    async with face.lifespan():
        transport = httpx.ASGITransport(cast("Any", face), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://radiant") as client:
            assert (await client.get("/health/ready")).json() == {"status": "ready"}
        radiant = face.state["radiant"]
    assert await radiant.unready() is not None


def test_the_factory_refuses_a_secret_that_it_would_not_read(
    standing_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RADIANT_DATABASE_URL", standing_url)
    monkeypatch.setenv("RADIANT_HOME", str(tmp_path))
    monkeypatch.setenv("RADIANT_KEYS_SECRET", "radiant/keys")
    with pytest.raises(SettingsError, match=r"RADIANT_KEYS_SECRET .* `radiant api`"):
        create()
