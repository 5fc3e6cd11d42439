"""What is refused is refused in words: which parameter or field, and what may stand there, whatever was sent."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import msgspec
import pytest
import pytest_asyncio

from radiant.api.asgi import document_json
from radiant.app import App
from radiant.installation.tokens import keep_token
from tests.faces.served import client_of, problem

pytestmark = pytest.mark.asyncio(loop_scope="module")

DOCUMENT = msgspec.json.decode(document_json())

#: Longer than any sentence.
LONG = "k" * 100_000


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def client(served: App) -> AsyncIterator[httpx.AsyncClient]:
    """With the admin's token."""
    await keep_token(served.database, served.settings.token_file("admin"), "admin")
    async with client_of(served, served.settings.token_file("admin")) as it:
        yield it


def operations(*methods: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Method, address with the examples of its parameters in it, and description."""
    for path, found in DOCUMENT["paths"].items():
        for method, operation in found.items():
            address = path
            for parameter in operation.get("parameters", ()):
                if parameter["in"] == "path":
                    (example,) = [it["value"] for it in parameter["examples"].values()]
                    address = address.replace(f"{{{parameter['name']}}}", str(example))
            if method in methods:
                yield method.upper(), address, operation


#: What a body is read as here, where it is one of a shape.
SHAPED = [
    (method, address, operation)
    for method, address, operation in operations("post", "put", "patch")
    if "requestBody" in operation and not address.startswith(("/api/v2/select", "/api/v2/costs"))
]


@pytest.mark.parametrize(("method", "address", "_"), SHAPED, ids=[f"{it[0]} {it[1]}" for it in SHAPED])
async def test_a_field_that_nobody_knows_is_told_shortly_with_those_there_are(
    client: httpx.AsyncClient, method: str, address: str, _: Any
) -> None:
    for name in ("colour", LONG):
        answer = await client.request(method, address, json={name: 1})
        told = problem(answer, answer.status_code)["detail"]
        assert answer.status_code in (400, 422) and told[-1] == "."
        assert f"{name[:200]}: is unknown; expected one of: " in told and len(told) < 1000


@pytest.mark.parametrize(
    ("method", "address", "body", "said"),
    [
        ("POST", "/api/v2/thermal/bulk", {"target": LONG}, "; expected one of: AUTOMATIC, HOT, WARM, COLD, OFF."),
        ("POST", "/api/v2/admin/registry-sync", {"sync_type": LONG}, "; expected one of: full, models, health, "),
        ("PUT", "/api/v2/admin/event-sinks/x", {"kind": LONG}, "; expected one of: webhook, eventbridge, log."),
        ("POST", "/api/v2/admin/review/rules", {"pattern": "*", "task": LONG}, "; expected one of: chat, completion, "),
        ("POST", "/api/v2/admin/prices/preview", {"model": "m", "reason": "r", "prices": {LONG: 1}}, "k: is no meter"),
        ("POST", "/api/v2/select", {"task": LONG}, "; expected: chat, completion, "),
        ("POST", "/api/v2/select", {LONG: 1}, "k: is not a field of a request; expected: task, "),
        ("GET", f"/api/v2/models?provider={LONG[:60_000]}", None, "is unknown; expected one of: "),
        ("GET", f"/api/v2/models/{LONG[:60_000]}/facts", None, " in the registry."),
    ],
)
async def test_a_value_that_nobody_knows_is_told_shortly(
    client: httpx.AsyncClient, method: str, address: str, body: Any, said: str
) -> None:
    answer = await client.request(method, address, json=body)
    told = answer.json()["detail"]
    assert answer.status_code in (400, 404, 422)
    assert "k" * 150 in told and said in told and len(answer.content) < 3000


async def test_a_number_that_is_none_is_told_with_its_parameter(client: httpx.AsyncClient) -> None:
    seen = 0
    for method, address, operation in operations("get", "post"):
        for parameter in operation.get("parameters", ()):
            if parameter["in"] == "query" and parameter["schema"].get("type") in ("integer", "boolean"):
                seen += 1
                for value in ("", "few", "1e400", "0x10", "9" * 5000):
                    answer = await client.request(method, address, params={parameter["name"]: value})
                    assert answer.status_code == 400
                    sentence = answer.json().get("detail") or answer.json()["error"]["message"]
                    assert sentence.startswith(f"`{parameter['name']}`"), sentence
                    assert "expected" in sentence and "`int`" not in answer.text and len(sentence) < 200
    assert seen > 10


async def test_every_address_names_its_methods_alike_whoever_asks(client: httpx.AsyncClient) -> None:
    for method, address, _ in operations("get", "post", "put", "patch", "delete"):
        refused = await client.request("TRACE", address)
        allowed = (await client.options(address)).headers["allow"]
        assert (refused.status_code, refused.headers["allow"]) == (405, allowed)
        assert method in allowed and ("GET" in allowed) == ("HEAD" in allowed)


async def test_a_name_of_several_models_is_answered_as_documented(client: httpx.AsyncClient) -> None:
    for method, address, operation in operations("get"):
        if "/models/" in address:
            answer = await client.request(method, address.replace("openai/", "").replace("gpt-4o-mini", "gpt-oss-120b"))
            assert str(answer.status_code) in operation["responses"]
    paths = ("/v1/models/{id}", "/api/v2/models/{id}/facts", "/api/v2/models/{id}/prices", "/api/v2/admin/endpoints")
    assert all("409" in DOCUMENT["paths"][path]["get"]["responses"] for path in paths)


@pytest.mark.parametrize("amount", ["0.1_5", "1_0", " 0.1", "0.1\n", "٠.١"])
async def test_an_amount_in_a_text_is_a_number_of_json(client: httpx.AsyncClient, amount: str) -> None:
    """Python reads more: 0.1_5 as 0.15."""
    prices = {"model": "openai/gpt-4o-mini", "reason": "deal", "prices": {"input_tokens": amount}}
    for path, body, field in (
        ("prices/preview", prices, "prices.input_tokens"),
        ("prices/preview", {**prices, "prices": {"input_tokens": "0.1"}, "minimum": amount}, "minimum"),
        ("prices/markups", {"rate": amount, "reason": "r"}, "rate"),
        ("prices/currencies", {"currency": "EUR", "usd": amount, "source": "s"}, "usd"),
        ("review/rules/preview", {"pattern": "*", "most_input_per_mtok": amount}, "most_input_per_mtok"),
    ):
        told = problem(await client.post(f"/api/v2/admin/{path}", json=body), 400, "body-invalid")
        assert told["detail"].endswith(f": {field}: is not a number.")


async def test_of_those_who_remove_the_same_thing_at_once_one_did(client: httpx.AsyncClient) -> None:
    for _ in range(3):
        rule = (await client.post("/api/v2/admin/review/rules", json={"pattern": "zz-*"})).json()
        await client.put("/api/v2/admin/event-sinks/twice", json={"kind": "log"})
        for address in (f"/api/v2/admin/review/rules/{rule['id']}", "/api/v2/admin/event-sinks/twice"):
            answers = await asyncio.gather(*(client.delete(address) for _ in range(8)))
            assert sorted(it.status_code for it in answers) == [200, *[404] * 7]


@pytest.mark.parametrize(
    ("method", "address", "body", "name"),
    [
        ("PUT", "/api/v2/thermal/models/llama-3.3-70b", '{"target": "OFF", "target": "HOT"}', "target"),
        ("PATCH", "/api/v2/admin/sources", '{"enabled": false, "enabled": true}', "enabled"),
        (
            "POST",
            "/api/v2/admin/prices/preview",
            '{"model": "gpt-4o-mini", "reason": "r", "prices": {"images": 1, "images": 2}}',
            "images",
        ),
    ],
)
async def test_what_is_said_twice_is_not_guessed(
    client: httpx.AsyncClient, method: str, address: str, body: str, name: str
) -> None:
    told = problem(await client.request(method, address, content=body), 400, "body-invalid")
    assert told["detail"] == f"The body says `{name}` twice; say it once."


@pytest.mark.parametrize("written", ["1_0", "+10", "010", "%D9%A1%D9%A0", "%2010"])
async def test_a_number_in_an_address_is_written_in_digits(client: httpx.AsyncClient, written: str) -> None:
    """Python reads 10 in each; nobody may delete the tenth by mistake."""
    for address in ("endpoints", "review/rules", "prices/markups"):
        problem(await client.delete(f"/api/v2/admin/{address}/{written}"), 404, "address-unknown")
        assert problem(await client.delete(f"/api/v2/admin/{address}/10"), 404)["detail"].startswith("No ")


@pytest.mark.parametrize("path", ["admin/review?provider=", "admin/providers/%20", "health/%20"])
async def test_where_nothing_was_named_nothing_is_meant(client: httpx.AsyncClient, path: str) -> None:
    told = problem(await client.get(f"/api/v2/{path}"), 404, "provider-not-found")
    assert told["close"] == [] and told["detail"].endswith(" in the registry.")
