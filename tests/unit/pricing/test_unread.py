"""What a response counts and no rule reads is named; what is beside the tokens it may be in is added to them."""

from typing import Any

import pytest

from radiant.domain.errors import UsageInvalid
from radiant.pricing.responses import consumed, unknown_counts

CHAT = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}


@pytest.mark.parametrize(
    ("usage", "unread"),
    [
        ({}, ()),
        ({"gadget_calls": 7}, ("usage.gadget_calls",)),
        ({"gadgetCalls": 7}, ("usage.gadget_calls",)),
        ({"gadget_calls": 0, "flag": True, "name": "x", "none": None}, ()),
        ({"details": {"deep": {"gadgets": 2.5}}}, ("usage.details.deep.gadgets",)),
        ({"details": [{"gadgets": 1}, {"gadgets": 2}, 3]}, ("usage.details.gadgets", "usage.details")),
        # What is known to cost nothing of its own.
        ({"total_time": 0.5, "queue_time_ms": 3, "cost": 0.1, "cost_details": {"upstream_inference_cost": 1}}, ()),
        ({"prompt_tokens_details": {"text_tokens": 10}}, ()),
        ({"completion_tokens_details": {"rejected_prediction_tokens": 2}}, ()),
        ({"total_tokens": 14}, ()),
        ({"total_tokens": 16}, ("usage.total_tokens",)),
        ({"total_tokens": "16"}, ()),
        # Names are made up by whoever sent them.
        ({"a\u0000b\u202e\ud800": 1}, ("usage.a?b??",)),
        ({"x" * 900: 1}, (f"usage.{'x' * 100}",)),
    ],
)  # fmt: skip
def test_what_no_rule_reads_is_named(usage: dict[str, Any], unread: tuple[str, ...]) -> None:
    found = consumed({"usage": {**CHAT, **usage}})
    assert (found.usage, found.unread) == ({"input_tokens": 10, "output_tokens": 5}, unread)


def test_of_very_many_some_are_named() -> None:
    found = consumed({"usage": {**CHAT, **{f"gadgets_{it}": 1 for it in range(500)}}})
    assert len(found.unread) == 20


def test_it_is_said_in_words() -> None:
    assert unknown_counts(()) is None
    assert "usage.gadgets, usage.other" in str(unknown_counts(("usage.gadgets", "usage.other")))


def test_a_picture_that_a_tool_made_is_named_even_where_nobody_counts_it() -> None:
    response = {"usage": {"input_tokens": 9, "output_tokens": 1}, "output": [{"type": "image_generation_call"}]}
    assert consumed(response).unread == ("output.image_generation_call",)


@pytest.mark.parametrize(
    ("usage", "output"),
    [
        ({"total_tokens": 15, "completion_tokens_details": {"reasoning_tokens": 4}}, 5),
        ({"completion_tokens_details": {"reasoning_tokens": 4}}, 5),
        ({"total_tokens": 19, "completion_tokens_details": {"reasoning_tokens": 4}}, 9),
        # More than the completion it would be in.
        ({"total_tokens": 15, "completion_tokens_details": {"reasoning_tokens": 7}}, 12),
        ({"total_tokens": 22, "reasoning_tokens": 7}, 12),
        ({"total_tokens": 15, "reasoning_tokens": 3}, 5),
    ],
)
def test_reasoning_is_beside_the_completion_where_the_total_says_so(usage: dict[str, Any], output: int) -> None:
    found = consumed({"usage": {**CHAT, "total_tokens": None, **usage}}, "azure_openai")
    assert (found.usage["input_tokens"], found.usage["output_tokens"]) == (10, output)


@pytest.mark.parametrize(
    ("usage", "counts"),
    [
        ({"cache_read_input_tokens": 8}, (10, 8, 0)),  # inside: 10 + 5 = 15
        ({"cache_read_input_tokens": 8, "total_tokens": 23}, (18, 8, 0)),
        ({"cache_read_input_tokens": 80}, (90, 80, 0)),
        ({"cache_read_input_tokens": 80, "cache_creation_input_tokens": 20, "total_tokens": 115}, (110, 80, 20)),
        ({"prompt_tokens_details": {"cached_tokens": 0}, "cache_read_input_tokens": 8}, (10, 8, 0)),
        # The same twice counts once.
        ({"prompt_tokens_details": {"cached_tokens": 8}, "cache_read_input_tokens": 8}, (10, 8, 0)),
        ({"prompt_tokens_details": {"cached_tokens": 8}, "prompt_cache_hit_tokens": 8, "cached_tokens": 8}, (10, 8, 0)),
    ],
)
def test_cached_tokens_by_other_names(usage: dict[str, Any], counts: tuple[int, int, int]) -> None:
    found = consumed({"usage": {**CHAT, **usage}}).usage
    assert (
        found["input_tokens"], found.get("cache_read_tokens", 0), found.get("cache_write_tokens", 0)
    ) == counts  # fmt: skip


@pytest.mark.parametrize(
    "response",
    [
        {"status": "failed", "metrics": {"predict_time": 1}},
        {"status": "queued", "object": "video", "seconds": "8"},
        {"status": "error", "text": "", "audio_duration": 9},
        {"text": "x", "duration": "8,5"},
        {"text": "x", "duration": True},
        {"text": "x", "duration": ""},
        {"metrics": {"predict_time": None}},
        {"metrics": [], "metadata": {"duration": []}, "predictions": 3, "images": "x", "data": {}, "artifacts": [3]},
        {"predictions": [{"embeddings": {"statistics": {"token_count": "many"}}}]},
        {"ResponseMetadata": {"HTTPHeaders": {"content-type": "application/json"}}},
        {"usage": {"cost": 0.2, "is_byok": False}},
        {"choices": [{"messages": []}], "usage": {"total_tokens": 249}},
    ],
)
def test_what_did_not_come_about_or_says_nothing_is_no_usage(response: dict[str, Any]) -> None:
    with pytest.raises(UsageInvalid, match="has no usage that is known here"):
        consumed(response)


@pytest.mark.parametrize(
    "response",
    [
        {"text": "x", "duration": float("inf")},
        {"text": "x", "duration": -1},
        {"metadata": {"request_id": "r", "duration": 1e300, "channels": 10**30}, "results": {}},
        {"ResponseMetadata": {"HTTPHeaders": {"x-amzn-bedrock-input-token-count": "many"}}},
        {"tool_usage": {"web_search": {"num_requests": -2}}, "usage": {"input_tokens": 1, "output_tokens": 1}},
        {"object": "video", "seconds": "9" * 40},
    ],
)
def test_what_cannot_be_is_a_named_problem(response: dict[str, Any]) -> None:
    with pytest.raises(
        UsageInvalid, match=r"^(input_audio_seconds|input_tokens|web_searches|output_video_seconds): is "
    ):
        consumed(response)
