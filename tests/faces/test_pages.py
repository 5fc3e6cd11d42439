"""What a person sees in a browser: it comes from this server alone."""

import base64
import hashlib
import re
from collections.abc import AsyncIterator
from importlib.metadata import version
from pathlib import Path

import httpx
import pytest

import radiant.api
from tests.faces.served import problem, reading

FOLDER = Path(radiant.api.__file__).parent / "pages/swagger_ui"

#: Of the files of swagger-ui-dist 5.35.0.
SHA256 = {
    "LICENSE": "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30",
    "NOTICE": "0d20d1adef18aee3f40dd258172155521ce702ac445cb5f7b7d60ed32dad2fb2",
    "swagger-ui-bundle.js": "e6a898692f2d768e807c3ba4626068a69a2c5dd960dd6c76f3e4d3a3de180af2",
    "swagger-ui-bundle.js.LICENSE.txt": "37eb6e7e59aed57b2c1acf076574b818ea07b74265717e0bd67b59e0baf9abbb",
    "swagger-ui.css": "5ed08757e53da3e026d6cbecc61fe5d43585c9560b302d534ad56692519a273d",
}


@pytest.fixture
async def client(standing_url: str, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """Without a token, like a browser."""
    async with reading(standing_url, tmp_path) as it:
        it.headers.pop("authorization")
        yield it


async def test_the_first_page_says_what_this_is_and_every_link_leads_somewhere(client: httpx.AsyncClient) -> None:
    answer = await client.get("/")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    page = answer.text
    assert version("radiant-registry") in page
    assert '"http://radiant/v1/models' in page, "the example is for the address that was asked"
    links = [it for it in re.findall(r'href="([^"]+)"', page) if not it.startswith("data:")]
    assert {"api/docs", "problems", "health/ready", "api/openapi.json"} == set(links)
    for link in links:
        assert (await client.get(f"/{link}")).status_code == 200, link
    for method, path in re.findall(r"<code>(GET|POST) ([^<]+)</code>", page):
        assert (await client.request(method, f"/{path}")).status_code == 401, "there, for who has a token"


async def test_the_first_page_shows_the_address_as_text(client: httpx.AsyncClient) -> None:
    page = (await client.get("/", headers={"Host": '"><script>alert(1)</script>'})).text
    assert "<script" not in page


async def test_the_style_of_the_first_page_is_the_one_that_its_policy_allows(client: httpx.AsyncClient) -> None:
    answer = await client.get("/")
    (style,) = re.findall(r"<style>(.*?)</style>", answer.text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in answer.headers["content-security-policy"]


async def test_the_reference_is_made_of_parts_of_this_server(client: httpx.AsyncClient) -> None:
    page = await client.get("/api/docs")
    parts = re.findall(r'(?:src|href)="(docs/[^"]+)"', page.text)
    assert len(parts) == 4
    for part in parts:
        answer = await client.get(f"/api/{part}")
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith(("text/css", "text/javascript"))
        assert answer.headers["x-content-type-options"] == "nosniff"
    assert 'url: "openapi.json"' in (await client.get("/api/docs/docs.js")).text
    assert "validatorUrl: null" in (await client.get("/api/docs/docs.js")).text


@pytest.mark.parametrize("path", ["/", "/api/docs"])
async def test_no_page_may_ask_another_host(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path)
    policy = dict(it.strip().split(" ", 1) for it in answer.headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    allowed = {word for sources in policy.values() for word in sources.split()}
    assert {it for it in allowed if not it.startswith("'")} <= {"data:"}
    assert "'unsafe-inline'" not in policy.get("script-src", "")
    assert "://" not in re.sub(r"http://radiant", "", answer.text)


@pytest.mark.parametrize("name", ["nothing", "README.md", "swagger_ui", "..%2Fhome.html", "LICENSE"])
async def test_nothing_else_is_served(client: httpx.AsyncClient, name: str) -> None:
    problem(await client.get(f"/api/docs/{name}"), 404, "address-unknown")


def test_the_files_of_swagger_ui_are_those_of_its_package() -> None:
    assert {
        it.name: hashlib.sha256(it.read_bytes()).hexdigest() for it in FOLDER.iterdir() if it.name in SHA256
    } == SHA256
    assert {it.name for it in FOLDER.iterdir()} == {*SHA256, "README.md"}
    assert "Apache License" in (FOLDER / "LICENSE").read_text()
