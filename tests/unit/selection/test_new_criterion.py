"""A new criterion is one value; everything else follows from it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from radiant import Selector
from radiant.domain.errors import InvalidCriteria
from radiant.selection.criteria.roster import ROSTER
from radiant.selection.criterion import Criterion, Measure
from radiant.selection.demand import Bound
from radiant.selection.order.profile import Profile

MakeRow = Callable[..., dict[str, Any]]

#: What the file of a new criterion would say.
errors = Criterion(
    name="errors",
    demand=Bound(
        field="max_error_rate",
        type=float | None,
        of=lambda candidate, _: candidate.error_rate,
        unknown="its error rate is unknown",
        reason=lambda asked: f"its error rate is above {asked:.0%}",
        found=lambda rate, _: f"{rate:.0%}",
    ),
    measure=Measure(of=lambda candidate, _: candidate.error_rate, words=lambda candidate, _: f"{candidate.error_rate}"),
)


@pytest.fixture
def selector(external: MakeRow) -> Selector:
    rows = [external("bad", error_rate=0.5), external("good", error_rate=0.01), external("unknown")]
    steady = Profile(description="", order=("errors",))
    return Selector.from_rows(rows, criteria=(*ROSTER, errors), profiles={"steady": steady})


def test_it_can_be_demanded(selector: Selector, chat: dict[str, Any]) -> None:
    found = selector.select(**chat, max_error_rate=0.1)
    assert found is not None and found.model_id == "good"
    first = selector.select(**chat)
    assert first is not None and first.model_id == "bad"


def test_it_explains_and_is_blamed(selector: Selector, chat: dict[str, Any]) -> None:
    explained = selector.explain(**{**chat, "max_error_rate": 0.0})
    assert {each.model_id: str(each.refusals[0]) for each in explained.verdicts} == {
        "bad": "its error rate is above 0% (50%)",
        "good": "its error rate is above 0% (1%)",
        "unknown": "its error rate is unknown",
    }
    assert str(explained.diagnosis) == "without max_error_rate: 3 models, first bad"


def test_profiles_can_order_by_it(selector: Selector, chat: dict[str, Any]) -> None:
    ranked = selector.rank(**chat, profile="steady")
    assert [choice.model_id for choice in ranked] == ["good", "bad", "unknown"]


def test_it_is_checked_like_the_others(selector: Selector, chat: dict[str, Any]) -> None:
    with pytest.raises(InvalidCriteria) as refused:
        selector.select(**chat, max_error_rate="low")
    assert refused.value.field == "max_error_rate"
    with pytest.raises(InvalidCriteria) as refused:
        Selector.from_rows([]).select(**chat, max_error_rate=0.1)
    assert refused.value.field == "max_error_rate"


def test_it_can_come_over_the_wire(selector: Selector, chat: dict[str, Any]) -> None:
    body = msgspec.json.encode(chat | {"max_error_rate": 0.1})
    found = selector.choose(selector.read(body))
    assert found is not None and found.model_id == "good"


def test_one_that_does_not_say_its_type_is_refused_at_once() -> None:
    nameless = Criterion(name="errors", demand=replace(errors.demand, type=None) if errors.demand else None)
    with pytest.raises(ValueError, match=r"^max_error_rate is no field of Criteria: its demand needs a `type`"):
        Selector(criteria=(*ROSTER, nameless))


def test_the_roster_lists_every_file(request: pytest.FixtureRequest) -> None:
    from radiant.selection import criteria

    (folder,) = criteria.__path__
    files = {path.stem for path in (request.config.rootpath / folder).glob("*.py")} - {"__init__", "roster"}
    assert files == {criterion.name for criterion in ROSTER}
