"""HIPAA: where it is required, only models that a HIPAA statement covers."""

from collections.abc import Sequence

from radiant.domain.compliance import Remedy, Step

from ..criterion import Criterion
from ..demand import Rule
from ..reading.candidate import Candidate

STANDARD = "HIPAA"


def reason(candidate: Candidate) -> str:
    terms = dict(candidate.terms).get(STANDARD)
    if terms is None:
        return f"{candidate.provider_name} is not listed as HIPAA compliant"
    return f"{candidate.provider_name}: {terms.words(STANDARD, candidate.model_id)}"


def remedy(candidate: Candidate) -> Remedy | None:
    """A condition can be declared met, and so can what holds on one's own hardware; where no page says anything of this
    API or of this model, there is nothing to advise."""
    terms = dict(candidate.terms).get(STANDARD)
    if terms is None and candidate.external:
        return None
    if terms is not None and (terms.covers is not None or not terms.covered(candidate.model_id)):
        return None
    return Remedy(step=Step.DECLARE, provider_id=candidate.provider_id, standard=STANDARD)


def looked_at(candidate: Candidate) -> tuple[object, ...]:
    """All that decides here; of terms that name models, whether they cover this one."""
    terms = dict(candidate.terms).get(STANDARD)
    covered = terms is None or terms.covered(candidate.model_id)
    provider = candidate.provider_id, candidate.provider_name, candidate.hosting_type
    return *provider, STANDARD in candidate.compliance, terms, covered


def nowhere(candidates: Sequence[Candidate]) -> str | None:
    if any(STANDARD in dict(candidate.terms) for candidate in candidates):
        return "HIPAA holds nowhere without a condition, and none is declared met (an explanation names each)"
    return None


criterion = Criterion(
    name="hipaa",
    by_health=False,
    demand=Rule(
        field="require_hipaa",
        idle=False,
        admits=lambda candidate, required: not required or STANDARD in candidate.compliance,
        reason=lambda candidate, _: reason(candidate),
        remedy=remedy,
        nowhere=nowhere,
        by=looked_at,
    ),
)
