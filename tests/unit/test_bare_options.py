"""Options that may stand without a value."""

import pytest

from radiant.cli.bare import Alone, completed

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
