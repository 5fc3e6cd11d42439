"""What real lists have that no specification shows: read as it is meant, or said in words."""

import json
from typing import Any

from radiant.providers.lister import Fetched, read
from radiant.providers.listing import Listing
from radiant.providers.roster import lister

OURS = "our-own-server"


def listing(provider: str, *bodies: Any) -> Listing:
    """What is read of these pages, one for each request of the provider."""
    bytes_of = [it if isinstance(it, bytes) else json.dumps(it).encode() for it in bodies]
    pages = tuple((number, f"https://example.com/{number}", body) for number, body in enumerate(bytes_of))
    return read(lister(provider), provider, Fetched(pages=pages, problems=()))


def test_what_a_long_prompt_costs_is_not_taken_for_nothing_where_it_cannot_be_read() -> None:
    """Where the threshold is odd, the price of short prompts alone would be too low for long ones."""
    grok = {"id": "grok", "prompt_text_token_price": 20000, "prompt_text_token_price_long_context": 40000}
    for threshold, prices in ((200_000, 2), (None, 1), (0, 1), ("soon", 0), (-1, 0)):
        entry = {**grok, "long_context_threshold": threshold}
        found = listing("xai", {"data": [{"id": "grok"}]}, {"models": [entry]})
        (model,) = found.models
        assert (threshold, len(model.facts)) == (threshold, prices)
        assert bool(found.refused) == (prices == 0)
