"""Prices of people over HTTP and at the command line: whole sheets, kinds of requests, rises that tenants pay later."""

import datetime as dt
import json

import httpx
import pytest

from tests.faces.conftest import Program
from tests.faces.test_markups import MINI, PRICES, usd

BATCH = {"processing": "batch"}
BOTH = {"input_tokens": 1_000_000, "output_tokens": 1_000_000}


async def test_a_whole_sheet_is_previewed_set_shown_and_unset(client_of_own: httpx.AsyncClient) -> None:
    client = client_of_own
    body = {"model": MINI, "prices": {"input_tokens": "0.1"}, "reason": "deal", "whole": True}
    (edit,) = (await client.post(f"{PRICES}/preview", json=body)).json()
    gone = {it["meter"]: it["charged_as"] for it in edit["changes"] if it["after"] is None and not it["context"]}
    assert gone == {"output_tokens": None, "cache_read_tokens": "input_tokens"}
    assert (edit["left"], edit["sheet"]["whole"]) == ([], True)
    assert await usd(client, usage=BOTH) == "0.75", "a preview writes nothing"
    assert (await client.post(f"{PRICES}/set", json=body)).json()[0]["changes"] == edit["changes"]
    for context in ({}, BATCH):
        found = (await client.post("/api/v2/costs", json={"model": MINI, "usage": BOTH, "context": context})).json()
        assert (found["usd"], found["unpriced"]) == ("0.1", ["output_tokens"])
    shown = (await client.get(f"/api/v2/models/{MINI}/prices")).json()[0]["sheets"]
    assert {(it["rank"], it["whole"], it["silent"]) for it in shown} == {(0, False, True), (1, True, False)}
    models = (await client.get("/api/v2/admin/registry/models", params={"hostingType": "external"})).json()["models"]
    (mini,) = [it for it in models if (it["provider_id"], it["model_id"]) == ("openai", "gpt-4o-mini")]
    assert (mini["input_cost_per_1k"], mini["output_cost_per_1k"]) == ("0.0001", None)
    assert (await client.post(f"{PRICES}/unset", json={"model": MINI})).json()["models"] == [MINI]
    assert await usd(client, usage=BOTH) == "0.75"


@pytest.mark.parametrize("blank", [" ", "\u3000", "\n", "\0", "a\0"])
async def test_blanks_are_no_reason_and_no_tenant(client_of_own: httpx.AsyncClient, blank: str) -> None:
    body = {"model": MINI, "prices": {"input_tokens": "0.1"}, "reason": "deal"}
    markup = {"rate": "0.4", "reason": "deal"}
    for field in ("reason", "tenant"):
        for path, asked in (("set", body), ("preview", body), ("markups", markup)):
            answer = await client_of_own.post(f"{PRICES}/{path}", json={**asked, field: blank})
            said = f"The body is not of the shape that is read here: {field}: is blank, or has a character that cannot"
            assert answer.status_code == 400 and answer.json()["detail"].startswith(said), answer.json()


async def test_a_kind_of_requests_is_set_and_unset_alone(client_of_own: httpx.AsyncClient) -> None:
    client = client_of_own
    given = {"model": MINI, "reason": "deal"}
    await client.post(f"{PRICES}/set", json={**given, "prices": {"input_tokens": "0.1"}})
    (edit,) = (
        await client.post(f"{PRICES}/set", json={**given, "prices": {"input_tokens": "0.05"}, "context": BATCH})
    ).json()
    assert (edit["sheet"]["context"], edit["changes"][0]["before"], edit["changes"][0]["after"]) == (
        BATCH,
        "0.1",
        "0.05",
    )
    assert (await usd(client), await usd(client, context=BATCH)) == ("0.1", "0.05")
    await client.post(f"{PRICES}/unset", json={"model": MINI, "context": {}})
    assert (await usd(client), await usd(client, context=BATCH)) == ("0.15", "0.05")
    await client.post(f"{PRICES}/unset", json={"model": MINI, "context": BATCH})
    assert (await usd(client), await usd(client, context=BATCH)) == ("0.15", "0.075")


async def test_a_rise_reaches_tenants_later_unless_it_is_sold_at_once(client_of_own: httpx.AsyncClient) -> None:
    client = client_of_own
    body = {"model": MINI, "prices": {"input_tokens": "0.3"}, "reason": "dearer"}
    (edit,) = (await client.post(f"{PRICES}/set", json=body)).json()
    late = dt.datetime.fromisoformat(edit["sheet"]["sold_from"])
    assert edit["rise"] == "4", "of batches, which cost half"
    assert (await usd(client), await usd(client, book="sale")) == ("0.3", "0.21")
    assert await usd(client, book="sale", at=late.isoformat()) == "0.42"
    (edit,) = (await client.post(f"{PRICES}/set", json={**body, "sell_at_once": True})).json()
    assert (edit["sheet"]["sold_from"], await usd(client, book="sale")) == (None, "0.42")
    await client.post(f"{PRICES}/set", json={**body, "prices": {"input_tokens": "0.1"}})
    assert await usd(client, book="sale") == "0.14", "a fall at once"
    ended = (await client.post(f"{PRICES}/unset", json={"model": MINI})).json()
    assert [(it["model"], it["rise"]) for it in ended["later"]] == [(MINI, "1.5")]
    assert (await usd(client), await usd(client, book="sale")) == ("0.15", "0.14")


