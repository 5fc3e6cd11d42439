"""The database server is dead for a minute while 5,000 outcomes a second are told, with the bounds of production."""

from pathlib import Path

from radiant.reporting import MOST
from tests.flow.away import told_while_away


async def test_for_a_minute_outcomes_wait_within_their_bound_and_what_is_lost_is_counted(home: Path) -> None:
    found = await told_while_away(home, batches=601, each=500, pause=0.1, most=MOST)
    kept = MOST // 500
    assert found.counted == {0: 500} | dict.fromkeys(range(601 - kept, 601), 500)
    assert found.dropped == 300_000 - MOST
    assert found.largest <= MOST
