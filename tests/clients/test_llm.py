"""The command line `llm`."""

import os
import subprocess
import sys
from pathlib import Path

from tests.clients.conftest import Served

MODEL = """
- model_id: radiant
  model_name: gpt-4o-mini
  api_base: {url}/v1
  api_key_name: radiant
"""


def llm(home: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [Path(sys.executable).with_name("llm"), *arguments],
        env={**os.environ, "LLM_USER_PATH": str(home)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_it_is_told_what_to_call_instead(served: Served, home: Path) -> None:
    (home / "extra-openai-models.yaml").write_text(MODEL.format(url=served.url))
    assert llm(home, "keys", "set", "radiant", "--value", served.token).returncode == 0
    assert "radiant" in llm(home, "models").stdout
    told = llm(home, "-m", "radiant", "--no-stream", "Hi")
    assert told.returncode == 1
    assert "POST /api/v2/select" in told.stderr
    assert "Traceback" not in told.stderr


def test_it_lists_the_models_of_an_endpoint(served: Served, home: Path) -> None:
    listed = llm(home, "openai", "endpoint", f"{served.url}/v1", "--models", "--key", served.token)
    assert listed.returncode == 0, listed.stderr
    assert served.ids <= {line.strip() for line in listed.stdout.splitlines()}
