"""Amounts under each other."""

from radiant.cli.aligned import by_point


def test_points_stand_under_each_other() -> None:
    found = by_point(["0.15", "12", None, "3.5", "0.075"])
    assert found == ["0.15 ", "12    ", None, "3.5  ", "0.075"]
    widest = max(len(it) for it in found if it)
    places = {it.rjust(widest).index(".") for it in found if it and "." in it}
    assert len(places) == 1
    assert found[1].rjust(widest)[next(iter(places))] == " "  # type: ignore[union-attr]


def test_whole_amounts_need_nothing() -> None:
    assert by_point(["2", "10"]) == ["2", "10"]
    assert by_point([]) == []
