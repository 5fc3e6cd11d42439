"""What an explanation says of many models at once is what asking each of them everything gives."""

from itertools import islice
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from radiant import Selector
from radiant.domain.choice import ModelName
from radiant.domain.criteria import Criteria
from radiant.domain.errors import InvalidCriteria
from radiant.domain.explanation import Explanation, Refusal
from radiant.selection.answer import explanation, plain
from radiant.selection.answer.explanation import EXAMPLES
from radiant.selection.answer.index import Index
from radiant.selection.reading.candidate import Candidate
from tests.examples import examples
from tests.unit.selection.strategies import (
    CONNECTED,
    NOW,
    PROVIDERS,
    TODAY,
    Row,
    asked_strategy,
    registry,
    rows_strategy,
)

Groups = dict[tuple[str, str, Any], list[Candidate]]
PROFILES = ["ready-first", "cheapest", "fastest", "largest-context", "best", "balanced"]


def plainly(index: Index, criteria: Criteria) -> tuple[list[Candidate], dict[ModelName, list[Refusal]], Groups]:
    """The eligible candidates, the refusals of the others and the groups of these: by asking everyone everything."""
    picker = index.picker_for(criteria)
    fitting = [picker.candidates[rank] for rank in plain.eligible(index.terms, picker, criteria)]
    chosen = {candidate.name for candidate in fitting}
    refusals: dict[ModelName, list[Refusal]] = {}
    groups: Groups = {}
    costing = index.picker_among(criteria, ()).costing
    for candidate in sorted(index.candidates, key=lambda it: (it.model_id, it.provider_id)):
        if candidate.name in chosen:
            continue
        against = list(plain.refusals(index.terms, criteria, candidate, costing))
        assert against
        refusals[candidate.name] = against
        for refusal in against:
            groups.setdefault((refusal.criterion, refusal.reason, refusal.remedy), []).append(candidate)
    roster = [criterion.name for criterion in index.terms.roster]
    return fitting, refusals, dict(sorted(groups.items(), key=lambda group: roster.index(group[0][0])))


def compare(selector: Selector, asked: Row, limit: int) -> None:
    index = selector._index
    criteria, _ = index.meant(selector.read(asked))
    fitting, refusals, groups = plainly(index, criteria)
    whole, short = selector.explain(**asked, limit=None), selector.explain(**asked, limit=limit)
    names = [ModelName(id=it.id, model_id=it.model_id, provider_id=it.provider_id) for it in whole.verdicts]
    assert names == [*(candidate.name for candidate in fitting), *refusals]
    assert [list(it.refusals) for it in whole.verdicts] == [*([] for _ in fitting), *refusals.values()]
    assert groups_of(whole) == [(*key, len(them), tuple(it.name for it in them)) for key, them in groups.items()]
    ranked = [candidate.name for candidate in index.picker_for(criteria).candidates][: explanation.FOREMOST]
    assert groups_of(short) == [(*key, len(them), few(them, criteria, ranked)) for key, them in groups.items()]
    assert short.verdicts == whole.verdicts[: min(limit, len(fitting))]
    assert (short.models, short.eligible) == (len(index.candidates), len(fitting))
    for explained in (whole, short):
        assert [it.other_tasks for it in explained.refused] == [
            sum(it.primary_mode != criteria.task for it in them) for them in groups.values()
        ]
        assert (explained.choice, explained.diagnosis, explained.notes, explained.eligible) == (
            whole.choice, whole.diagnosis, whole.notes, len(fitting),
        )  # fmt: skip


def groups_of(explained: Explanation) -> list[tuple[Any, ...]]:
    return [(it.criterion, it.reason, it.remedy, it.count, it.models) for it in explained.refused]


def few(candidates: list[Candidate], criteria: Criteria, ranked: list[ModelName]) -> tuple[ModelName, ...]:
    """Examples: who comes first of the task, then others of it, then those of other tasks."""
    first = sorted((it for it in candidates if it.name in ranked), key=lambda it: ranked.index(it.name))
    others = [it for it in candidates if it.name not in ranked]
    ordered = [*first, *sorted(others, key=lambda candidate: candidate.primary_mode != criteria.task)]
    return tuple(candidate.name for candidate in islice(ordered, EXAMPLES))


@pytest.fixture
def few_ranked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explanation, "FOREMOST", 3)


@settings(max_examples=examples(150), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    drawn=rows_strategy,
    later=rows_strategy,
    requests=st.lists(st.tuples(asked_strategy, st.sampled_from(PROFILES)), min_size=1, max_size=4),
    limit=st.integers(0, 4),
)
def test_counts_and_examples_are_those_of_asking_every_model_also_after_changes(
    space: str, few_ranked: None, drawn: list[Row], later: list[Row], requests: list[tuple[Row, str]], limit: int
) -> None:
    selector = Selector.from_rows(registry(drawn), today=TODAY, now=NOW, connected=CONNECTED, providers=PROVIDERS)
    for asked, profile in requests:
        compare(selector, asked | {"profile": profile}, limit)
    index = selector._index
    rows = registry(later)[:3]
    selector.swap(index.changed(rows, (), freshness=index.freshness, today=TODAY, now=NOW, connected=CONNECTED))
    for asked, profile in requests:
        compare(selector, asked | {"profile": profile}, limit)


def test_the_reasons_that_are_told_at_length_are_those_of_the_whole(
    external: Any, hosted: Any, chat: dict[str, Any]
) -> None:
    selector = Selector.from_rows([external("a"), external("b", min_tier=4), hosted("c", primary_mode="ocr")])
    whole, pieces = selector.explain(**chat, limit=None), selector.explain_at_length(**chat)
    assert (pieces.summary.models, pieces.summary.eligible) == (3, 1)
    assert tuple(pieces.verdicts) == whole.verdicts and len(whole.verdicts) == 3
    assert [tuple(models) for _, models in pieces.groups] == [group.models for group in whole.refused]


@pytest.mark.parametrize("limit", [-1, True, "3", 2.0])
@pytest.mark.parametrize("method", ["explain", "rank"])
def test_a_limit_is_a_whole_number_or_none(chat: dict[str, Any], method: str, limit: Any) -> None:
    with pytest.raises(InvalidCriteria, match=r"^limit: "):
        getattr(Selector(), method)(**chat, limit=limit)


def test_without_a_limit_all_that_fit_are_ranked(external: Any, chat: dict[str, Any]) -> None:
    selector = Selector.from_rows([external(f"m{number:02}") for number in range(30)])
    assert len(selector.rank(**chat)) == 10 and len(selector.rank(**chat, limit=None)) == 30
