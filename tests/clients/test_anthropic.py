"""The official client of Anthropic."""

import datetime as dt

import anthropic
import pytest

from tests.clients.conftest import Served


@pytest.fixture
def client(served: Served) -> anthropic.Anthropic:
    return anthropic.Anthropic(base_url=served.url, api_key=served.token)


@pytest.mark.parametrize("limit", [20, 1000])
def test_it_lists_every_model_once_page_by_page(client: anthropic.Anthropic, served: Served, limit: int) -> None:
    found = list(client.models.list(limit=limit))
    assert {it.id for it in found} == served.ids
    assert len(found) == len(served.ids)
    assert all(it.type == "model" and it.display_name for it in found)


def test_it_reads_a_model(client: anthropic.Anthropic) -> None:
    mini = client.models.retrieve("gpt-4o-mini")
    assert (mini.display_name, mini.created_at) == ("GPT-4o mini", dt.datetime(2024, 7, 18, tzinfo=dt.UTC))
    assert mini.lifecycle == "deprecated"
    assert mini.retires_at is not None
    assert mini.retires_at > dt.datetime.now(dt.UTC)
    assert (mini.max_input_tokens, mini.max_tokens) == (128_000, 16_384)


def test_its_key_is_taken_in_its_own_header(served: Served) -> None:
    client = anthropic.Anthropic(
        base_url=served.url, api_key="unused", default_headers={"x-api-key": served.token, "Authorization": ""}
    )
    assert {it.id for it in client.models.list(limit=1000)} == served.ids


def test_it_is_told_what_to_call_instead(client: anthropic.Anthropic) -> None:
    with pytest.raises(anthropic.NotFoundError, match="POST /api/v2/select"):
        client.messages.create(model="claude", max_tokens=1, messages=[{"role": "user", "content": "Hi"}])
