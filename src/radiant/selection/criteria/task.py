"""Task: a model serves requests of its own task only."""

from operator import attrgetter

from ..criterion import Criterion
from ..demand import Rule

criterion = Criterion(
    name="task",
    by_health=False,
    demand=Rule(
        field="task",
        by=attrgetter("primary_mode"),
        admits=lambda candidate, task: candidate.primary_mode == task,
        reason=lambda candidate, task: f"its task is {candidate.primary_mode}, not {task}",
    ),
)
