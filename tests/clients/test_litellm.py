"""LiteLLM, as a library."""

import litellm
import pytest
from litellm.exceptions import NotFoundError

from tests.clients.conftest import Served

#: Its own types warn at their import.
pytestmark = pytest.mark.filterwarnings("default")


@pytest.mark.parametrize(("provider", "prefix"), [("openai", ""), ("anthropic", "anthropic/")])
def test_it_finds_the_models_of_an_endpoint(served: Served, provider: str, prefix: str) -> None:
    found = litellm.get_valid_models(
        check_provider_endpoint=True, custom_llm_provider=provider, api_key=served.token, api_base=served.url
    )
    assert set(found) == {f"{prefix}{it}" for it in served.ids}


def test_it_is_told_what_to_call_instead(served: Served) -> None:
    with pytest.raises(NotFoundError, match="POST /api/v2/select"):
        litellm.completion(
            model="openai/gpt-4o-mini",
            api_base=f"{served.url}/v1",
            api_key=served.token,
            messages=[{"role": "user", "content": "Hi"}],
        )
