"""What responses say was consumed: documented shapes in files, each with where and when it was read."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from radiant.domain.errors import UsageInvalid
from radiant.pricing.rating import rate
from radiant.pricing.responses import consumed

from .sheets import NOON, price, sheet

FILES = sorted((Path(__file__).parent / "responses").glob("*.json"))

#: What genai-prices calls these providers.
_THEIRS = {"xai": "x-ai", "bedrock": "aws"}


def _read(file: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(file.read_text())
    return content


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_documented_response(file: Path) -> None:
    case = _read(file)
    found = consumed(case["response"], case["provider"])
    assert (dict(found.usage), dict(found.context)) == (case["usage"], case["context"])
    assert found.reported_usd == (Decimal(case["reported_usd"]) if "reported_usd" in case else None)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_what_is_read_can_be_rated(file: Path) -> None:
    """Nothing in it is more than what it is part of."""
    case = _read(file)
    rate(
        sheet(price("input_tokens", "1"), price("output_tokens", "2")),
        consumed(case["response"], case["provider"]).usage,
        NOON,
    )


@pytest.mark.catalogs
@pytest.mark.parametrize("file", [file for file in FILES if "flavor" in _read(file)], ids=lambda file: file.stem)
def test_genai_prices_reads_the_same(file: Path) -> None:
    from genai_prices import extract_usage

    case = _read(file)
    provider = case["provider"]
    theirs = extract_usage(
        case["response"], provider_id=_THEIRS.get(provider, provider), api_flavor=case["flavor"]
    ).usage
    ours = {name: count for name, count in case["usage"].items() if count}
    calls = {"web_searches"} if provider == "openai" else set()  # which they do not count among the output's items
    assert {name: count for name in ours.keys() - calls if (count := getattr(theirs, name, None))} == {
        name: count for name, count in ours.items() if name not in calls
    }


@pytest.mark.parametrize(
    ("response", "said"),
    [
        ({}, "response: has no usage that is known here"),
        ({"usage": {}}, "response: has no usage that is known here"),
        ({"usage": None}, "response: has no usage that is known here"),
        ([], "response: is list; expected the object that the provider sent"),
        ({"usage": {"prompt_tokens": -1}}, "input_tokens: is -1; expected 0 to"),
        ({"usage": {"prompt_tokens": "ten"}}, "input_tokens: is 'ten'; expected a number"),
        ({"usage": {"prompt_tokens": 1.5}}, "input_tokens: is 1.5; a part of one makes no sense"),
        ({"usage": {"inputTokens": {}, "outputTokens": 1}}, "input_tokens: is {}; expected a number"),
        # Beside each other, whichever of the two it is.
        ({"usage": {"input_tokens": "abc", "cache_read_input_tokens": 5}}, "input_tokens: is 'abc'; expected a number"),
        ({"usage": {"input_tokens": 5, "cache_read_input_tokens": "abc"}}, "cache_read_tokens: is 'abc'; expected"),
        ({"usage": {"input_tokens": -9, "cache_read_input_tokens": 10}}, "input_tokens: is -9; expected 0 to"),
        ({"usage": {"input_tokens": 1e300, "cache_read_input_tokens": 10**400}}, "input_tokens: is 1e+300; expected"),
        ({"usage": {"prompt_tokens": "x"}, "output": [{"type": "web_search_call"}]}, "input_tokens: is 'x'; expected"),
        (
            {
                "usage": {
                    "input_tokens": 9,
                    "cache_read_input_tokens": 0,
                    "server_tool_use": {"web_search_requests": "x"},
                }
            },
            "web_searches: is 'x'; expected a number",
        ),
        (
            {
                "usageMetadata": {
                    "promptTokenCount": 9,
                    "promptTokensDetails": [{"modality": "AUDIO", "tokenCount": "x"}],
                }
            },
            "input_audio_tokens: is 'x'; expected a number",
        ),
        ({"text": "", "duration": float("nan")}, "input_audio_seconds: is nan; expected 0 to"),
    ],
)
def test_what_is_no_usage_is_said_so(response: Any, said: str) -> None:
    with pytest.raises(UsageInvalid) as raised:
        consumed(response)
    assert str(raised.value).startswith(said)


def test_counts_that_stand_beside_each_other_are_added_however_they_are_written() -> None:
    for counts in ((400, 600), ("400", 600), (400, "600"), (400.0, Decimal(600))):
        usage = dict(zip(("input_tokens", "cache_read_input_tokens"), counts, strict=True))
        assert consumed({"usage": usage}).usage == {"input_tokens": 1000, "cache_read_tokens": 600}, counts


@pytest.mark.parametrize("cost", [-0.5, 1e300, 10**400, float("nan"), 1e-99, "0.1", True])
def test_what_no_request_can_cost_is_no_cost(cost: Any) -> None:
    assert consumed({"usage": {"prompt_tokens": 1, "cost": cost}}).reported_usd is None


def test_counts_are_never_charged_twice() -> None:
    """The same tokens, cached ones inside (OpenAI) and beside (Anthropic), cost the same."""
    prices = sheet(price("input_tokens", "3"), price("cache_read_tokens", "0.3"), price("output_tokens", "15"))
    inside = {
        "usage": {"prompt_tokens": 1000, "prompt_tokens_details": {"cached_tokens": 600}, "completion_tokens": 10}
    }
    beside = {"usage": {"input_tokens": 400, "cache_read_input_tokens": 600, "output_tokens": 10}}
    totals = {rate(prices, consumed(it).usage, NOON).total for it in (inside, beside)}
    assert totals == {Decimal("0.00153")}  # 400 × 3 + 600 × 0.3 + 10 × 15
