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


def _written(count: int | Decimal) -> int | str:
    """Whole numbers as such, others as text."""
    return int(count) if count == int(count) else f"{Decimal(count).normalize():f}"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_documented_response(file: Path) -> None:
    case = _read(file)
    found = consumed(case["response"], case["provider"])
    assert ({name: _written(it) for name, it in found.usage.items()}, dict(found.context)) == (
        case["usage"], case["context"],
    )  # fmt: skip
    assert list(found.unread) == case.get("unread", [])
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


@pytest.mark.parametrize(
    ("response", "usage", "lacks"),
    [
        ({"type": "message_delta", "usage": {"output_tokens": 42}}, {"output_tokens": 42}, ("input_tokens",)),
        (
            {
                "type": "message_delta",
                "usage": {"input_tokens": 7, "cache_read_input_tokens": 3, "output_tokens": 42},
            },
            {"input_tokens": 10, "cache_read_tokens": 3, "output_tokens": 42},
            (),
        ),
        (
            {"type": "message_start", "message": {"type": "message", "usage": {"input_tokens": 7, "output_tokens": 1}}},
            {"input_tokens": 7, "output_tokens": 1},
            ("output_tokens",),
        ),
    ],
)
def test_a_piece_of_a_stream_says_what_it_lacks(
    response: dict[str, Any], usage: dict[str, int], lacks: tuple[str, ...]
) -> None:
    for provider in ("anthropic", None):
        found = consumed(response, provider)
        assert (found.usage, found.lacks) == (usage, lacks)


@pytest.mark.parametrize("name", ["openai_responses_stream", "openai_batch_line", "anthropic_batch_line"])
def test_what_is_wrapped_is_read_as_what_is_inside(name: str) -> None:
    case = _read(Path(__file__).parent / "responses" / f"{name}.json")
    inner = case["response"].get("response") or case["response"]["result"]["message"]
    alone = consumed(inner.get("body", inner), case["provider"])
    found = consumed(case["response"], case["provider"])
    assert (found.usage, found.model) == (alone.usage, alone.model)
    assert alone.context.items() <= found.context.items()
    assert found.model == inner.get("body", inner)["model"]


@pytest.mark.parametrize(
    ("model", "chunks", "usage"),
    [
        ("gemini-2.5-flash", [{"web": {}}], {"web_searches": 1}),
        ("gemini-3.8-flash", [{"web": {}}], {"web_searches": 2}),
        ("gemini-3.8-flash", [{"maps": {}}], {"map_searches": 1}),
    ],
)
def test_queries_that_an_answer_rests_on(model: str, chunks: list[Any], usage: dict[str, int]) -> None:
    grounding = {"webSearchQueries": ["a", "b"], "groundingChunks": chunks}
    response = {"modelVersion": model, "candidates": [{"groundingMetadata": grounding}], "usageMetadata": COUNTED}
    assert consumed(response).usage == {"input_tokens": 9, **usage}


COUNTED = {"promptTokenCount": 9}


@pytest.mark.parametrize(
    "ground", [None, [], {"groundingMetadata": []}, {"groundingMetadata": {"webSearchQueries": [1, None, {}]}}]
)
def test_what_is_no_ground_of_an_answer_counts_nothing(ground: Any) -> None:
    for candidates in (ground, [ground]):
        assert consumed({"usageMetadata": COUNTED, "candidates": candidates}).usage == {"input_tokens": 9}


@pytest.mark.parametrize(
    ("units", "usage"),
    [
        ({"image_tokens": 9, "input_tokens": 4}, {"input_tokens": 13, "input_image_tokens": 9}),
        ({"image_tokens": 9}, {"input_tokens": 9, "input_image_tokens": 9}),
        ({"image_tokens": 9, "text_tokens": 12, "input_tokens": 12}, {"input_tokens": 21, "input_image_tokens": 9}),
        ({"image_tokens": 9, "text_tokens": 3, "input_tokens": 12}, {"input_tokens": 12, "input_image_tokens": 9}),
    ],
)
def test_tokens_of_images_are_beside_where_the_counts_say_so(units: dict[str, int], usage: dict[str, int]) -> None:
    assert consumed({"meta": {"billed_units": units}}, "cohere").usage == usage


def test_pages_that_are_all_annotated_are_pages_all_the_same() -> None:
    usage = {"pages_processed": 0, "pages_processed_annotation": 4}
    assert consumed({"usage_info": usage}).usage == {"input_document_pages": 4, "input_annotated_document_pages": 4}


@pytest.mark.parametrize("ticks", [-1, True, 0.5, "9", 10**40, None, {}])
def test_ticks_that_no_request_can_cost_are_no_cost(ticks: Any) -> None:
    assert consumed({"usage": {"prompt_tokens": 1, "cost_in_usd_ticks": ticks}}, "xai").reported_usd is None
