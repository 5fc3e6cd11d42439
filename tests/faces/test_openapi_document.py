"""What the API says of itself: whole, held together, and true of its answers."""

import json
from typing import Any

import httpx
from jsonschema import Draft202012Validator

from tests.faces.served import HISTORY, MODELS, STATS


async def test_the_openapi_document_has_every_route_with_examples_and_holds_together(client: httpx.AsyncClient) -> None:
    client.headers.pop("authorization")
    answer = await client.get("/api/openapi.json")
    document = answer.json()
    assert answer.status_code == 200
    assert document["openapi"].startswith("3.1")
    assert {MODELS, STATS, HISTORY, "/health/live", "/health/ready"} <= document["paths"].keys()
    assert (await client.get("/api/openapi.json")).json() == document
    operations = [operation for path in document["paths"].values() for operation in path.values()]
    ids = [operation["operationId"] for operation in operations]
    assert len(set(ids)) == len(ids)
    assert all(operation["summary"] and operation["tags"] for operation in operations)
    for reference in references(document):
        target = document
        for step in reference.removeprefix("#/").split("/"):
            target = target[step.replace("~1", "/")]
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    assert document["paths"]["/health/live"]["get"]["security"] == []


async def test_every_example_is_what_its_schema_says(client: httpx.AsyncClient) -> None:
    document = (await client.get("/api/openapi.json")).json()
    seen = set()
    for path, operations in document["paths"].items():
        for operation in operations.values():
            for status, response in operation["responses"].items():
                for media in response.get("content", {}).values():
                    if "example" in media:
                        schema = {**media["schema"], "components": document["components"]}
                        Draft202012Validator(schema).validate(media["example"])
                        seen.add((path, status))
    assert {(MODELS, "200"), (STATS, "200"), (HISTORY, "200"), (STATS, "401"), (STATS, "403"), (STATS, "503")} <= seen


async def test_answers_are_what_the_document_promises(client: httpx.AsyncClient) -> None:
    document = (await client.get("/api/openapi.json")).json()
    for address in (MODELS, STATS, HISTORY, "/health/live", "/health/ready"):
        answer = await client.get(address)
        content = document["paths"][address]["get"]["responses"]["200"]["content"]["application/json"]
        schema = {**content["schema"], "components": document["components"]}
        Draft202012Validator(schema).validate(json.loads(answer.content))


def references(value: Any) -> list[str]:
    if isinstance(value, dict):
        here = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return here + [found for inner in value.values() for found in references(inner)]
    if isinstance(value, list):
        return [found for inner in value for found in references(inner)]
    return []
