"""Numbers and the words beside them agree."""

import pytest

from radiant.domain.counted import counted


@pytest.mark.parametrize(
    ("count", "words", "told"),
    [
        (0, ("model",), "0 models"),
        (1, ("model",), "1 model"),
        (2, ("model",), "2 models"),
        (4242, ("entry", "entries"), "4,242 entries"),
        (1, ("model is", "models are"), "1 model is"),
        (3, ("model is", "models are"), "3 models are"),
    ],
)
def test_words_go_along(count: int, words: tuple[str, ...], told: str) -> None:
    assert counted(count, *words) == told
