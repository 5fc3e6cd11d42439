"""Models the caller does not want: by model id, `provider/model`, or the id of the row."""

from ..criterion import Criterion
from ..demand import Ban
from ..reading.candidate import Candidate


def names(candidate: Candidate) -> tuple[str, ...]:
    return candidate.model_id, f"{candidate.provider_id}/{candidate.model_id}", candidate.id


criterion = Criterion(name="exclude", demand=Ban(field="exclude", names=names, reason="the request excludes it"))
