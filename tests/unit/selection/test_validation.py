"""What cannot be asked for is refused with the field and what is allowed; never answered."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from radiant import Selector
from radiant.domain.criteria import Criteria, Usage
from radiant.domain.errors import InvalidCriteria
from radiant.domain.vocabulary import Task

MakeRow = Callable[..., dict[str, Any]]

NAN, INFINITY = float("nan"), float("inf")

WRONG: list[tuple[str, object, str]] = [
    ("task", "chatting", "task"),
    ("task", None, "task"),
    ("task", ["chat"], "task"),
    ("task", "\ud800", "task"),
    ("input_modalities", ["text", "\udfff"], "input_modalities"),
    ("prefer_hosting", "\ud800", "prefer_hosting"),
    ("input_modalities", ["text", "smell"], "input_modalities[1]"),
    ("input_modalities", "text", "input_modalities"),
    ("input_modalities", [["text"]], "input_modalities[0]"),
    ("input_modalities", ["text"] * 65, "input_modalities"),
    ("output_modalities", [1], "output_modalities[0]"),
    ("output_modalities", None, "output_modalities"),
    ("tenant_tier", 0, "tenant_tier"),
    ("tenant_tier", 6, "tenant_tier"),
    ("tenant_tier", True, "tenant_tier"),
    ("tenant_tier", 3.0, "tenant_tier"),
    ("tenant_tier", "3", "tenant_tier"),
    ("prefer_hosting", "cloud", "prefer_hosting"),
    ("prefer_hosting", None, "prefer_hosting"),
    ("prefer_providers", "openai", "prefer_providers"),
    ("prefer_providers", [3], "prefer_providers[0]"),
    ("prefer_providers", [""], "prefer_providers[0]"),
    ("max_latency_ms", -1, "max_latency_ms"),
    ("max_latency_ms", NAN, "max_latency_ms"),
    ("max_latency_ms", INFINITY, "max_latency_ms"),
    ("max_latency_ms", True, "max_latency_ms"),
    ("max_latency_ms", "100", "max_latency_ms"),
    ("max_cost_per_request", -1, "max_cost_per_request"),
    ("max_cost_per_request", Decimal("-0.01"), "max_cost_per_request"),
    ("max_cost_per_request", NAN, "max_cost_per_request"),
    ("max_cost_per_request", Decimal("NaN"), "max_cost_per_request"),
    ("max_cost_per_request", Decimal("sNaN"), "max_cost_per_request"),
    ("max_cost_per_request", INFINITY, "max_cost_per_request"),
    ("max_cost_per_request", Decimal("1e-999999999"), "max_cost_per_request"),
    ("max_cost_per_request", Decimal("1e999999999"), "max_cost_per_request"),
    ("max_cost_per_request", False, "max_cost_per_request"),
    ("max_cost_per_request", "cheap", "max_cost_per_request"),
    ("required_capabilities", "vision", "required_capabilities"),
    ("required_capabilities", ["a"] * 65, "required_capabilities"),
    ("required_capabilities", ["a"] * 10_000, "required_capabilities"),
    ("required_capabilities", ["a" * 201], "required_capabilities[0]"),
    ("required_capabilities", [None], "required_capabilities[0]"),
    ("min_context_window", -1, "min_context_window"),
    ("min_context_window", 1000.0, "min_context_window"),
    ("min_context_window", False, "min_context_window"),
    ("require_hipaa", 1, "require_hipaa"),
    ("require_hipaa", "yes", "require_hipaa"),
    ("require_commercial_use", None, "require_commercial_use"),
    ("exclude", "m", "exclude"),
    ("exclude", ["m"] * 1001, "exclude"),
    ("exclude", [b"m"], "exclude[0]"),
    ("profile", "dearest", "profile"),
    ("profile", None, "profile"),
    ("profile", ["cheapest"], "profile"),
    ("usage", 3, "usage"),
    ("usage", {"input_tokens": -1}, "usage.input_tokens"),
    ("usage", {"output_tokens": 1.5}, "usage.output_tokens"),
    ("usage", {"cached_share": 1.01}, "usage.cached_share"),
    ("usage", {"cached_share": NAN}, "usage.cached_share"),
    ("usage", {"cached_share": "1e-31"}, "usage.cached_share"),
    ("usage", {"seconds": INFINITY}, "usage.seconds"),
    ("usage", {"seconds": -1}, "usage.seconds"),
    ("usage", {"tokens": 1}, "usage.tokens"),
    ("usage", Usage(images=-1), "usage.images"),
    ("usage", Usage(cached_share=Decimal(2)), "usage.cached_share"),
    ("colour", "red", "colour"),
]


@pytest.fixture(scope="module")
def selector(external: MakeRow, chat: dict[str, Any]) -> Selector:
    made = Selector.from_rows([external("m", avg_latency_ms=1, pricing_type="per_request", cost_per_request=1)])
    # Remembered answers to requests that are equal, but not the same.
    for more in ({}, {"tenant_tier": 1}, {"max_latency_ms": 1}, {"max_cost_per_request": 0}, {"min_context_window": 0}):
        made.select(**chat | more)
    made.select(**chat, require_hipaa=True, min_context_window=1000, usage=Usage(pages=1))
    return made


@pytest.mark.parametrize(("field", "value", "named"), WRONG, ids=[f"{f}={v!r:.30}" for f, v, _ in WRONG])
def test_every_way_of_asking_refuses_the_same(
    selector: Selector, chat: dict[str, Any], field: str, value: object, named: str
) -> None:
    for ask in (selector.select, selector.rank, selector.explain, selector.diagnose):
        for _ in range(2):  # what was refused once must not be remembered as an answer
            with pytest.raises(InvalidCriteria) as refused:
                ask(**chat | {field: value})
            assert refused.value.field == named


@pytest.mark.parametrize(
    ("field", "value", "allowed"),
    [
        ("task", "x", tuple(Task)),
        ("tenant_tier", 9, ("1 to 5",)),
        ("prefer_hosting", "x", ("any", "external", "self_hosted")),
        ("profile", "x", ("balanced", "best", "cheapest", "fastest", "largest-context", "ready-first")),
        ("require_hipaa", "x", ("true", "false")),
        ("max_cost_per_request", -1, ("0 to 1,000,000,000,000",)),
        ("usage", {"tokens": 1}, Usage.__struct_fields__),
        ("colour", "red", Criteria.__struct_fields__),
    ],
)
def test_what_is_allowed_is_told(
    selector: Selector, chat: dict[str, Any], field: str, value: object, allowed: tuple[str, ...]
) -> None:
    with pytest.raises(InvalidCriteria) as refused:
        selector.select(**chat | {field: value})
    assert refused.value.allowed == allowed


@pytest.mark.parametrize("limit", [-1, True, "3", 2.5])
def test_a_limit_of_a_list_is_a_whole_number(selector: Selector, chat: dict[str, Any], limit: Any) -> None:
    with pytest.raises(InvalidCriteria) as refused:
        selector.rank(**chat, limit=limit)
    assert refused.value.field == "limit"


@pytest.mark.parametrize(
    "more",
    [
        {"task": Task.CHAT},
        {"input_modalities": ("text",), "output_modalities": {"text"}},
        {"required_capabilities": frozenset()},
        {"max_latency_ms": Decimal("1")},
        {"max_cost_per_request": "1.00"},
        {"usage": {"input_tokens": 3}},
        {"usage": {}},
        {"exclude": [""] * 0},
    ],
)
def test_other_types_that_say_the_same_are_fine(selector: Selector, chat: dict[str, Any], more: dict[str, Any]) -> None:
    found = selector.select(**chat | more)
    assert found is not None and found.model_id == "m"


def test_an_empty_list_of_modalities_demands_nothing(selector: Selector, chat: dict[str, Any]) -> None:
    assert selector.select(**chat | {"input_modalities": [], "output_modalities": []}) is not None


def test_criteria_are_read_from_json(selector: Selector, chat: dict[str, Any]) -> None:
    body = msgspec.json.encode(chat | {"max_cost_per_request": "0.10", "usage": {"seconds": 1.5}})
    criteria = selector.read(body)
    assert (criteria.task, criteria.max_cost_per_request) == (Task.CHAT, Decimal("0.10"))
    assert criteria.usage == Usage(seconds=1.5)
    assert selector.choose(criteria) == selector.select(**chat, max_cost_per_request="0.10", usage={"seconds": 1.5})


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"{", ""),
        (b"[]", ""),
        (b'{"task": "chat"}', "input_modalities"),
        (b'{"task": "chat", "tiers": 3}', "tiers"),
        (
            b'{"task": "chat", "input_modalities": [], "output_modalities": [], "tenant_tier": 3, "usage": {"x": 1}}',
            "usage.x",
        ),
        (b'{"task": "chat", "input_modalities": [], "output_modalities": [], "tenant_tier": 1e2}', "tenant_tier"),
    ],
)
def test_json_that_is_not_right_is_refused_by_field(body: bytes, field: str) -> None:
    with pytest.raises(InvalidCriteria) as refused:
        Selector().read(body)
    assert refused.value.field == field


def test_criteria_built_by_hand_are_checked_too(chat: dict[str, Any]) -> None:
    built = Criteria(**chat | {"tenant_tier": 7})
    with pytest.raises(InvalidCriteria, match=r"^tenant_tier: "):
        Selector().choose(built)


@pytest.mark.parametrize(("written", "read"), [("3.0", 3), ("30e-1", 3), ("0.3E1", 3), ("3", 3)])
def test_a_whole_number_is_one_however_json_writes_it(written: str, read: int) -> None:
    """As JSON Schema has it; beside it the other numbers keep each of their digits."""
    asked = f'{{"task": "chat", "input_modalities": [], "output_modalities": [], "tenant_tier": {written}, '
    criteria = Selector().read(asked + '"max_cost_per_request": 0.0500000000000000000001, "usage": {"pages": 2.0}}')
    assert (criteria.tenant_tier, type(criteria.tenant_tier)) == (read, int)
    assert criteria.max_cost_per_request == Decimal("0.0500000000000000000001")
    assert criteria.usage is not None and criteria.usage.pages == 2


@pytest.mark.parametrize(
    "written", ["3.5", "6.0", "-1.0", "1e30", "1e400", "0e99999999999999999999", "1e-999999999999"]
)
def test_what_is_no_whole_number_of_the_range_is_refused_as_json_writes_it(written: str) -> None:
    with pytest.raises(InvalidCriteria, match="1 to 5") as caught:
        Selector().read(
            f'{{"task": "chat", "input_modalities": [], "output_modalities": [], "tenant_tier": {written}}}'
        )
    assert caught.value.field == "tenant_tier"
