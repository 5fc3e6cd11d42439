"""The circuit of a model: after so many failures in a row it rests, each time twice as long, and is tried again."""

import datetime as dt
import math

import msgspec
from msgspec.structs import replace

from radiant.domain.observation import Observation, Reason, Source

from .effect import Effect
from .moments import by_a_wrong_clock
from .standing import one_more

#: Failures of real traffic in a row.
MOST_FAILURES = 5

#: Seconds of the first rest and of the longest one.
FIRST_REST, LONGEST_REST = 30.0, 600.0

#: After so many doublings a rest is the longest one. A week of failures doubles a thousand times, which is no number of
#: seconds any more (elastic/elastic-transport-python, issue 111).
_MOST_DOUBLINGS = math.ceil(math.log2(LONGEST_REST / FIRST_REST))


class Circuit(msgspec.Struct, frozen=True, kw_only=True):
    """`failures` in a row, the last one for `reason`; `rests` taken without an answer between them.

    Until `resting_until` nobody is sent there. After it the next answer decides.
    """

    failures: int = 0
    reason: Reason | None = None
    rests: int = 0
    resting_until: dt.datetime | None = None

    def resting(self, at: dt.datetime) -> bool:
        """Whether nobody is sent there."""
        return self.resting_until is not None and at < self.resting_until


CLOSED = Circuit()


def held_back(circuit: Circuit, now: dt.datetime) -> Circuit:
    """A rest longer than any can be was begun by a clock that was ahead. It is over, and the next answer decides."""
    if by_a_wrong_clock(circuit.resting_until, now, dt.timedelta(seconds=LONGEST_REST)):
        return replace(circuit, resting_until=now)
    return circuit


def step(circuit: Circuit, seen: Observation, effect: Effect) -> Circuit:
    """After one more observation. What says nothing of the model (a key, a limit, a wrong request) changes nothing,
    and neither does a failure of a request that began before the rest was over."""
    if seen.source is not Source.TRAFFIC:
        return circuit
    if effect is Effect.GOOD:
        return CLOSED
    if effect is not Effect.BAD or circuit.resting(seen.began_at):
        return circuit
    failures = one_more(circuit.failures)
    if failures < MOST_FAILURES and not circuit.rests:
        return replace(circuit, failures=failures, reason=seen.reason)
    rest = min(FIRST_REST * 2 ** min(circuit.rests, _MOST_DOUBLINGS), LONGEST_REST)
    return Circuit(
        failures=failures,
        reason=seen.reason,
        rests=one_more(circuit.rests),
        resting_until=seen.at + dt.timedelta(seconds=rest),
    )
