"""Public catalogs over HTTP."""

import httpx
import pytest

from tests.faces.served import problem

SOURCES = "/api/v2/admin/sources"


async def test_sources_are_listed_enabled_and_disabled(client_of_own: httpx.AsyncClient) -> None:
    listed = (await client_of_own.get(SOURCES)).json()
    assert [(it["id"], it["enabled"]) for it in listed] == [
        (id, False) for id in ("genai-prices", "litellm", "models.dev", "openrouter")
    ]
    mirror = {"enabled": True, "url": "https://mirror.example.com/litellm.json"}
    one = await client_of_own.patch(f"{SOURCES}/litellm", json=mirror)
    assert one.status_code == 200
    assert {name: one.json()[name] for name in ("url", "mirror", "enabled", "fetched", "status")} == {
        "url": mirror["url"], "mirror": True, "enabled": True, "fetched": True, "status": "not fetched yet",
    }  # fmt: skip
    assert (await client_of_own.get(f"{SOURCES}/litellm")).json() == one.json()
    every = (await client_of_own.patch(SOURCES, json={"enabled": True})).json()
    assert [it["enabled"] for it in every] == [True] * 4
    off = (await client_of_own.patch(f"{SOURCES}/litellm", json={"enabled": False, "url": "public"})).json()
    assert (off["enabled"], off["mirror"], off["url"].startswith("https://raw.githubusercontent.com/")) == (
        False, False, True,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "name"),
    [
        ("GET", f"{SOURCES}/wikipedia", None, 400, "filter-value-unknown"),
        ("GET", f"{SOURCES}/all", None, 400, "filter-value-unknown"),
        ("PATCH", f"{SOURCES}/litellm", {"url": "ftp://x"}, 422, "rule-invalid"),
        ("PATCH", f"{SOURCES}/litellm", {"enabled": "yes"}, 400, "body-invalid"),
        ("PATCH", SOURCES, {}, 400, "body-invalid"),
    ],
)
async def test_what_cannot_be_is_a_problem(
    client: httpx.AsyncClient, method: str, path: str, body: object, status: int, name: str
) -> None:
    problem(await client.request(method, path, json=body), status, name)
