"""The official client of OpenAI."""

import time
from collections.abc import Callable

import openai
import pytest

from tests.clients.conftest import Served


@pytest.fixture
def client(served: Served) -> openai.OpenAI:
    return openai.OpenAI(base_url=f"{served.url}/v1", api_key=served.token)


def test_it_lists_every_model_once(client: openai.OpenAI, served: Served) -> None:
    found = list(client.models.list())
    assert {it.id for it in found} == served.ids
    assert len(found) == len(served.ids)
    assert all(it.id.startswith(f"{it.owned_by}/") for it in found)


def test_it_lists_the_models_of_a_task(client: openai.OpenAI) -> None:
    found = list(client.models.list(extra_query={"task": "chat"}))
    assert 50 < len(found) < len(list(client.models.list()))
    assert not any("embed" in it.id for it in found)


def test_it_reads_release_and_shutdown(client: openai.OpenAI) -> None:
    mini = client.models.retrieve("gpt-4o-mini")
    assert (mini.id, mini.created) == ("openai/gpt-4o-mini", 1721260800)
    assert mini.shutdown_date is not None
    assert mini.shutdown_date > time.strftime("%Y-%m-%d")
    luna = client.models.retrieve("openai/gpt-6-luna")
    assert luna.shutdown_date is None
    assert abs(luna.created - time.time()) < 3600, "when the registry first had it"


def test_it_is_told_when_there_is_no_such_model(client: openai.OpenAI) -> None:
    with pytest.raises(openai.NotFoundError) as caught:
        client.models.retrieve("openai/nobody")
    assert (caught.value.code, caught.value.param) == ("model_not_found", "model")
    assert "in the registry" in caught.value.message


def test_it_is_told_at_once_what_to_call_instead(client: openai.OpenAI) -> None:
    begun = time.monotonic()
    calls: tuple[Callable[[], object], ...] = (
        lambda: client.chat.completions.create(model="gpt-4o-mini", messages=[{"role": "user", "content": "Hi"}]),
        lambda: client.embeddings.create(model="text-embedding-3-small", input="Hi"),
        lambda: client.responses.create(model="gpt-4o-mini", input="Hi"),
    )
    for call in calls:
        with pytest.raises(openai.NotFoundError, match="POST /api/v2/select") as caught:
            call()
        assert caught.value.code == "requests_not_carried"
    assert time.monotonic() - begun < 1, "it does not try again"


def test_a_wrong_key_is_an_authentication_error(served: Served) -> None:
    with pytest.raises(openai.AuthenticationError) as caught:
        openai.OpenAI(base_url=f"{served.url}/v1", api_key="nobody").models.list()
    assert caught.value.code == "invalid_api_key"


def test_the_client_for_azure_reads_the_list_with_its_own_header(served: Served) -> None:
    client = openai.AzureOpenAI(base_url=f"{served.url}/v1", api_key=served.token, api_version="2026-10-21")
    assert {it.id for it in client.models.list()} == served.ids
