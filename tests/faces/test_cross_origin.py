"""Pages of other origins: none may ask unless a setting names them."""

import json
import re
from pathlib import Path
from uuid import UUID

import httpx
import pytest

from radiant.api.asgi import document_json
from tests.faces.served import reading

HERE, THERE = "https://app.example.com", "https://evil.example"

ASKED = {
    "Access-Control-Request-Method": "GET",
    "Access-Control-Request-Headers": "authorization, x-stainless-lang, anthropic-version",
}


async def preflight(
    client: httpx.AsyncClient, origin: str, path: str = "/v1/models", method: str = "GET"
) -> httpx.Response:
    client.headers.pop("authorization", None)  # browsers send none with it
    return await client.options(path, headers={"Origin": origin, **ASKED, "Access-Control-Request-Method": method})


@pytest.mark.parametrize("origins", [(HERE,), ("http://localhost:3000", HERE), ("*",)])
async def test_a_browser_of_a_named_origin_may_ask(standing_url: str, tmp_path: Path, origins: tuple[str, ...]) -> None:
    async with reading(standing_url, tmp_path, cors_origins=origins) as client:
        token = client.headers["authorization"]
        for path in ("/v1/models", "/api/v1/models", "/api/v2/select"):
            answer = await preflight(client, HERE, path)
            assert answer.status_code == 204
            assert answer.headers["access-control-allow-origin"] in (HERE, "*")
            allowed = answer.headers["access-control-allow-headers"].lower()
            assert all(it in allowed for it in ("authorization", "x-stainless-lang", "anthropic-version"))
            expected = "POST" if path.endswith("select") else "GET, HEAD"
            assert answer.headers["access-control-allow-methods"] == expected
        listed = await client.get("/v1/models", headers={"Origin": HERE, "Authorization": token})
        assert listed.status_code == 200
        refused = await client.get("/v1/models", headers={"Origin": HERE})
        assert refused.status_code == 401
        for answer in (listed, refused):
            assert answer.headers["access-control-allow-origin"] in (HERE, "*"), "the page may read it"
            assert "ETag" in answer.headers["access-control-expose-headers"]
            assert "access-control-allow-credentials" not in answer.headers


async def test_a_browser_of_another_origin_may_not(standing_url: str, tmp_path: Path) -> None:
    async with reading(standing_url, tmp_path, cors_origins=(HERE,)) as client:
        token = client.headers["authorization"]
        for origin in (THERE, f"{HERE}.evil.example", "https://appxexample.com", "null"):
            answer = await preflight(client, origin)
            assert answer.status_code == 400
            assert "access-control-allow-origin" not in answer.headers
            read = await client.get("/v1/models", headers={"Origin": origin, "Authorization": token})
            assert "access-control-allow-origin" not in read.headers


async def test_without_the_setting_no_page_of_another_origin_may_ask(standing_url: str, tmp_path: Path) -> None:
    async with reading(standing_url, tmp_path) as client:
        answer = await preflight(client, HERE)
        assert not any(name.startswith("access-control") for name in answer.headers)


@pytest.mark.parametrize("path", sorted(json.loads(document_json())["paths"]))
async def test_a_preflight_names_the_methods_of_its_address_and_no_others(
    standing_url: str, tmp_path: Path, path: str
) -> None:
    documented = {method.upper() for method in json.loads(document_json())["paths"][path]}
    address = re.sub(r"\{(\w+)\}", "1", path).replace("registry-sync/1", f"registry-sync/{UUID(int=1)}")
    async with reading(standing_url, tmp_path, cors_origins=(HERE,)) as client:
        answer = await preflight(client, HERE, address, "DELETE")
        assert answer.status_code == 204
        expected = documented | ({"HEAD"} if "GET" in documented else set())
        assert set(answer.headers["access-control-allow-methods"].split(", ")) == expected


async def test_an_address_there_is_nothing_at_is_asked_with_no_method(standing_url: str, tmp_path: Path) -> None:
    async with reading(standing_url, tmp_path, cors_origins=(HERE,)) as client:
        answer = await preflight(client, HERE, "/nothing/here")
        assert "access-control-allow-methods" not in answer.headers
