"""Large answers: an ETag, 304 for who has them already, gzip for who takes it."""

import gzip
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import httpx
import pytest
from psycopg.rows import DictRow

from tests.faces.served import problem, reading

Query = Callable[..., list[DictRow]]

LISTS = ["/v1/models", "/api/v1/models", "/api/v2/models", "/api/openapi.json", "/api/docs/swagger-ui-bundle.js"]


@pytest.fixture
async def client(standing_url: str, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    async with reading(standing_url, tmp_path) as it:
        it.headers["accept-encoding"] = "identity"
        yield it


@pytest.mark.parametrize("path", LISTS)
async def test_who_has_it_already_is_told_so(client: httpx.AsyncClient, path: str) -> None:
    whole = await client.get(path)
    tag = whole.headers["etag"]
    assert (await client.get(path)).headers["etag"] == tag
    strong = tag.removeprefix("W/")
    for given in (tag, strong, f'"other", {tag}', f'{strong},W/"x"', "*"):
        again = await client.get(path, headers={"If-None-Match": given})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        assert "content-length" not in again.headers
    for given in ('"other"', "", tag[:-2] + '"'):
        assert (await client.get(path, headers={"If-None-Match": given})).content == whole.content


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("accepted", ["gzip", "gzip, deflate, br", "br;q=1.0, gzip;q=0.5", "*", "deflate, GZIP"])
async def test_who_takes_gzip_gets_it(client: httpx.AsyncClient, path: str, accepted: str) -> None:
    plain = await client.get(path)
    async with client.stream("GET", path, headers={"Accept-Encoding": accepted}) as packed:
        body = b"".join([part async for part in packed.aiter_raw()])
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) == len(body) < len(plain.content) / 3
    assert gzip.decompress(body) == plain.content
    assert packed.headers["etag"] == plain.headers["etag"]
    assert packed.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize("accepted", ["", "identity", "br", "gzip;q=0", "*;q=0", "gzip;q=0, *", "gzip;q=much"])
async def test_who_does_not_take_gzip_gets_it_plain(client: httpx.AsyncClient, accepted: str) -> None:
    answer = await client.get("/v1/models", headers={"Accept-Encoding": accepted})
    assert "content-encoding" not in answer.headers
    assert answer.json()["data"]


async def test_what_is_short_and_what_is_refused_comes_as_it_is(client: httpx.AsyncClient) -> None:
    short = await client.get("/api/v1/models/count", headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in short.headers
    refused = await client.get("/api/v2/models?class=big", headers={"Accept-Encoding": "gzip", "If-None-Match": "*"})
    problem(refused, 400)
    assert "etag" not in refused.headers


async def test_a_change_is_another_answer(database_url: str, tmp_path: Path, query: Query) -> None:
    async with reading(database_url, tmp_path) as client:
        for path in LISTS[:3]:
            tag = (await client.get(path)).headers["etag"]
            query(database_url, f"UPDATE models SET display_name = '{path}' WHERE model_id = 'claude-haiku-5-5'")
            changed = await client.get(path, headers={"If-None-Match": tag})
            assert (changed.status_code, changed.headers["etag"] != tag) == (200, True)
            assert path in changed.text


@pytest.mark.parametrize("path", LISTS)
async def test_head_tells_the_tag_too(client: httpx.AsyncClient, path: str) -> None:
    whole, head = await client.get(path), await client.head(path)
    assert (head.headers, head.content) == (whole.headers, b"")
