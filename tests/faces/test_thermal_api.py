"""The warmth of models over HTTP."""

import asyncio
from typing import Any

import httpx
import pytest

from radiant.api.resources.thermal import Rate
from radiant.domain.warmth import TooManyWarmups
from tests.asleep import ASLEEP
from tests.faces.served import problem

THERMAL = "/api/v2/thermal"
MODEL = "llama-3.3-70b"


@pytest.fixture
async def client(client_of_own: httpx.AsyncClient, database: Any) -> httpx.AsyncClient:
    await database.rows(f"{ASLEEP} RETURNING id")
    return client_of_own


async def test_models_are_listed_by_id_page_by_page(client: httpx.AsyncClient) -> None:
    first = (await client.get(f"{THERMAL}/models", params={"limit": 2})).json()
    then = (await client.get(f"{THERMAL}/models", params={"limit": 1000, "after": first["next"]})).json()
    ids = [it["model_id"] for it in [*first["models"], *then["models"]]]
    assert ids == sorted(ids) and len(ids) == 56 and then["next"] is None
    cold = (await client.get(f"{THERMAL}/models", params={"thermal_state": "COLD", "limit": 1})).json()["models"][0]
    assert (cold["state"], cold["target"], cold["p50_seconds"]) == ("COLD", "AUTOMATIC", None)
    assert isinstance(cold["expected_seconds"], int)


async def test_a_target_idle_time_and_windows_are_set_and_read(client: httpx.AsyncClient) -> None:
    window = {"cron": "0 8 * * mon-fri", "duration_minutes": 600, "time_zone": "Europe/Berlin", "enabled": True}
    change = {"target": "WARM", "scale_to_zero_minutes": 5, "windows": [window]}
    set_ = (await client.put(f"{THERMAL}/models/{MODEL}", json=change)).json()
    kept = [window | {"problem": None}]
    assert (set_["model"]["target"], set_["model"]["scale_to_zero_minutes"], set_["windows"]) == ("WARM", 5, kept)
    left = (await client.put(f"{THERMAL}/models/{MODEL}", json={"target": "AUTOMATIC"})).json()
    assert left["windows"] == kept and left["model"]["scale_to_zero_minutes"] == 5
    assert (await client.put(f"{THERMAL}/models/{MODEL}", json={"windows": []})).json()["windows"] == []


async def test_one_target_for_many_or_for_none_of_them(client: httpx.AsyncClient) -> None:
    named = {"target": "COLD", "model_ids": [MODEL, "no-such-model"]}
    problem(await client.post(f"{THERMAL}/bulk", json=named), 404, "model-not-found")
    assert (await client.get(f"{THERMAL}/models/{MODEL}")).json()["model"]["target"] == "AUTOMATIC"
    held = (await client.post(f"{THERMAL}/bulk", json={"target": "COLD", "state": "COLD"})).json()["models"]
    assert len(held) > 1 and {it["target"] for it in held} == {"COLD"}
    problem(await client.post(f"{THERMAL}/bulk", json={"target": "COLD"}), 422, "rule-invalid")


async def test_a_model_is_asked_for_once_and_let_go(client: httpx.AsyncClient) -> None:
    first = await client.post(f"{THERMAL}/warm/{MODEL}", json={"minutes": 30})
    assert first.status_code == 202
    assert first.json()["started"] is True and first.json()["until"] is not None
    again = (await client.post(f"{THERMAL}/warm/{MODEL}")).json()
    assert (again["started"], again["problem"]) == (False, None)
    cooled = (await client.post(f"{THERMAL}/cool/{MODEL}")).json()
    assert cooled["model"]["demanded_until"] is None


