"""`radiant prices currency`, `currencies` and their addresses: who states a rate, what is told, what is refused."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.faces.conftest import Program
from tests.faces.served import problem, reading

READ, STATE = "/api/v2/prices/currencies", "/api/v2/admin/prices/currencies"
TERMS = {"currency": "EUR", "usd": "1.08", "source": "ECB reference rate", "day": "2026-11-20"}

MODEL = """\
display_name = "Euro Large"
description = "A model of a test."
category = "llm"
task = "chat"
capabilities = []
input_modalities = ["text"]
output_modalities = ["text"]

[price]
currency = "EUR"
input_per_mtok = 0.92
output_per_mtok = 2.76

[[sources]]
url = "https://example.com/prices"
read = 2026-11-20
fields = ["price"]
"""


@pytest.fixture
def european(clean_environment: pytest.MonkeyPatch, database_url: str, tmp_path: Path, radiant: Program) -> str:
    """A registry of one's own, with a folder that tells one model in euros; its name."""
    file = tmp_path / "mine/providers/mistral/euro-large.toml"
    file.parent.mkdir(parents=True)
    file.write_text(MODEL, "utf-8")
    clean_environment.setenv("RADIANT_DATABASE_URL", database_url)
    clean_environment.setenv("RADIANT_CATALOG", str(tmp_path / "mine"))
    assert radiant("db", "migrate").code == 0
    return "mistral/euro-large"


def test_a_model_in_euros_says_what_is_missing_and_costs_once_it_is_stated(radiant: Program, european: str) -> None:
    why = "prices it in EUR, and no rate is known: `radiant prices currency EUR RATE --source WHERE` states one."
    for command in (("prices", "show"), ("prices", "history"), ("cost", "--input", "1000")):
        said = radiant(*command, european)
        assert (said.code, why in said.out) == (0, True), said
    assert "0.92 EUR" in radiant("prices", "show", european).out
    assert "The cost is unknown" in radiant("cost", european, "--input", "1000").out
    stated = radiant("prices", "currency", "eur", "1.08", "--source", "ECB reference rate", "--day", "2026-11-20")
    assert stated.out == (
        "1 EUR = 1.08 USD since 2026-11-20 (ECB reference rate).\nPrices of 1 model are told in EUR: 1 new sheet.\n"
    )
    shown = radiant("prices", "show", european).out
    assert "0.9936" in shown
    assert (
        "Told in another currency: input_tokens 0.92 EUR, output_tokens 2.76 EUR."
        " 1 EUR = 1.08 USD since 2026-11-20 (ECB reference rate)." in shown
    )
    assert why not in shown
    assert "0.0009936 USD is what we pay" in radiant("cost", european, "--input", "1000").out
    compared = radiant("prices", "compare", european).out
    assert "input_per_mtok 0.92 EUR = 0.9936 USD" in compared
    assert "1 EUR = 1.08 USD since 2026-11-20" in compared
    assert european not in radiant("prices", "conflicts").out


def test_rates_are_listed_with_their_history(radiant: Program, european: str) -> None:
    assert radiant("prices", "currencies").out.startswith("No rate is stated: `radiant prices currency EUR RATE")
    for rate in ("1.08", "1.1"):
        assert radiant("prices", "currency", "EUR", rate, "--source", "ECB", "--day", "2026-11-20").code == 0
    assert "1.08" not in radiant("prices", "currencies").out
    assert "1.08" in radiant("prices", "currencies", "--ever").out
    (found,) = json.loads(radiant("prices", "currencies", "--json").out)
    assert (found["currency"], found["usd"], found["day"], found["source"]) == ("EUR", "1.1", "2026-11-20", "ECB")
    none = radiant("prices", "currency", "CHF", "1.2", "--source", "SNB")
    assert none.out.splitlines()[1] == "No price is told in CHF yet."


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("usd", "1"), "CURRENCY: is USD"),
        (("EURO", "1"), "CURRENCY: is 'EURO'; expected three letters of ISO 4217, such as EUR."),
        (("EUR", "0"), "RATE: is 0; one EUR is worth more than 0 USD."),
        (("JPY", "155"), "RATE: is 155, and no currency is worth that: expected 0.0000001 to 10 USD for one JPY"),
        (("EUR", "dear"), "'dear' is no number"),
        (("EUR", "1", "--day", "9999-01-01"), "--day: is 9999-01-01, which is yet to come"),
        (("EUR", "1", "--day", "soon"), "'soon' is no day"),
        (("EUR", "1", "--source", " "), "--source: is ''; expected where the rate was read"),
        (("EUR", "1", "--source", "a\nb"), "--source: is 'a\\nb'; expected where the rate was read"),
        (("EUR", "1", "--source", "x" * 201), "--source: is 'xxx"),
    ],
)
def test_what_can_be_no_rate_is_wrong_usage_and_named_as_it_was_typed(
    radiant: Program, clean_environment: pytest.MonkeyPatch, standing_url: str, typed: tuple[str, ...], said: str
) -> None:
    clean_environment.setenv("RADIANT_DATABASE_URL", standing_url)
    answer = radiant("prices", "currency", "--source", "x", *typed)
    assert (answer.code, said in answer.err) == (2, True), answer.err


async def test_over_http_administrators_state_and_anybody_reads(
    client_of_own: httpx.AsyncClient, database_url: str, tmp_path: Path
) -> None:
    client = client_of_own
    assert (await client.get(READ)).json() == []
    stated = await client.post(STATE, json=TERMS)
    assert stated.status_code == 200, stated.text
    done = stated.json()
    assert (done["rate"]["usd"], done["rate"]["set_by"], done["told"], done["sheets"]) == ("1.08", "api", 0, 0)
    assert (await client.post(STATE, json=TERMS)).json() == done, "the same again is the same"
    await client.post(STATE, json={**TERMS, "usd": 1.1})
    async with reading(database_url, tmp_path) as reader:
        assert [it["usd"] for it in (await reader.get(READ)).json()] == ["1.1"]
        ever = (await reader.get(READ, params={"ever": "true"})).json()
        assert [(it["usd"], it["known_to"] is None) for it in ever] == [("1.1", True), ("1.08", False)]
        assert (await reader.post(STATE, json=TERMS)).status_code == 403


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"currency": "usd"}, "currency"),
        ({"usd": 0}, "usd"),
        ({"usd": "-1"}, "usd"),
        ({"usd": "155"}, "usd"),
        ({"day": str(dt.date.max)}, "day"),
    ],
)
async def test_what_can_be_no_rate_is_a_named_problem(
    client: httpx.AsyncClient, change: dict[str, Any], field: str
) -> None:
    found = problem(await client.post(STATE, json={**TERMS, **change}), 422, "usage-invalid")
    assert found["field"] == field


@pytest.mark.parametrize("change", [{"usd": "much"}, {"source": ""}, {"day": "soon"}, {"rate": 1}, {"currency": 978}])
async def test_a_body_of_another_shape_is_a_named_problem(client: httpx.AsyncClient, change: dict[str, Any]) -> None:
    problem(await client.post(STATE, json={**TERMS, **change}), 400, "body-invalid")
