"""A provider's list that names another currency than USD has no price that is taken for dollars."""

import json
from decimal import Decimal
from typing import Any

import pytest

from radiant.providers.shape import Shape, read

SHAPE = Shape(prices={"input_per_mtok": "pricing.input"}, per=1_000_000)


def priced(**pricing: Any) -> tuple[dict[str, Any], list[str]]:
    """The prices of a list with one model, and what was refused."""
    page = read(SHAPE, json.dumps({"data": [{"id": "m", "pricing": pricing}]}).encode(), "acme")
    (model,) = page.models
    return {key: it for key, it in model.facts.items() if key.startswith("price")}, [it.problem for it in page.refused]


@pytest.mark.parametrize("currency", ["EUR", "CNY", "eur", 978, ["USD", "EUR"], ""])
def test_another_currency_leaves_the_price_out_with_a_word(currency: Any) -> None:
    found, refused = priced(input=1, currency=currency)
    assert found == {}
    (why,) = refused
    assert why.startswith("states prices in ")
    assert why.endswith("none of them is taken for US dollars, and all are left out")


@pytest.mark.parametrize("currency", ["USD", "usd", " USD ", None])
def test_dollars_are_dollars_however_they_are_written(currency: str | None) -> None:
    assert priced(input=1, currency=currency) == ({"price.input_per_mtok": Decimal(1)}, [])
