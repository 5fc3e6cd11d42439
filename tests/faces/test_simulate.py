"""`radiant simulate`: fake providers to be asked, until told to stop."""

import json
import signal
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faces.conftest import Answer, Child, Program


def get(url: str, **headers: str) -> tuple[int, object]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(url, headers=named)  # noqa: S310 - our own
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


def test_providers_are_played_until_ctrl_c(start: Child) -> None:
    child = start("simulate", "--port", "0")
    assert child.stdout is not None
    lines: list[str] = []
    while not lines or not lines[-1].startswith("Ctrl-C"):
        lines.append(child.stdout.readline())
        assert lines[-1]
    assert "export RADIANT_ALLOW_PRIVATE_NETWORKS=1" in "".join(lines)
    played = {line.split()[0]: line.split()[1:] for line in lines if "http://" in line}
    url, key = played["openai"]
    assert key == "OPENAI_API_KEY=simulated-openai"
    assert get(f"{url}/models") == (401, {"error": {"message": "Invalid API key.", "type": "authentication_error"}})
    status, body = get(f"{url}/models", Authorization="Bearer simulated-openai")
    assert status == 200
    assert isinstance(body, dict)
    assert {"gpt-6-luna", "gpt-4o-mini"} <= {model["id"] for model in body["data"]}
    status, body = get(f"{played['anthropic'][0]}/v1/models?limit=5", x_api_key="simulated-anthropic")
    assert isinstance(body, dict)
    assert (status, len(body["data"]), body["has_more"]) == (200, 5, True)
    child.send_signal(signal.SIGINT)
    _, err = child.communicate(timeout=10)
    assert (child.returncode, err) == (128 + signal.SIGINT, "")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[providers]]\nid = "openai"\nmood = "bad"\n', "play.toml:3: `providers[0].mood`"),
        ("providers = []", "is empty; nothing would be played"),
    ],
)
def test_a_script_that_is_wrong_is_one_sentence(radiant: Program, tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "play.toml"
    file.write_text(text)
    answer = radiant("simulate", str(file))
    assert (answer.code, answer.out) == (1, "")
    assert said in answer.err
    assert answer.err.startswith("radiant: ") and "Traceback" not in answer.err


def test_a_script_that_is_not_there_and_a_port_that_is_taken_are_one_sentence(
    radiant: Program, tmp_path: Path, run: Callable[..., Answer], start: Child
) -> None:
    answer = radiant("simulate", str(tmp_path / "absent.toml"))
    assert (answer.code, "Traceback" in answer.err) == (1, False)
    assert answer.err.endswith("absent.toml: No such file or directory\n")
    first = start("simulate", "--port", "0")
    assert first.stdout is not None
    port = next(line.split(":")[2].split("/")[0] for line in first.stdout if "http://" in line)
    taken = run("simulate", "--port", port)
    assert (taken.code, taken.out) == (1, "")
    assert f"Cannot listen on 127.0.0.1:{port}" in taken.err
