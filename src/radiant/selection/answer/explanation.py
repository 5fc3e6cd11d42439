"""The models of a request, with the reasons for their places or for their refusal: the best, or every one."""

from collections.abc import Iterator
from itertools import islice

from msgspec.structs import replace

from radiant.domain.criteria import Criteria
from radiant.domain.explanation import AtLength, Explanation, Refusal, Verdict

from ..costing import Costing
from ..masks import bits
from ..reading.candidate import Candidate
from .diagnosis import diagnose
from .fast import eligible
from .index import Index
from .picker import Picker
from .plain import refusals
from .refused import Refused, refused
from .remarks import on_order

#: Models that are named for each reason, where not all are.
EXAMPLES = 5

#: Of so many that come first in the order of a request, examples are the first ones; others come by id.
FOREMOST = 64


def explain(index: Index, criteria: Criteria, limit: int | None) -> Explanation:
    """The `limit` best models, and for each reason how many are refused and a few of them; with None all models, those
    of other tasks too. Raises InvalidCriteria for a profile there is not."""
    if limit is not None:
        return _summary(index, criteria, _refused(index, criteria), limit, EXAMPLES)
    pieces = explain_at_length(index, criteria)
    groups = tuple(replace(group, models=tuple(models)) for group, models in pieces.groups)
    return replace(pieces.summary, verdicts=tuple(pieces.verdicts), refused=groups)


def explain_at_length(index: Index, criteria: Criteria) -> AtLength:
    """Every model: the eligible ones as they are ranked, then the rest. Raises InvalidCriteria as `explain` does."""
    found = _refused(index, criteria)
    candidates = found.picker.candidates
    summary = _summary(index, criteria, found, limit=0, examples=0)
    return AtLength(
        summary=summary,
        verdicts=_every(index, criteria, found),
        groups=(
            (group, (candidates[rank].name for rank in bits.positions(mask)))
            for group, (_, mask) in zip(summary.refused, found.groups, strict=True)
        ),
    )


def _refused(index: Index, criteria: Criteria) -> Refused:
    return refused(index.terms, index.picker_of_every(criteria), criteria)


def _summary(index: Index, criteria: Criteria, found: Refused, limit: int, examples: int) -> Explanation:
    picker = index.picker_for(criteria)
    first = next(eligible(picker, criteria), None)
    models = len(found.picker.candidates)
    return Explanation(
        profile=criteria.profile,
        order=str(index.profiles[criteria.profile]),
        models=models,
        eligible=models - found.everybody.bit_count(),
        choice=None if first is None else picker.choice(first).document(),
        verdicts=tuple(islice(_eligible(picker, criteria), limit)),
        refused=found.summary(_best(index, picker), examples),
        diagnosis=diagnose(index, criteria) if first is None else None,
        notes=tuple(on_order(index, criteria, picker)),
    )


def _best(index: Index, picker: Picker) -> list[int]:
    """The places in the index of who comes first of its task."""
    return [index.place_of(picker.candidates[rank]) for rank in range(min(FOREMOST, len(picker.candidates)))]


def _every(index: Index, criteria: Criteria, found: Refused) -> Iterator[Verdict]:
    yield from _eligible(index.picker_for(criteria), criteria)
    picker = found.picker
    for rank in bits.positions(found.everybody):
        candidate = picker.candidates[rank]
        against = tuple(refusals(index.terms, criteria, candidate, picker.costing))
        yield _verdict(candidate, picker.costing, refusals=against)


def _eligible(picker: Picker, criteria: Criteria) -> Iterator[Verdict]:
    for position, rank in enumerate(eligible(picker, criteria), 1):
        candidate = picker.candidates[rank]
        yield _verdict(
            candidate,
            picker.costing,
            position=position,
            reasons=_reasons(picker, criteria, candidate),
            scores=picker.order.scores(candidate, picker.ranking.scales) or None,
        )


def _reasons(picker: Picker, criteria: Criteria, candidate: Candidate) -> tuple[str, ...]:
    """What places an eligible candidate, the most important first."""
    preferred = ("from a preferred provider",) if candidate.provider_id in criteria.prefer_providers else ()
    return (*preferred, *picker.reasons(candidate))


def _verdict(
    candidate: Candidate,
    costing: Costing,
    *,
    position: int | None = None,
    reasons: tuple[str, ...] = (),
    refusals: tuple[Refusal, ...] = (),
    scores: dict[str, float] | None = None,
) -> Verdict:
    return Verdict(
        id=candidate.id,
        model_id=candidate.model_id,
        provider_id=candidate.provider_id,
        display_name=candidate.display_name,
        position=position,
        reasons=reasons,
        refusals=refusals,
        estimated_cost=costing.cost_usd(candidate.tariff),
        scores=scores,
    )
