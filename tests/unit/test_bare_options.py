"""Options that may stand without a value."""

import pytest

from radiant.cli.bare import Alone, arguments_last, completed

ALONE = {"--fallback": Alone("handover", ("none", "handover", "hold", "fail"))}


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        (["chat", "--fallback"], ["chat", "--fallback", "handover"]),
        (["--fallback", "chat"], ["--fallback", "handover", "chat"]),
        (["--fallback", "-e", "chat"], ["--fallback", "handover", "-e", "chat"]),
        (["--fallback", "hold", "chat"], ["--fallback", "hold", "chat"]),
        (["--fallback=hold", "chat"], ["--fallback=hold", "chat"]),
        (["--", "--fallback"], ["--", "--fallback"]),
        ([], []),
    ],
)
def test_one_without_a_value_means_the_usual_one(typed: list[str], read: list[str]) -> None:
    assert [*completed(typed, ALONE)] == read


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        (["-0.1", "--tenant", "t"], ["--tenant", "t", "--", "-0.1"]),
        (["--minimum", "-1", "0.4"], ["--minimum", "-1", "0.4"]),
        (["--minimum=-1", "-10%"], ["--minimum=-1", "--", "-10%"]),
        (["--json", "-.5"], ["--json", "--", "-.5"]),
        (["-m", "-1", "-p"], ["-m", "-1", "-p"]),
        (["--", "-0.1"], ["--", "-0.1"]),
        (["-1x", "--1"], ["-1x", "--1"]),
        ([], []),
    ],
)
def test_a_number_below_zero_is_no_option(typed: list[str], read: list[str]) -> None:
    assert arguments_last(typed, {"--minimum", "-m"}) == read
