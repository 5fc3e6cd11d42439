"""What became of an event at a sink, and what follows from that. Pure."""

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Final

import msgspec

from radiant.domain.event import Event
from radiant.registry.event_sinks import Claim, Delivered

#: Attempts before an event is dead: where the sink fails, and where it refuses this very event.
ATTEMPTS: Final = 12
REFUSALS: Final = 3

#: Seconds before the second attempt; doubled with each failure in a row, up to the longest.
FIRST_PAUSE: Final = 5.0
LONGEST_PAUSE: Final = 3600.0

#: The same where the fault is in our own settings, which somebody may be mending.
LONGEST_BLOCKED_PAUSE: Final = 60.0


class Fate(StrEnum):
    """What a sink did with an event."""

    TAKEN = "taken"
    LATER = "later"  #: it failed, or asks to come again
    REFUSED = "refused"  #: it does not want this event
    BLOCKED = "blocked"  #: our own settings are wrong: no attempt was made, and none is counted
    GONE = "gone"  #: it wants nothing any more


class Outcome(msgspec.Struct, frozen=True):
    """The fate of one event, with the reason. `pause` are seconds that the sink asks to wait."""

    fate: Fate
    error: str | None = None
    pause: float | None = None


TAKEN: Final = Outcome(Fate.TAKEN)


def settled(
    held: Claim, events: Sequence[Event], outcomes: Sequence[Outcome], chance: Callable[[], float]
) -> Delivered:
    """What to note of a batch. `chance` gives numbers from 0 to 1, so that many do not come again at the same time.

    Only the first event that is not done counts attempts, and only it dies: those behind it wait for their turn.
    """
    pairs = list(zip(events, outcomes, strict=True))
    taken = [event.seq for event, outcome in pairs if outcome.fate is Fate.TAKEN]
    failed = [(event, outcome) for event, outcome in pairs if outcome.fate is not Fate.TAKEN]
    if not failed:
        return _noted(held, events, taken, {}, attempts=0, failures=0, pause=0.0, error=None)
    first, outcome = failed[0]
    error = (outcome.error or "it failed")[:2000]
    counted = 0 if outcome.fate in (Fate.BLOCKED, Fate.GONE) else 1
    attempts = (held.attempts if first.seq == events[0].seq else 0) + counted
    most = {Fate.LATER: ATTEMPTS, Fate.REFUSED: REFUSALS}.get(outcome.fate)
    dead = {first.seq: error} if most is not None and attempts >= most else {}
    failures = held.failures + 1
    longest = LONGEST_BLOCKED_PAUSE if outcome.fate is Fate.BLOCKED else LONGEST_PAUSE
    pause = min(FIRST_PAUSE * 2.0 ** min(failures - 1, 20), longest) * (0.5 + chance() / 2)
    if dead and outcome.fate is Fate.REFUSED:
        failures, pause = 0, 0.0  # the sink is well; it did not want this one
    return _noted(
        held,
        events,
        taken,
        dead,
        attempts=0 if dead else attempts,
        failures=failures,
        pause=max(pause, outcome.pause or 0.0),
        error=error,
        why_disabled=error if outcome.fate is Fate.GONE else None,
    )


def _noted(
    held: Claim,
    events: Sequence[Event],
    taken: Sequence[int],
    dead: dict[int, str],
    *,
    attempts: int,
    failures: int,
    pause: float,
    error: str | None,
    why_disabled: str | None = None,
) -> Delivered:
    done = {*taken, *dead}
    through = held.through
    for event in events:
        if event.seq not in done:
            break
        through = max(through, event.seq)
    return Delivered(
        delivered=taken,
        dead=dead,
        through=through,
        beyond=sorted(seq for seq in {*held.beyond, *taken} if seq > through),
        attempts=attempts,
        failures=failures,
        pause=pause,
        error=error,
        why_disabled=why_disabled,
    )
