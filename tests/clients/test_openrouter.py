"""The official client of OpenRouter."""

from decimal import Decimal

import pytest
from openrouter import OpenRouter

from tests.clients.conftest import Served


@pytest.fixture
def client(served: Served) -> OpenRouter:
    return OpenRouter(api_key=served.token, server_url=f"{served.url}/api/v1")


def test_it_reads_every_model(client: OpenRouter, served: Served) -> None:
    found = client.models.list().result.data
    assert {it.id for it in found} == served.ids
    for it in found:
        assert Decimal(it.pricing.prompt) >= 0 or it.pricing.prompt == "-1"
        assert Decimal(it.pricing.completion) >= 0 or it.pricing.completion == "-1"


@pytest.mark.parametrize(
    "asked",
    [{"category": "programming"}, {"supported_parameters": "tools"}, {"output_modalities": "image"}, {"q": "claude"}],
)
def test_its_filters_work(client: OpenRouter, served: Served, asked: dict[str, str]) -> None:
    found = client.models.list(**asked).result.data
    assert 0 < len(found) < len(served.ids)
    if "supported_parameters" in asked:
        assert all("tools" in it.supported_parameters for it in found)


def test_what_the_registry_does_not_know_does_not_stop_it(client: OpenRouter) -> None:
    assert client.models.list(sort="newest", zdr="true", min_price=0.0)


def test_it_counts(client: OpenRouter, served: Served) -> None:
    assert client.models.count().data.count == len(served.ids)
    assert 0 < client.models.count(output_modalities="image").data.count < len(served.ids)
