"""`radiant prices markup` and `/api/v2/admin/prices/…`: the sale book, prices of people, changes that a guard held."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.faces.conftest import Program
from tests.faces.served import problem, reading

PRICES = "/api/v2/admin/prices"
MARKUPS = f"{PRICES}/markups"
MINI = "openai/gpt-4o-mini"
TERMS = {"rate": "0.25", "tenant": "blue", "model": MINI, "reason": "contract 7", "minimum_charge": "0.5"}
SET = {"model": MINI, "prices": {"input_tokens": "0.1"}, "reason": "deal"}


async def usd(client: httpx.AsyncClient, **more: Any) -> str:
    asked = {"model": MINI, "usage": {"input_tokens": 1_000_000}, **more}
    return str((await client.post("/api/v2/costs", json=asked)).json()["usd"])


async def test_a_markup_is_set_charged_listed_and_ended(client_of_own: httpx.AsyncClient) -> None:
    client = client_of_own
    usual = (await client.get(MARKUPS)).json()
    assert [(it["hosting"], it["rate"], it["usual"]) for it in usual] == [
        ("external", "0.4", True), ("self_hosted", "0.75", True),
    ]  # fmt: skip
    made = await client.post(MARKUPS, json=TERMS)
    row = made.json()
    assert (made.status_code, made.headers["location"]) == (201, f"{MARKUPS}/{row['id']}")
    assert (row["tenant"], row["provider"], row["model"], row["rate"]) == ("blue", "openai", "gpt-4o-mini", "0.25")
    assert (row["set_by"], row["reason"], row["minimum_charge"]) == ("api", "contract 7", "0.5")
    assert (await usd(client, tenant="blue"), await usd(client, book="sale")) == ("0.5", "0.21")
    ended = await client.delete(made.headers["location"])
    assert (ended.status_code, ended.json()["id"]) == (200, row["id"])
    assert await usd(client, tenant="blue") == "0.21"
    assert (await client.get(MARKUPS)).json() == usual
    ever = (await client.get(MARKUPS, params={"ever": "true"})).json()
    assert len(ever) == len(usual) + 2, "what was believed, and that it ended"
    gone = problem(await client.delete(made.headers["location"]), 404, "markup-not-found")
    assert gone["known"] == []


async def test_prices_are_previewed_set_for_a_pattern_and_unset(client_of_own: httpx.AsyncClient) -> None:
    client = client_of_own
    pattern = {**SET, "model": "openai/*mini*", "tenant": "blue", "prices": {"input_tokens": 0.05}}
    preview = await client.post(f"{PRICES}/preview", json=pattern)
    edits = preview.json()
    (edit,) = [it for it in edits if it["model"] == MINI]
    change, in_batches = edit["changes"]
    assert change.pop("source")
    assert change == {
        "meter": "input_tokens", "context": {}, "before": "0.15", "after": "0.05", "per": 1_000_000, "charged_as": None,
    }  # fmt: skip
    assert (in_batches["context"], in_batches["before"]) == ({"processing": "batch"}, "0.075")
    assert {"output_tokens", "cache_read_tokens"} <= set(edit["left"])
    below = [(it["meter"], it["purchase"], it["sale"]) for it in edit["below_cost"] if not it["context"]]
    assert below == [("input_tokens", "0.15", "0.05")]
    assert len(edits) > 1, "all that the pattern fits"
    assert await usd(client, tenant="blue") == "0.21", "a preview writes nothing"
    written = (await client.post(f"{PRICES}/set", json=pattern)).json()
    assert [(it["model"], it["left"]) for it in written] == [(it["model"], it["left"]) for it in edits]
    assert (await usd(client, tenant="blue"), await usd(client)) == ("0.05", "0.15")
    shown = (await client.get(f"/api/v2/models/{MINI}/prices", params={"tenant": "blue"})).json()[0]
    assert {it["sale"] for it in shown["below_cost"]} == {"0.05"}
    unset = await client.post(f"{PRICES}/unset", json={"model": "openai/*", "tenant": "blue"})
    assert sorted(it["model"] for it in edits) == unset.json()["models"]
    assert await usd(client, tenant="blue") == "0.21"
    problem(await client.post(f"{PRICES}/unset", json={"model": MINI}), 404, "price-not-set")


async def test_a_price_of_people_leaves_what_it_does_not_name(client_of_own: httpx.AsyncClient) -> None:
    """No run ever brought prices up to date here: what the row says stays beside what is set."""
    client = client_of_own
    assert (await client.post(f"{PRICES}/set", json=SET)).status_code == 200
    assert await usd(client, usage={"input_tokens": 1_000_000, "output_tokens": 1_000_000}) == "0.7"
    models = (await client.get("/api/v2/admin/registry/models", params={"hostingType": "external"})).json()["models"]
    (mini,) = [it for it in models if (it["provider_id"], it["model_id"]) == ("openai", "gpt-4o-mini")]
    assert (mini["input_cost_per_1k"], mini["output_cost_per_1k"]) == ("0.0001", "0.0006")


async def test_ones_own_model_can_have_a_price_of_people(client_of_own: httpx.AsyncClient) -> None:
    client = client_of_own
    given = {**SET, "model": "self_hosted/sam-2", "prices": {"images": "0.01"}}
    assert (await client.post(f"{PRICES}/set", json=given)).status_code == 200
    found = (await client.post("/api/v2/costs", json={"model": "self_hosted/sam-2", "usage": {"images": 3}})).json()
    assert found["usd"] == "0.03"
    shown = (await client.get("/api/v2/models/self_hosted/sam-2/prices")).json()[0]
    assert {line["meter"] for sheet in shown["sheets"] for line in sheet["lines"]} >= {"images", "instance_seconds"}


async def test_held_changes_are_listed_approved_and_refused(
    client_of_own: httpx.AsyncClient, database_url: str, query: Callable[..., list[Any]]
) -> None:
    client = client_of_own
    item = '[{"meter": "input_tokens", "above": -1, "clock": "", "amount": "0.4", "per": 1000000}]'
    row = (
        '{"provider_id": "openai", "model_id": "gpt-4o-mini", "context": {}, "book": "purchase", "tenant_id": null,'
        f' "rank": 0, "offer": null, "valid_from": null, "valid_to": null, "sold_from": null, "items": {item},'
        ' "source": "litellm", "said": null, "source_url": null, "clocks": [], "minimum": null, "origin": "sync"}'
    )
    query(
        database_url,
        "INSERT INTO price_proposals (offer_id, wanted, digest, reasons)"
        " VALUES (price_offer('openai', 'gpt-4o-mini'), jsonb_build_array(%s::jsonb), 'd',"
        " '{rise_above: more than double}')",
        row,
    )
    (held,) = (await client.get(f"{PRICES}/held")).json()
    assert (held["model"], held["reasons"]) == (MINI, ["rise_above: more than double"])
    missing = problem(await client.post(f"{PRICES}/held/refuse", json={"changes": ["99"]}), 404, "price-not-held")
    assert missing["known"] == [MINI]
    decided = await client.post(f"{PRICES}/held/approve", json={"changes": [str(held["id"])], "reason": "announced"})
    assert decided.json() == {"models": [MINI]}
    assert await usd(client) == "0.4"
    assert (await client.get(f"{PRICES}/held")).json() == []
    (old,) = (await client.get(f"{PRICES}/held", params={"decided": True})).json()
    assert (old["verdict"], old["decided_by"], old["reason"]) == ("approved", "api", "announced")


@pytest.mark.parametrize(
    ("path", "body", "status", "name"),
    [
        ("/markups", {}, 400, "body-invalid"),
        ("/markups", {**TERMS, "rate": "much"}, 400, "body-invalid"),
        ("/markups", {**TERMS, "reason": ""}, 400, "body-invalid"),
        ("/markups", {**TERMS, "to": "x"}, 400, "body-invalid"),
        ("/markups", {**TERMS, "since": "2026-12-01T00:00:00"}, 400, "body-invalid"),
        ("/markups", {**TERMS, "since": "0001-01-01T00:00:00Z"}, 422, "usage-invalid"),
        ("/markups", {**TERMS, "rate": 100}, 422, "usage-invalid"),
        ("/markups", {**TERMS, "model": "no-such"}, 404, "model-not-found"),
        ("/markups", {"rate": 1, "reason": "r", "provider": "no-such"}, 404, "provider-not-found"),
        ("/markups", {**TERMS, "tenant": "a\u0000b"}, 400, "body-invalid"),
        ("/set", {**SET, "prices": {}}, 422, "usage-invalid"),
        ("/set", {**SET, "prices": {"input_token": 1}}, 422, "usage-invalid"),
        ("/set", {**SET, "prices": {"input_tokens": -1}}, 422, "usage-invalid"),
        ("/set", {**SET, "prices": {"input_tokens": "1e999999"}}, 422, "usage-invalid"),
        ("/set", {**SET, "prices": {"input_tokens": "1e-31"}}, 422, "usage-invalid"),
        ("/set", {**SET, "minimum": "-1"}, 422, "usage-invalid"),
        ("/set", {**SET, "until": "9999-12-31T23:59:59Z"}, 422, "usage-invalid"),
        ("/set", {**SET, "model": "nosuch/*"}, 404, "model-not-found"),
        ("/preview", {**SET, "model": "no-such"}, 404, "model-not-found"),
        ("/set", {**SET, "context": {"proccessing": "batch"}}, 422, "usage-invalid"),
        ("/set", {**SET, "context": {"processing": ""}}, 422, "usage-invalid"),
        ("/set", {**SET, "context": "batch"}, 400, "body-invalid"),
        ("/set", {**SET, "whole": "yes"}, 400, "body-invalid"),
        ("/set", {**SET, "tenant": "blue", "sell_at_once": True}, 422, "usage-invalid"),
        ("/unset", {"model": MINI}, 404, "price-not-set"),
        ("/unset", {"model": MINI, "context": {"processing": " "}}, 422, "usage-invalid"),
        ("/unset", {"model": MINI, "tenant": "blue", "sell_at_once": True}, 422, "usage-invalid"),
        ("/held/approve", {"changes": []}, 400, "body-invalid"),
        ("/held/approve", {"changes": ["all"]}, 404, "price-not-held"),
    ],
)
async def test_bad_input_is_a_named_problem(
    client: httpx.AsyncClient, path: str, body: dict[str, Any], status: int, name: str
) -> None:
    problem(await client.post(f"{PRICES}{path}", json=body), status, name)


async def test_only_administrators_see_and_set_terms(standing_url: str, tmp_path: Path) -> None:
    async with reading(standing_url, tmp_path) as reader:
        for path in ("/markups", "/held"):
            problem(await reader.get(f"{PRICES}{path}"), 403, "admin-needed")
        problem(await reader.post(f"{PRICES}/set", json=SET), 403, "admin-needed")


def test_the_command_sets_lists_and_ends_markups(
    radiant: Program, database_url: str, clean_environment: pytest.MonkeyPatch
) -> None:
    clean_environment.setenv("DATABASE_URL", database_url)
    assert "external (usual)" in radiant("prices", "markup", "list").out
    made = radiant("prices", "markup", "set", "25%", "--tenant", "blue", "--reason", "contract 7").out
    assert made.startswith("Markup ") and ": 25 % for tenant blue, from " in made
    number = made.split(":")[0].removeprefix("Markup ")
    cost = ("cost", MINI, "--input", "1000000", "--json")
    assert json.loads(radiant(*cost, "--book", "sale", "--tenant", "blue").out)["usd"] == "0.1875"
    assert json.loads(radiant(*cost, "--book", "sale").out)["usd"] == "0.21"
    assert json.loads(radiant(*cost).out)["usd"] == "0.15"
    assert (
        "Tenant blue pays 25 % on top (markup of tenant blue)."
        in radiant("prices", "show", MINI, "--tenant", "blue").out
    )
    assert radiant("prices", "markup", "unset", number).out == f"Markup {number} for tenant blue has ended.\n"
    assert "blue" not in radiant("prices", "markup", "list").out
    assert "contract 7" in radiant("prices", "markup", "list", "--ever").out
    again = radiant("prices", "markup", "unset", number)
    assert (again.code, f"No markup {number} that somebody set goes on" in again.err) == (1, True)
    refused = radiant("prices", "markup", "set", "much", "--reason", "r")
    assert (refused.code, "'much' is no markup" in refused.err) == (2, True)


def test_a_pattern_shows_what_it_would_change_until_it_is_applied(
    radiant: Program, database_url: str, clean_environment: pytest.MonkeyPatch
) -> None:
    clean_environment.setenv("DATABASE_URL", database_url)
    given = ("prices", "set", "openai/gpt-4o*", "input_tokens=0.1", "--reason", "deal")
    preview = radiant(*given).out
    assert "openai/gpt-4o-mini" in preview and "output_tokens" in preview
    assert "Nothing was written. Say it again with --apply to do so." in preview
    cost = ("cost", MINI, "--input", "1000000", "--json")
    assert json.loads(radiant(*cost).out)["usd"] == "0.15"
    assert "it speaks before all sources" in radiant(*given, "--apply").out
    assert json.loads(radiant(*cost).out)["usd"] == "0.1"
    assert "openai/gpt-4o-mini: what was set has ended." in radiant("prices", "unset", "openai/*").out
    assert json.loads(radiant(*cost).out)["usd"] == "0.15"


def test_a_markup_below_zero_is_a_number_and_no_option(
    radiant: Program, database_url: str, clean_environment: pytest.MonkeyPatch
) -> None:
    clean_environment.setenv("DATABASE_URL", database_url)
    made = radiant("prices", "markup", "set", "-0.1", "--tenant", "green", "--reason", "contract 8")
    assert made.code == 0 and "-10 %" in made.out.replace("\u2212", "-"), made
    number = made.out.split()[1].rstrip(":")
    assert radiant("prices", "markup", "unset", number).code == 0


@pytest.mark.usefixtures("standing")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-0.1", "--reason", "x"], "MARKUP: is below 0; only one tenant can have less"),
        (["0.4", "--reason", "x", "--minimum", "-1"], "--minimum: is -1; a price is a finite amount from 0"),
        (["0.4", "--reason", ""], "is empty; say why"),
        (["0.4", "--reason", " "], "is empty; say why"),
        (["0.4", "--reason", "x", "-1", "--tenant", "t"], "unexpected extra argument"),
    ],
)
def test_errors_name_what_was_typed(radiant: Program, arguments: list[str], said: str) -> None:
    found = radiant("prices", "markup", "set", *arguments)
    assert found.code == 2 and said in " ".join(found.err.split()), found
