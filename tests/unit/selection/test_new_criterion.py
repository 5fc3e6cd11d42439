"""A new criterion is one value; everything else follows from it."""

import importlib.util
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest

from radiant import Selector
from radiant.domain.errors import InvalidCriteria
from radiant.selection.answer import plain
from radiant.selection.criteria.roster import ROSTER
from radiant.selection.criterion import Criterion, Measure
from radiant.selection.demand import Ban, Bound, Demand, Names, Rule
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
    explained = selector.explain(**{**chat, "max_error_rate": 0.0}, limit=None)
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
    assert {name.removesuffix("_") for name in files} == {criterion.name for criterion in ROSTER}


#: One demand of each kind: what is asked, and who satisfies it.
KINDS: list[tuple[Demand, object, list[str]]] = [
    (
        Rule(
            field="gpu",
            type=bool | None,
            admits=lambda candidate, asked: (candidate.gpu_memory_gb is not None) is asked,
            reason=lambda *_: "it has no GPU, or one",
        ),
        False,
        ["bad", "unknown"],
    ),
    (Names(field="licenses", type=tuple[str, ...] | None, of=lambda candidate: frozenset({candidate.license or ""}),
           reason=lambda name: f"not {name}"), ["mit"], ["good"]),
    (Names(field="licenses", type=tuple[str, ...] | None, few=True, of=lambda candidate:
           frozenset({candidate.license or ""}), reason=lambda name: f"not {name}"), ["mit"], ["good"]),
    (Ban(field="no_license", type=tuple[str, ...] | None, names=lambda candidate: (candidate.license or "",),
         reason="not that license"), ["mit"], ["bad", "unknown"]),
]  # fmt: skip


@pytest.mark.parametrize(("demand", "asked", "expected"), KINDS, ids=lambda it: getattr(it, "field", ""))
def test_a_demand_of_any_kind_is_met_on_both_paths(
    external: MakeRow, chat: dict[str, Any], demand: Demand, asked: object, expected: list[str]
) -> None:
    rows = [external("bad"), external("good", license="mit", gpu_memory_gb=24), external("unknown")]
    selector = Selector.from_rows(rows, criteria=(*ROSTER, Criterion(name="new", demand=demand)))
    for value, names in ((asked, expected), (None, ["bad", "good", "unknown"])):
        criteria = selector.read(chat | {demand.field: value})
        assert [choice.model_id for choice in selector.rank(criteria)] == names
        for found in (selector.choose(criteria), plain.choose(selector._index, criteria)):
            assert found is not None and found.model_id == names[0]
        explained = selector.explain(criteria, limit=None)
        assert [each.model_id for each in explained.verdicts if each.position] == names


def test_the_example_of_the_how_to_works_as_it_stands(
    external: MakeRow, chat: dict[str, Any], request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    page = (request.config.rootpath / "docs/how-to/add-a-criterion.md").read_text("utf-8")
    file = tmp_path / "tokens_out.py"
    file.write_text(page.split("```python\n")[1].split("```")[0], "utf-8")
    spec = importlib.util.spec_from_file_location("radiant.selection.criteria.tokens_out", file)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    rows = [external("little", max_output=10), external("much", max_output=9000), external("unknown")]
    selector = Selector.from_rows(rows, criteria=(*ROSTER, module.criterion))
    criteria = selector.read(chat | {"min_max_output": 4000})
    assert selector.choose(criteria) == plain.choose(selector._index, criteria) == selector.rank(criteria)[0]
    assert {
        each.model_id: [str(it) for it in each.refusals] for each in selector.explain(criteria, limit=None).verdicts
    } == {
        "much": [],
        "little": ["it gives less than 4,000 tokens (10)"],
        "unknown": ["how many tokens it can give is unknown"],
    }
