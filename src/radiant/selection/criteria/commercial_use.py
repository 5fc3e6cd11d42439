"""Commercial use: a license must allow it; at a provider it counts as allowed unless the terms say otherwise."""

from radiant.domain.compliance import Remedy, Step

from ..criterion import Criterion
from ..demand import Rule
from ..reading.candidate import Candidate

#: The kind of condition that stands for a license nobody established, and how catalogs write one that is not stated.
UNESTABLISHED, NOT_STATED = "unestablished", "LicenseRef-NotStated"


def allowed(candidate: Candidate) -> bool:
    return candidate.commercial_use_allowed is True or (candidate.external and candidate.commercial_use_allowed is None)


def reason(candidate: Candidate) -> str:
    if candidate.license is not None and NOT_STATED in candidate.license:
        return "its license is not stated, so commercial use is undecided"
    subject = "its terms do" if candidate.license is None else f"its license ({candidate.license}) does"
    return f"{subject} not allow commercial use"


def looked_at(candidate: Candidate) -> tuple[object, ...]:
    """All that decides here."""
    return candidate.external, candidate.commercial_use_allowed, candidate.license, candidate.license_conditions


def remedy(candidate: Candidate) -> Remedy | None:
    """What nobody established can be decided by who has read more than we have."""
    open_question = UNESTABLISHED in candidate.license_conditions or NOT_STATED in (candidate.license or "")
    return Remedy(step=Step.DECIDE) if open_question and not candidate.external else None


criterion = Criterion(
    name="commercial_use",
    by_health=False,
    demand=Rule(
        field="require_commercial_use",
        idle=False,
        admits=lambda candidate, required: not required or allowed(candidate),
        reason=lambda candidate, _: reason(candidate),
        remedy=remedy,
        by=looked_at,
    ),
)
