"""The state machine, cell by cell: a table that was printed once and reviewed against the rules, cell by cell."""

import pytest

from radiant.domain.thermal import Phase
from radiant.domain.vocabulary import ThermalState
from radiant.thermal.table import EVENTS, cell

#: By phase, each event and what becomes of an endpoint that is OFF, COLD, WARM, HOT.
TABLE = """
## idle
up wanted | OFF, idle | COLD, warming; warm 1 | WARM, idle | HOT, cooling; warm 1
up, due | OFF, idle | COLD, warming; warm 1 | WARM, idle | HOT, cooling; warm 1
up, asked anew | OFF, idle | COLD, warming; warm 1 | WARM, idle | HOT, cooling; warm 1
more wanted | OFF, idle | COLD, warming; warm 3 | WARM, warming; warm 3 | HOT, idle
sleep wanted | OFF, idle | COLD, idle | WARM, cooling; cool | HOT, cooling; cool
asleep, due | OFF, idle | COLD, idle | WARM, cooling; cool | HOT, cooling; cool
seen HOT | HOT, idle | HOT, idle | HOT, idle | HOT, idle
seen WARM | WARM, idle | WARM, idle | WARM, idle | WARM, idle
seen COLD | COLD, idle | COLD, idle | COLD, idle | COLD, idle
seen OFF | OFF, idle | OFF, idle | OFF, idle | OFF, idle
seen loading | COLD, warming | COLD, warming | COLD, warming | COLD, warming
not seen | OFF, idle | COLD, idle | WARM, idle | HOT, idle
not seen for long | OFF, idle | OFF, idle | OFF, idle | OFF, idle
refused | OFF, idle | COLD, idle | WARM, idle | HOT, idle
refused for good | OFF, idle | COLD, idle | WARM, idle | HOT, idle
overdue | OFF, idle | COLD, idle | WARM, idle | HOT, idle
## warming
up wanted | OFF, warming | COLD, warming | WARM, warming | HOT, warming
up, due | OFF, warming | COLD, warming | WARM, warming | HOT, warming
up, asked anew | OFF, warming | COLD, warming | WARM, warming | HOT, warming
more wanted | OFF, warming | COLD, warming | WARM, warming | HOT, warming
sleep wanted | OFF, cooling; cool; cancelled | COLD, cooling; cool; cancelled | WARM, cooling; cool | HOT, cooling; cool
asleep, due | OFF, cooling; cool; cancelled | COLD, cooling; cool; cancelled | WARM, cooling; cool | HOT, cooling; cool
seen HOT | HOT, idle; wake-up ready | HOT, idle; wake-up ready | HOT, idle | HOT, idle
seen WARM | WARM, idle; wake-up ready | WARM, idle; wake-up ready | WARM, idle | WARM, idle
seen COLD | COLD, warming | COLD, warming | COLD, failed | COLD, failed
seen OFF | OFF, failed; wake-up failed | OFF, failed; wake-up failed | OFF, failed | OFF, failed
seen loading | COLD, warming | COLD, warming | COLD, warming | COLD, warming
not seen | OFF, warming | COLD, warming | WARM, warming | HOT, warming
not seen for long | OFF, failed; wake-up failed | OFF, failed; wake-up failed | OFF, failed | OFF, failed
refused | OFF, failed; wake-up failed | COLD, failed; wake-up failed | WARM, failed | HOT, failed
refused for good | OFF, given up; wake-up failed | COLD, given up; wake-up failed | WARM, failed | HOT, failed
overdue | OFF, failed; wake-up timed_out | COLD, failed; wake-up timed_out | WARM, failed | HOT, failed
## cooling
up wanted | OFF, cooling | COLD, warming; warm 1 | WARM, warming; warm 1 | HOT, warming; warm 1
up, due | OFF, cooling | COLD, warming; warm 1 | WARM, warming; warm 1 | HOT, warming; warm 1
up, asked anew | OFF, cooling | COLD, warming; warm 1 | WARM, warming; warm 1 | HOT, warming; warm 1
more wanted | OFF, cooling | COLD, warming; warm 3 | WARM, warming; warm 3 | HOT, warming; warm 3
sleep wanted | OFF, cooling | COLD, cooling | WARM, cooling | HOT, cooling
asleep, due | OFF, cooling | COLD, cooling | WARM, cooling | HOT, cooling
seen HOT | HOT, cooling | HOT, cooling | HOT, cooling | HOT, cooling
seen WARM | WARM, cooling | WARM, cooling | WARM, cooling | WARM, cooling
seen COLD | COLD, idle | COLD, idle | COLD, idle | COLD, idle
seen OFF | OFF, idle | OFF, idle | OFF, idle | OFF, idle
seen loading | COLD, cooling | COLD, cooling | COLD, cooling | COLD, cooling
not seen | OFF, cooling | COLD, cooling | WARM, cooling | HOT, cooling
not seen for long | OFF, idle | OFF, idle | OFF, idle | OFF, idle
refused | OFF, failed | COLD, failed | WARM, failed | HOT, failed
refused for good | OFF, given up | COLD, given up | WARM, failed | HOT, failed
overdue | OFF, failed | COLD, failed | WARM, failed | HOT, failed
## failed
up wanted | OFF, failed | COLD, failed | WARM, failed | HOT, failed
up, due | OFF, failed | COLD, warming; warm 1 | WARM, idle | HOT, idle
up, asked anew | OFF, given up | COLD, warming; warm 1 | WARM, failed | HOT, failed
more wanted | OFF, failed | COLD, failed | WARM, failed | HOT, failed
sleep wanted | OFF, idle | COLD, idle | WARM, failed | HOT, failed
asleep, due | OFF, idle | COLD, idle | WARM, cooling; cool | HOT, cooling; cool
seen HOT | HOT, idle | HOT, idle | HOT, failed | HOT, failed
seen WARM | WARM, idle | WARM, idle | WARM, failed | WARM, failed
seen COLD | COLD, failed | COLD, failed | COLD, idle | COLD, idle
seen OFF | OFF, failed | OFF, failed | OFF, idle | OFF, idle
seen loading | COLD, failed | COLD, failed | COLD, failed | COLD, failed
not seen | OFF, failed | COLD, failed | WARM, failed | HOT, failed
not seen for long | OFF, failed | OFF, failed | OFF, idle | OFF, idle
refused | OFF, failed | COLD, failed | WARM, failed | HOT, failed
refused for good | OFF, failed | COLD, failed | WARM, failed | HOT, failed
overdue | OFF, failed | COLD, failed | WARM, failed | HOT, failed
"""


def written() -> dict[tuple[ThermalState, Phase, str], str]:
    found, phase = {}, Phase.IDLE
    for line in TABLE.strip().splitlines():
        if line.startswith("## "):
            phase = Phase(line.removeprefix("## "))
            continue
        event, *cells = line.split(" | ")
        for state, told in zip(ThermalState, cells, strict=True):
            found[state, phase, event] = told
    return found


CELLS = written()


def test_there_is_an_answer_to_every_event_in_every_state_and_phase() -> None:
    assert len(CELLS) == len(ThermalState) * len(Phase) * len(EVENTS)


@pytest.mark.parametrize(("state", "phase", "event"), CELLS, ids="-".join)
def test_the_machine_does_what_the_table_says(state: ThermalState, phase: Phase, event: str) -> None:
    assert cell(state, phase, event) == CELLS[state, phase, event]
