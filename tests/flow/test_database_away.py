"""The database server is killed and comes back while real traffic is reported."""

from pathlib import Path

from tests.flow.away import told_while_away


async def test_while_the_server_is_dead_outcomes_wait_and_the_oldest_make_room(home: Path) -> None:
    found = await told_while_away(home, batches=31, each=100, pause=0.1, most=1_000)
    assert found.counted == {0: 100} | dict.fromkeys(range(21, 31), 100)
    assert found.dropped == 2_000
    assert found.largest <= 1_000