def test_the_command_says_what_a_whole_sheet_takes_away_and_when_tenants_pay(
    radiant: Program, database_url: str, clean_environment: pytest.MonkeyPatch
) -> None:
    clean_environment.setenv("DATABASE_URL", database_url)
    given = ("prices", "set", "openai/gpt-4o*", "input_tokens=0.3", "--whole", "--reason", "deal")
    preview = radiant(*given).out
    assert f"{MINI}\n" in preview and "\nNo price any more for " in preview
    assert (
        "cache_read_tokens (charged as input_tokens)" in preview and "output_tokens under processing batch" in preview
    )
    assert "UTC on, since it is 300 % more." in preview and "Nothing was written." in preview
    assert "what it does not name has no price." in radiant(*given, "--apply").out
    shown = radiant("prices", "show", MINI).out
    assert "The sheet of administrator is whole: what it does not name has no price." in shown
    assert "Tenants pay what administrator says from " in shown and "Sold below cost: input_tokens" in shown
    assert "output_tokens" not in shown
    assert "administrator, whole" in radiant("prices", "history", MINI).out
    batch = ("prices", "set", MINI, "output_tokens=0.2", "--context", "processing=batch", "--reason", "deal")
    assert json.loads(radiant(*batch, "--json").out)[0]["left"] == ["input_tokens"]
    cost = ("cost", MINI, "--output", "1000000", "--json")
    assert json.loads(radiant(*cost, "--context", "processing=batch").out)["usd"] == "0.2"
    assert radiant("prices", "unset", MINI, "--usual").out.startswith(f"{MINI}: what was set has ended")
    assert json.loads(radiant(*cost).out)["usd"] == "0.6"
    (ended,) = json.loads(radiant("prices", "unset", MINI, "--context", "processing=batch", "--json").out)
    assert ended["model"] == MINI
    assert json.loads(radiant(*cost, "--context", "processing=batch").out)["usd"] == "0.3"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("set", MINI, "input_tokens=1", "--reason", "r", "--context", "batch"), "--context: 'batch' is no pair"),
        (
            ("set", MINI, "input_tokens=1", "--reason", "r", "--context", "proccessing=batch"),
            "--context: has no condition",
        ),
        (("set", MINI, "input_tokens=1", "--reason", "r", "--context", "a= "), "--context: has ' '"),
        (("set", MINI, "input_tokens=1", "--reason", "r", "--tenant", "b", "--sell-at-once"), "--sell-at-once: is for"),
        (("set", MINI, "--whole", "--reason", "r"), "METER=USD"),
        (("set", MINI, "input_token=1", "--whole", "--reason", "r"), "input_token: is no meter"),
        (("set", MINI, "input_tokens=1", "--reason", "r", "--until", "2020-01-01T00:00:00Z"), "--until: is 2020"),
        (("unset", MINI, "--usual", "--context", "a=b"), "--usual: is for requests without"),
        (("unset", MINI, "--context", "region"), "--context: 'region' is no pair"),
        (("unset", MINI, "--tenant", "b", "--sell-at-once"), "--sell-at-once: is for"),
    ],
)
def test_what_cannot_be_is_named_by_its_option(
    radiant: Program, clean_environment: pytest.MonkeyPatch, standing_url: str, typed: tuple[str, ...], said: str
) -> None:
    clean_environment.setenv("RADIANT_DATABASE_URL", standing_url)
    refused = radiant("prices", *typed)
    assert refused.code == 2
    assert said.replace("--", "") in refused.err.replace("--", "").replace("Invalid value for ", "")


def test_prices_of_an_own_model_are_set_shown_with_what_a_request_costs_at_least_and_unset(
    radiant: Program, database_url: str, clean_environment: pytest.MonkeyPatch
) -> None:
    clean_environment.setenv("DATABASE_URL", database_url)
    own = "self_hosted/llama-3.3-70b"
    given = ("input_tokens=0.5", "output_tokens=2", "--minimum", "0.01", "--reason", "ours")
    assert radiant("prices", "set", own, *given).code == 0
    shown = radiant("prices", "show", own).out
    assert [line.split()[-3] for line in shown.splitlines() if "a request at least" in line] == ["0.01"]
    assert json.loads(radiant("cost", own, "--input", "1000", "--output", "1000", "--json").out)["usd"] == "0.01"
    assert radiant("prices", "unset", own).code == 0
    assert "a request at least" not in radiant("prices", "show", own).out
