"""Which sheets count of a model: what is stored, and what its row says where nothing of sources is."""

import msgspec

from radiant.pricing.joined import joined

from .sheets import day, price, sheet

STORED = sheet(price("input_tokens", "1"), valid_from=day("2026-11-01"))
OF_ROW = sheet(price("input_tokens", "7"), valid_from=day("2026-11-20"), source="registry")
SET = msgspec.structs.replace(STORED, rank=1)


def test_a_row_never_speaks_against_what_is_stored() -> None:
    assert joined([STORED], [OF_ROW]) == (STORED,)
    assert joined([STORED, SET], [OF_ROW]) == (STORED, SET)


def test_where_nothing_of_sources_is_stored_the_row_speaks_beside_what_people_set() -> None:
    assert joined([], [OF_ROW]) == (OF_ROW,)
    assert joined([SET], [OF_ROW]) == (OF_ROW, SET)
