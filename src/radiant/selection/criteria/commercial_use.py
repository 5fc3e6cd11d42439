"""Commercial use: a license has to allow it; a provider's terms sell use, so silence there is consent."""

from ..criterion import Criterion
from ..demand import Rule
from ..reading.candidate import Candidate


def allowed(candidate: Candidate) -> bool:
    return candidate.commercial_use_allowed is True or (candidate.external and candidate.commercial_use_allowed is None)


def reason(candidate: Candidate) -> str:
    subject = "its terms do" if candidate.license is None else f"its license ({candidate.license}) does"
    return f"{subject} not allow commercial use"


criterion = Criterion(
    name="commercial_use",
    demand=Rule(
        field="require_commercial_use",
        admits=lambda candidate, required: not required or allowed(candidate),
        reason=lambda candidate, _: reason(candidate),
    ),
)
