"""How the parts of an error are put together."""

import re

import pytest

from radiant.domain.errors import InvalidCriteria, RadiantError, UnknownFilterValue, UsageInvalid

ALLOWED, CLOSE = ("chat", "search"), ("chat",)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (InvalidCriteria("task", "is odd"), "task: is odd."),
        (InvalidCriteria("task", "is odd", ALLOWED), "task: is odd; expected: chat, search."),
        (InvalidCriteria("task", "is odd", (), CLOSE), "task: is odd; did you mean chat?"),
        (
            InvalidCriteria("", "is odd", ALLOWED, CLOSE),
            "The request: is odd; did you mean chat? Expected: chat, search.",
        ),
        (UnknownFilterValue("task", "chta", ALLOWED), "task 'chta' is unknown; expected one of: chat, search."),
        (
            UnknownFilterValue("task", "chta", ALLOWED, CLOSE),
            "task 'chta' is unknown; did you mean chat? Expected one of: chat, search.",
        ),
        (UnknownFilterValue("task", "chta", ()), "task 'chta' is unknown; there is none."),
        (UsageInvalid("inputs", "is no meter; did you mean images?"), "inputs: is no meter; did you mean images?"),
        (UsageInvalid("images", "is -2"), "images: is -2."),
    ],
)
def test_one_sign_ends_each_sentence(error: RadiantError, said: str) -> None:
    assert str(error) == said
    assert not re.search(r"[?.;,][?.;,]", said)
