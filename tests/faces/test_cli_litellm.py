"""`radiant model show --litellm`: to be pasted, and LiteLLM counts our prices."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest
import yaml

from radiant.catalog.load import load_catalog
from tests.faces.conftest import Program

pytestmark = pytest.mark.usefixtures("standing")

#: One of each shape: tokens with tiers and cache, an id LiteLLM does not know, an embedding, an image, speech, a page.
MODELS = (
    "anthropic/claude-haiku-5-5", "openrouter/openai/gpt-6-luna", "openai/text-embedding-3-small",
    "openai/gpt-image-2", "elevenlabs/eleven_v3", "cohere/rerank-v5.0-pro",
)  # fmt: skip


def registered(python: str) -> dict[str, dict[str, Any]]:
    """What the printed Python gives to `litellm.register_model`."""
    seen: dict[str, dict[str, Any]] = {}
    module = type("litellm", (), {"register_model": staticmethod(seen.update)})
    exec(python.replace("import litellm\n", ""), {"litellm": module})  # noqa: S102 - it is what people paste
    return seen


def test_what_is_printed_has_our_prices_and_limits(radiant: Program) -> None:
    code, out, _ = radiant("model", "show", "openrouter/openai/gpt-6-luna", "--litellm")
    assert code == 0
    assert "does not know openrouter/openai/gpt-6-luna and would count a price of 0" in out
    python, _, proxy = out.partition("# For the config.yaml of a LiteLLM proxy:\n")
    model = load_catalog().external["openrouter", "openai/gpt-6-luna"]
    assert model.price is not None and model.price.input_per_mtok is not None
    (entry,) = registered(python).values()
    assert entry["litellm_provider"] == "openrouter"
    assert entry["input_cost_per_token"] == pytest.approx(float(model.price.input_per_mtok) / 1e6)
    assert (entry["max_input_tokens"], entry["mode"]) == (model.context_window, "chat")
    (served,) = yaml.safe_load(proxy)["model_list"]
    assert served["litellm_params"] == {
        "model": "openrouter/openai/gpt-6-luna", "api_key": "os.environ/OPENROUTER_API_KEY",
    }  # fmt: skip
    assert served["model_info"] == {key: value for key, value in entry.items() if key != "litellm_provider"}


def test_a_model_says_that_litellm_does_not_know_it(radiant: Program) -> None:
    out = radiant("model", "show", "openrouter/openai/gpt-6-luna").out
    assert "`radiant model show openrouter/openai/gpt-6-luna --litellm`" in out
    assert "LiteLLM does not know" not in radiant("model", "show", "claude-fable-5-1").out
    (row,) = json.loads(radiant("model", "show", "claude-fable-5-1", "--json").out)
    assert row["litellm_known"] is True


def test_a_model_that_litellm_does_not_serve_is_said_to_be_none(radiant: Program) -> None:
    name = next(f"{p}/{m}" for (p, m), it in sorted(load_catalog().external.items()) if it.litellm_id is None)
    code, _, err = radiant("model", "show", name, "--litellm")
    assert (code, err) == (
        1, f"radiant: LiteLLM is not known to serve {name!r}: the registry has no `litellm_id` for it.\n",
    )  # fmt: skip


@pytest.mark.litellm
@pytest.mark.parametrize("name", MODELS)
def test_litellm_counts_what_it_was_told(radiant: Program, name: str) -> None:
    pytest.importorskip("litellm")
    (told,) = json.loads(radiant("model", "show", name, "--litellm", "--json").out)
    asked = f"{told['python']}\nimport json\nprint(json.dumps(litellm.get_model_info({told['litellm_id']!r})))\n"
    variables = {**os.environ, "LITELLM_LOCAL_MODEL_COST_MAP": "True"}
    ran = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, env=variables, check=True)
    info = json.loads(ran.stdout.splitlines()[-1])
    assert {key: info[key] for key in told["entry"]} == told["entry"]
