"""Fake public catalogs are written as the real ones are: their readers read them."""

import datetime as dt
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from radiant.public_catalogs.roster import BY_ID
from radiant.simulator.catalogs import published
from radiant.simulator.script import CatalogModel, Script

TODAY = dt.date(2026, 11, 26)

FULL = msgspec.convert(
    {
        "provider": "openai",
        "id": "gpt-7",
        "display_name": "GPT-7",
        "context_window": 400_000,
        "max_output": 128_000,
        "input_per_mtok": 2.5,
        "output_per_mtok": 20,
        "retires": "2027-01-31",
        "successor": "gpt-8",
    },
    CatalogModel,
)


def told(id: str, *models: CatalogModel) -> dict[tuple[str | None, str | None], dict[str, Any]]:
    reading = BY_ID[id].read(published(id, models, {}).body, TODAY)
    assert reading.refusals == ()
    return {(claim.provider_id, claim.model_id): dict(claim.facts) for claim in reading.claims}


@pytest.mark.parametrize(
    ("id", "subject", "also"),
    [
        ("litellm", ("openai", "gpt-7"), {"max_output": 128_000, "retires": "2027-01-31", "successor": "gpt-8"}),
        ("models.dev", ("openai", "gpt-7"), {"max_output": 128_000, "display_name": "GPT-7"}),
        ("openrouter", ("openrouter", "openai/gpt-7"), {"max_output": 128_000, "retires": "2027-01-31"}),
        ("genai-prices", ("openai", "gpt-7"), {"display_name": "GPT-7"}),
    ],
)
def test_a_reader_reads_what_is_written(id: str, subject: tuple[str, str], also: dict[str, Any]) -> None:
    facts = told(id, FULL, msgspec.structs.replace(FULL, id="gpt-8", successor=None))[subject]
    assert facts["context_window"] == 400_000
    assert (facts["price.input_per_mtok"], facts["price.output_per_mtok"]) == (Decimal("2.5"), Decimal(20))
    assert also.items() <= facts.items()
    assert facts.get("task") == ("chat" if id != "genai-prices" else None)


@pytest.mark.parametrize("id", BY_ID)
def test_who_knows_the_etag_gets_no_body(id: str) -> None:
    first = published(id, [FULL], {})
    again = published(id, [FULL], {"if-none-match": first.headers["etag"]})
    other = published(id, [FULL, msgspec.structs.replace(FULL, id="x")], {"if-none-match": first.headers["etag"]})
    assert (first.status, again.status, again.body, other.status) == (200, 304, b"", 200)


def test_a_catalog_that_there_is_not_cannot_be_played() -> None:
    with pytest.raises(msgspec.ValidationError, match="catalogs"):
        msgspec.convert({"catalogs": [{"id": "wikipedia"}]}, Script)
