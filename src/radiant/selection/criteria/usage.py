"""Stated tokens: what goes in and comes out has to fit the context window and the limits of the model.

What is not stated is assumed for the cost alone. Limits that are unknown are taken to be met, a window is not, where a
request has more than a few tokens and the task is one of reading text.
"""

from collections.abc import Iterator

from radiant.domain.criteria import Usage
from radiant.domain.vocabulary import Task

from ..criterion import Criterion
from ..demand import Fit
from ..reading.candidate import Candidate

#: So many tokens fit any window, also one that nobody has told.
FEW = 1_000

#: Tasks whose models have a context window; of the others it is seldom told, and says little.
WINDOWED = frozenset({Task.CHAT, Task.COMPLETION, Task.EMBEDDING, Task.RERANK, Task.REALTIME})


def objections(candidate: Candidate, usage: Usage) -> Iterator[tuple[str, str | None]]:
    into, out = usage.input_tokens or 0, usage.output_tokens or 0
    window, most_in, most_out = candidate.context_window, candidate.max_input, candidate.max_output
    if window is None:
        if into + out > FEW and candidate.primary_mode in WINDOWED:
            yield f"whether its context window holds {into + out:,} tokens is unknown", None
    elif into + out > window:
        yield f"its context window is below the {into + out:,} tokens of the request", f"{window:,}"
    if most_in is not None and into > most_in:
        yield f"it takes in less than {into:,} tokens", f"{most_in:,}"
    if most_out is not None and out > most_out:
        yield f"it gives less than {out:,} tokens", f"{most_out:,}"


def looked_at(candidate: Candidate) -> tuple[object, ...]:
    """All that decides here."""
    return candidate.context_window, candidate.max_input, candidate.max_output, candidate.primary_mode


criterion = Criterion(name="usage", by_health=False, demand=Fit(field="usage", objections=objections, by=looked_at))
