"""Endpoints by command and over HTTP."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.faces.conftest import Program
from tests.faces.served import problem

Query = Callable[..., list[Any]]

ENDPOINTS = "/api/v2/admin/endpoints"
#: Where nobody listens.
NOWHERE = "http://127.0.0.1:9"
MISTRAL = {"model_id": "mistral-7b-v0.3", "runtime": "ollama", "url": NOWHERE, "name": "mistral:7b"}


@pytest.fixture
def own(clean_environment: pytest.MonkeyPatch, database_url: str) -> str:
    clean_environment.setenv("RADIANT_DATABASE_URL", database_url)
    return database_url


def words(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.usefixtures("own")
def test_an_endpoint_is_added_shown_changed_and_removed_by_command(radiant: Program) -> None:
    assert "No endpoint yet: `radiant endpoints add MODEL_ID" in words(radiant("endpoints", "list").out)
    arguments = ("mistral-7b-v0.3", "--runtime", "Ollama", "--url", NOWHERE, "--name", "mistral:7b")
    code, out, err = radiant("endpoints", "add", *arguments, "--option", "keep_alive=1h", "--option", "n=3")
    assert (code, err) == (0, "")
    assert out == (
        f"mistral-7b-v0.3 has endpoint 1: mistral:7b at {NOWHERE}. It counts as OFF: nobody listens there.\n"
    )
    (listed,) = json.loads(radiant("endpoints", "list", "--json").out)
    assert (listed["id"], listed["runtime"], listed["state"], listed["called"]) == (1, "ollama", "OFF", True)
    assert listed["options"] == {"keep_alive": "1h", "n": 3}
    told = words(radiant("endpoints", "list", "--model", "Mistral-7B-v0.3").out)
    assert f"1 mistral-7b-v0.3 ollama {NOWHERE} mistral:7b OFF yes" in told
    assert radiant("endpoints", "test", "1").code == 1, "nobody is there"
    changed = radiant("endpoints", "set", "1", "--may-create", "--option", "keep_alive=", "--json")
    assert (json.loads(changed.out)["options"], json.loads(changed.out)["state"]) == ({"n": 3}, "COLD")
    assert radiant("endpoints", "set", "1", "--disable").code == 0
    assert "COLD, disabled" in words(radiant("endpoints", "list").out)
    assert "runs there goes on" in radiant("endpoints", "remove", "1").out
    code, _, err = radiant("endpoints", "show", "1")
    assert (code, err) == (
        1, "radiant: No endpoint 1; there is none yet. `radiant endpoints list` shows them.\n",
    )  # fmt: skip


@pytest.mark.usefixtures("own")
def test_a_model_is_shown_with_where_it_runs_or_with_what_to_do(radiant: Program) -> None:
    shown = words(radiant("model", "show", "mistral-7b-v0.3").out)
    assert shown.endswith("no endpoint: `radiant endpoints add mistral-7b-v0.3 --runtime RUNTIME --url URL`.")
    (bare,) = json.loads(radiant("model", "show", "mistral-7b-v0.3", "--json").out)
    assert bare["endpoints"] == []
    radiant("endpoints", "add", "mistral-7b-v0.3", "--runtime", "ollama", "--url", NOWHERE, "--name", "mistral:7b")
    assert f"1 mistral-7b-v0.3 ollama {NOWHERE} mistral:7b OFF" in words(
        radiant("model", "show", "mistral-7b-v0.3").out
    )
    (model,) = json.loads(radiant("model", "show", "mistral-7b-v0.3", "--json").out)
    assert (model["litellm_id"], model["endpoint_id"]) == ("ollama/mistral:7b", 1)
    assert [it["problem"] for it in model["endpoints"]] == ["nobody listens there"]
    planned = radiant("select", "chat", "--hosting", "self_hosted", "--include-off")
    assert (planned.code, "USD an hour" in planned.out, "OFF" in planned.out) == (0, True, True)
    assert "is off. `radiant endpoints add " in words(planned.out)


OLLAMA = ("add", "mistral-7b-v0.3", "--runtime", "ollama", "--url", NOWHERE)


@pytest.mark.usefixtures("standing")
@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("add", "mistral-7b-v0.4", "--runtime", "ollama", "--url", NOWHERE), 1, "Did you mean mistral-7b-v0.3"),
        (("add", "mistral-7b-v0.3", "--runtime", "olama", "--url", NOWHERE), 1, "No runtime 'olama'; expected one of"),
        (("add", "mistral-7b-v0.3", "--runtime", "ollama"), 1, "needs the address of its server"),
        (("add", "mistral-7b-v0.3", "--runtime", "ollama", "--url", NOWHERE, "--option", "x"), 2, "NAME=VALUE"),
        (("set", "1"), 2, "say what to set"),
        (("set", "1", "--name", "x" * 400), 2, "Invalid value for --name: expected text of length at most 150"),
        (("set", "1", "--max-instances", "20000"), 2, "for --max-instances: expected a whole number at most 10000"),
        (("set", "1", "--max-instances", "9" * 30), 2, "for --max-instances: expected a whole number at most 10000"),
        ((*OLLAMA, "--region", "EU_x"), 2, "Invalid value for --region: expected text matching"),
        ((*OLLAMA, "--secret-env", "sk-1"), 2, "Invalid value for --secret-env: expected text matching"),
        ((*OLLAMA, "--max-instances", "20000"), 2, "Invalid value for --max-instances: expected a whole number"),
        (("show", "9" * 11), 2, "is not in the range 1<=x<=2147483647"),
        (("scan", NOWHERE), 1, f"What runs at {NOWHERE} is not known: nobody listens there."),
    ],
)
def test_what_cannot_be_is_told_in_a_sentence(
    radiant: Program, arguments: tuple[str, ...], code: int, said: str
) -> None:
    answer = radiant("endpoints", *arguments)
    assert answer.code == code
    assert said in words(answer.err).replace("│ ", "")


async def test_the_same_over_http(client_of_own: httpx.AsyncClient) -> None:
    client = client_of_own
    added = await client.post(ENDPOINTS, json=MISTRAL)
    made = added.json()
    assert (added.status_code, added.headers["location"]) == (201, f"{ENDPOINTS}/{made['id']}")
    assert (made["state"], made["problem"], made["called"]) == ("OFF", "nobody listens there", True)
    assert (await client.get(ENDPOINTS)).json() == [made]
    assert (await client.get(ENDPOINTS, params={"model": "sam-2"})).json() == []
    place = added.headers["location"]
    assert (await client.get(place)).json() == made
    changed = (await client.patch(place, json={"max_instances": 4, "may_create": True})).json()
    assert (changed["max_instances"], changed["state"]) == (4, "COLD")
    seen = (await client.post(f"{place}/test")).json()
    assert (seen["state"], seen["problem"]) == ("COLD", "nobody listens there")
    scanned = (await client.post(f"{ENDPOINTS}/scan", json={"url": NOWHERE})).json()
    assert (scanned["runtime"], scanned["models"]) == (None, [])
    assert (await client.delete(place)).json()["id"] == made["id"]
    gone = problem(await client.get(place), 404, "endpoint-not-found")
    assert gone["known"] == []


@pytest.mark.parametrize(
    ("body", "status", "name"),
    [
        ({**MISTRAL, "model_id": "nosuch"}, 404, "model-not-found"),
        ({**MISTRAL, "runtime": "nosuch"}, 422, "rule-invalid"),
        ({**MISTRAL, "url": "http://169.254.169.254"}, 422, "rule-invalid"),
        ({**MISTRAL, "min_instances": 5}, 409, "rule-conflict"),
        ({**MISTRAL, "key": "secret"}, 400, "body-invalid"),
        ({"runtime": "ollama"}, 400, "body-invalid"),
    ],
)
async def test_what_cannot_be_an_endpoint_is_a_problem(
    client_of_own: httpx.AsyncClient, body: dict[str, Any], status: int, name: str
) -> None:
    problem(await client_of_own.post(ENDPOINTS, json=body), status, name)
