"""LiteLLM knows every prefix that we write before a model's name."""

import pytest

from radiant.runtimes.roster import RUNTIMES


@pytest.mark.litellm
@pytest.mark.parametrize("runtime", sorted(RUNTIMES))
def test_litellm_finds_the_provider_by_our_prefix(runtime: str) -> None:
    litellm = pytest.importorskip("litellm")
    prefix = RUNTIMES[runtime].litellm_prefix
    name, provider, *_ = litellm.get_llm_provider(f"{prefix}/mistral:7b", api_base="http://gpu", api_key="none")
    assert (name, provider) == ("mistral:7b", prefix)
