"""Planning: with `include_off`, what one could deploy is ranked after what can answer, and nothing else changes."""

from decimal import Decimal
from typing import Any

import pytest

from radiant import Selector
from radiant.domain.errors import NoEligibleModel
from radiant.selection.answer import plain
from radiant.selection.answer.fast import eligible
from tests.unit.selection.conftest import MakeRow

NO_ENDPOINT = "no endpoint: `radiant endpoints add MODEL_ID --runtime RUNTIME --url URL`"


@pytest.fixture
def selector(hosted: MakeRow, external: MakeRow) -> Selector:
    more = {"instance_type": "ml.g6.xlarge", "license": "Apache-2.0", "cost_per_hour": "1", "markup_rate": "0.75"}
    return Selector.from_rows(
        [
            hosted("off", "OFF", **more),
            hosted("asleep", "COLD", endpoint_id=7, endpoint_url="http://gpu:1"),
            hosted("gone", "OFF", endpoint_id=8),
            hosted("disabled", "OFF", enabled=False),
            hosted("other", "OFF", primary_mode="embedding"),
            external("ext"),
        ]
    )


def test_what_is_off_comes_after_all_others_and_only_for_who_plans(selector: Selector, chat: dict[str, Any]) -> None:
    asked = {**chat, "tenant_tier": 5}
    assert [it.model_id for it in selector.rank(**asked)] == ["ext", "asleep"]
    assert [it.model_id for it in selector.rank(**asked, include_off=True)] == ["ext", "asleep", "gone", "off"]
    own = {**asked, "prefer_hosting": "self_hosted", "exclude": ["asleep", "gone"]}
    choice = selector.select(**own, include_off=True)
    assert choice is not None
    assert (choice.model_id, choice.thermal_state, choice.warmup_required) == ("off", "OFF", True)
    assert (choice.instance_type, choice.cost_per_hour, choice.license) == (
        "ml.g6.xlarge", Decimal("1.75"), "Apache-2.0",
    )  # fmt: skip
    assert selector.select(**own) is None, "what was answered to a plan is no answer to a request"
    assert selector.select(**own, include_off=True) == choice


def test_a_choice_says_where_the_model_is_called(selector: Selector, chat: dict[str, Any]) -> None:
    asked = {**chat, "tenant_tier": 5}
    choice = selector.select(**asked, prefer_hosting="self_hosted")
    assert choice is not None
    assert (choice.endpoint_id, choice.endpoint_url) == (7, "http://gpu:1")
    external = selector.select(**asked)
    assert external is not None
    assert (external.endpoint_id, external.endpoint_url, external.cost_per_hour) == (None, None, None)


def test_who_has_no_endpoint_is_refused_with_what_to_do_and_is_eligible_in_a_plan(
    selector: Selector, chat: dict[str, Any]
) -> None:
    asked = {**chat, "tenant_tier": 5}
    groups = {it.reason: it.count for it in selector.explain(**asked).refused if it.criterion == "readiness"}
    assert groups == {NO_ENDPOINT: 3, "it is off": 1}
    planned = selector.explain(**asked, include_off=True, limit=None)
    assert [it.model_id for it in planned.verdicts if not it.refusals] == ["ext", "asleep", "gone", "off"]
    assert planned.eligible == 4
    assert {it.reason for it in planned.refused if it.criterion == "readiness"} == set()


def test_where_nothing_fits_what_is_off_and_would_do_is_told(selector: Selector, chat: dict[str, Any]) -> None:
    asked = {**chat, "tenant_tier": 5, "prefer_hosting": "self_hosted"}
    notes = selector.diagnose(**asked, exclude=["asleep", "gone"]).notes
    assert notes == (f"1 model that is off would do: off, without endpoint: {NO_ENDPOINT.partition(': ')[2]}",)
    assert selector.diagnose(**asked, exclude=["asleep"]).notes == ("2 models that are off would do, first gone",)
    assert selector.diagnose(**asked, exclude=["asleep", "gone", "off"], include_off=True).notes == ()


async def test_a_fallback_leaves_what_is_off_aside(selector: Selector, chat: dict[str, Any]) -> None:
    asked = {**chat, "tenant_tier": 5, "prefer_hosting": "self_hosted", "exclude": ["asleep", "ext"]}
    with pytest.raises(NoEligibleModel):
        await selector.select_with_fallback(**asked, include_off=True)
    choice = await selector.select_with_fallback(**asked | {"exclude": []}, include_off=True)
    assert (choice.model_id, choice.warming) == ("ext", None)


@pytest.mark.parametrize("profile", ["ready-first", "cheapest", "balanced"])
@pytest.mark.parametrize("further", [{}, {"prefer_hosting": "self_hosted"}, {"required_capabilities": ["vision"]}])
def test_both_paths_plan_alike(selector: Selector, chat: dict[str, Any], profile: str, further: dict[str, Any]) -> None:
    criteria = selector.read({**chat, **further, "tenant_tier": 5, "include_off": True, "profile": profile})
    picker = selector._index.picker_for(criteria)
    assert list(eligible(picker, criteria)) == plain.eligible(selector._index.terms, picker, criteria)
    assert plain.choose(selector._index, criteria) == selector.choose(criteria)