async def test_what_is_held_cold_says_who_holds_it(client: httpx.AsyncClient) -> None:
    await client.put(f"{THERMAL}/models/{MODEL}", json={"target": "COLD"})
    asked = (await client.post(f"{THERMAL}/warm/{MODEL}")).json()
    assert asked["started"] is False and asked["problem"].startswith("an operator holds it COLD")


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "name"),
    [
        ("GET", "models/nobody", None, 404, "model-not-found"),
        ("PUT", "models/nobody", {"target": "WARM"}, 404, "model-not-found"),
        ("PUT", f"models/{MODEL}", {"target": "TEPID"}, 400, "body-invalid"),
        ("PUT", f"models/{MODEL}", {"scale_to_zero_minutes": 0}, 400, "body-invalid"),
        ("PUT", f"models/{MODEL}", {"windows": [{"cron": "daily", "duration_minutes": 1}]}, 422, "rule-invalid"),
        ("POST", "warm/nobody", None, 404, "model-not-found"),
        ("POST", f"warm/{MODEL}", {"minutes": 0}, 400, "body-invalid"),
        ("POST", "cool/nobody", None, 404, "model-not-found"),
        ("GET", "models?status=COLD", None, 400, "parameter-invalid"),
    ],
)
async def test_what_cannot_be_is_a_problem_of_its_kind(
    client: httpx.AsyncClient, method: str, path: str, body: Any, status: int, name: str
) -> None:
    problem(await client.request(method, f"{THERMAL}/{path}", json=body), status, name)


async def test_all_together(client: httpx.AsyncClient) -> None:
    await asyncio.sleep(0.1)  # of 56 models, what is told of hours in thousandths
    found = (await client.get(f"{THERMAL}/metrics")).json()
    assert found["models"]["COLD"] == 56 and found["hours_asleep"] > 0 and found["days"] == 30
    assert float(found["saved_usd"]) >= 0


def test_readers_ask_so_often_a_minute() -> None:
    clock = [0.0]
    rate = Rate(most=2, clock=lambda: clock[0])
    rate.take()
    clock[0] = 30.0
    rate.take()
    with pytest.raises(TooManyWarmups, match="More than 2 warm-ups"):
        rate.take()
    clock[0] = 60.0
    rate.take()


@pytest.mark.parametrize("name", [MODEL, MODEL.upper(), f"self_hosted/{MODEL}", f"sagemaker/{MODEL}"])
async def test_a_model_is_known_by_every_name_it_has(client: httpx.AsyncClient, name: str) -> None:
    assert (await client.get(f"{THERMAL}/models/{name}")).json()["model"]["model_id"] == MODEL
    assert (await client.get(f"{THERMAL}/models/{name.replace('/', '%2F')}")).json()["model"]["model_id"] == MODEL
    held = (await client.put(f"{THERMAL}/models/{name}", json={"target": "WARM"})).json()["model"]
    assert (held["model_id"], held["target"]) == (MODEL, "WARM")
    held = (await client.post(f"{THERMAL}/bulk", json={"target": "AUTOMATIC", "model_ids": [name]})).json()["models"]
    assert [(it["model_id"], it["target"]) for it in held] == [(MODEL, "AUTOMATIC")]
    asked = (await client.post(f"{THERMAL}/warm/{name}")).json()
    assert (asked["model_id"], asked["started"]) == (MODEL, True)
    cooled = (await client.post(f"{THERMAL}/cool/{name}")).json()["model"]
    assert (cooled["model_id"], cooled["demanded_until"]) == (MODEL, None)


@pytest.mark.parametrize("path", ["models", "warm", "cool"])
async def test_a_name_that_no_model_has_is_told_with_the_nearest(client: httpx.AsyncClient, path: str) -> None:
    ask = client.get if path == "models" else client.post
    told = problem(await ask(f"{THERMAL}/{path}/{MODEL}x"), 404, "model-not-found")
    assert told["close"][0] == MODEL and told["detail"].startswith(f"No self-hosted model '{MODEL}x'. Did you mean ")
    told = problem(await ask(f"{THERMAL}/{path}/gpt-4o-mini"), 404, "model-not-found")
    assert told["detail"].startswith("No self-hosted model 'gpt-4o-mini'.")
