"""Every candidate of a request, with the reasons for its place or for its refusal."""

from collections.abc import Iterator, Mapping
from typing import Any

from radiant.domain.choice import Explanation, ModelName, Refusal, RefusalGroup, Verdict

from ..meter import Meter
from ..reading.candidate import Candidate
from .diagnosis import diagnose
from .index import Index
from .request import Request


def explain(index: Index, request: Request) -> Explanation:
    """All models of the registry, those of other tasks too: the eligible ones as they are ranked, then the rest."""
    criteria = request.criteria
    profile = index.profiles[criteria.profile]
    view = index.view_for(request)
    ranks = list(view.all(request.values, request.favored))
    scores = index.ranking(criteria.profile, view.meter).scores(view.candidates)
    verdicts = [
        _verdict(
            view.candidates[rank],
            view.meter,
            position=position,
            reasons=_reasons(index, request, view.candidates[rank], view.meter),
            scores={name: values[rank] for name, values in scores.items()} or None,
        )
        for position, rank in enumerate(ranks, 1)
    ]
    eligible = {(verdict.provider_id, verdict.model_id) for verdict in verdicts}
    groups: dict[tuple[str, str], list[ModelName]] = {}
    stated = request.stated
    for candidate in index.across(request, index.candidates).candidates:
        if (candidate.provider_id, candidate.model_id) in eligible:
            continue
        refusals = tuple(_refusals(index, stated, candidate, view.meter))
        verdicts.append(_verdict(candidate, view.meter, refusals=refusals))
        for refusal in refusals:
            groups.setdefault((refusal.criterion, refusal.reason), []).append(candidate.name)
    return Explanation(
        profile=criteria.profile,
        order=str(profile),
        choice=view.choice(ranks[0]).document() if ranks else None,
        verdicts=tuple(verdicts),
        refused=tuple(
            RefusalGroup(criterion=criterion, reason=reason, models=tuple(models))
            for (criterion, reason), models in groups.items()
        ),
        diagnosis=None if ranks else diagnose(index, request),
    )


def _refusals(index: Index, stated: Mapping[str, Any], candidate: Candidate, meter: Meter) -> Iterator[Refusal]:
    """Everything that speaks against a candidate, in the order of the roster; `stated` are the demands by field."""
    for criterion in index.roster:
        if criterion.standing and (reason := criterion.standing(candidate)):
            yield Refusal(criterion=criterion.name, reason=reason)
        if criterion.demand and criterion.demand.field in stated:
            yield from criterion.demand.refusals(criterion.name, candidate, stated[criterion.demand.field], meter)


def _reasons(index: Index, request: Request, candidate: Candidate, meter: Meter) -> tuple[str, ...]:
    """What places an eligible candidate, the most important first."""
    profile = index.profiles[request.criteria.profile]
    names = [*profile.order, *profile.weights]
    said = [index.measures[name].words(candidate, meter) for name in names]
    if profile.cold_last and not candidate.ready and "readiness" not in names:
        said.insert(0, "COLD, so after all others")
    if candidate.provider_id in request.favored:
        said.insert(0, "from a preferred provider")
    return tuple(said)


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
