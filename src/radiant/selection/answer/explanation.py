"""Every candidate of a request, with the reasons for its place or for its refusal."""

from radiant.domain.choice import Explanation, ModelName, Refusal, RefusalGroup, Verdict
from radiant.domain.criteria import Criteria

from ..meter import Meter
from ..reading.candidate import Candidate
from .diagnosis import diagnose
from .index import Index
from .picker import Picker
from .plain import eligible, refusals
from .remarks import on_order


def explain(index: Index, criteria: Criteria) -> Explanation:
    """All models of the registry, those of other tasks too: the eligible ones as they are ranked, then the rest.

    Raises InvalidCriteria for a profile there is not.
    """
    picker = index.picker_for(criteria)
    ranks = eligible(index.terms, picker, criteria)
    scores = index.order(criteria.profile, picker.meter).scores(picker.candidates)
    verdicts = [
        _verdict(
            picker.candidates[rank],
            picker.meter,
            position=position,
            reasons=_reasons(picker, criteria, picker.candidates[rank]),
            scores={name: values[rank] for name, values in scores.items()} or None,
        )
        for position, rank in enumerate(ranks, 1)
    ]
    chosen = {(verdict.provider_id, verdict.model_id) for verdict in verdicts}
    groups: dict[tuple[str, str], list[ModelName]] = {}
    for candidate in index.picker_among(criteria, index.candidates).candidates:
        if (candidate.provider_id, candidate.model_id) in chosen:
            continue
        against = tuple(refusals(index.terms, criteria, candidate, picker.meter))
        verdicts.append(_verdict(candidate, picker.meter, refusals=against))
        for refusal in against:
            groups.setdefault((refusal.criterion, refusal.reason), []).append(candidate.name)
    return Explanation(
        profile=criteria.profile,
        order=str(index.profiles[criteria.profile]),
        choice=picker.choice(ranks[0]).document() if ranks else None,
        verdicts=tuple(verdicts),
        refused=tuple(
            RefusalGroup(criterion=criterion, reason=reason, models=tuple(models))
            for (criterion, reason), models in groups.items()
        ),
        diagnosis=None if ranks else diagnose(index, criteria),
        notes=tuple(on_order(index, criteria, picker)),
    )


def _reasons(picker: Picker, criteria: Criteria, candidate: Candidate) -> tuple[str, ...]:
    """What places an eligible candidate, the most important first."""
    preferred = ("from a preferred provider",) if candidate.provider_id in criteria.prefer_providers else ()
    return (*preferred, *picker.reasons(candidate))


def _verdict(
    candidate: Candidate,
    meter: Meter,
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
        estimated_cost=meter.cost_usd(candidate.tariff),
        scores=scores,
    )
