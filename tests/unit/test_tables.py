"""Tables that fit the terminal: which columns are shown, and where a line may break."""

import pytest

from radiant.cli.table import cut, lines_of, wide, wrapped

COLUMNS = ("model", "USD", "state", "because")
ROWS = [
    ["accounts/fireworks/models/llama-v3p1-405b-instruct", "0.25", "ready", "external, always ready; latency unknown"],
    ["gpt-6-luna", "12.5", "COLD", "COLD, so after all others"],
]


def lines(width: int | None, **more: tuple[str, ...]) -> list[str]:
    return [*lines_of(COLUMNS, ROWS, width=width, right=("USD",), **more)]


@pytest.mark.parametrize("width", [40, 60, 80, 120, 200])
def test_no_line_is_wider_than_the_terminal_and_no_word_is_broken(width: int) -> None:
    words = {word for row in ROWS for cell in row for word in cell.split()}
    for line in lines(width, prose=("because",), extra=("state",))[1:]:
        assert wide(line) <= width
        assert all(word in words or word.endswith("…") for word in line.split())


def test_in_a_pipe_nothing_is_left_out() -> None:
    heading, *body = lines(None, prose=("because",), extra=("state",))
    assert heading.split() == [*COLUMNS]
    assert [line.split() for line in body] == [" ".join(row).split() for row in ROWS]


def test_what_is_too_long_ends_with_three_dots() -> None:
    assert lines(60)[1].startswith("accounts/")
    assert "…" in lines(60)[1]
    assert "0.25" in lines(60)[1], "numbers are never cut"
    assert [cut("twelve signs", 12), cut("twelve signs", 8), cut("a, b, c", 4)] == ["twelve signs", "twelve…", "a…"]


def test_further_columns_are_shown_in_their_order_while_there_is_room() -> None:
    rows = [["m", "one", "two", "three"]]
    columns = ("model", "b", "c", "d")

    def heading(width: int) -> list[str]:
        return next(iter(lines_of(columns, rows, width=width, extra=("d", "b", "c")))).split()

    assert [heading(5), heading(12), heading(17), heading(22)] == [
        ["model"],
        ["model", "d"],
        ["model", "b", "d"],
        ["model", "b", "c", "d"],
    ]


def test_text_that_would_be_splinters_stands_below_its_row() -> None:
    row = ["x" * 30, "1", "y" * 8, "a reason of quite a few words that needs a line for itself"]
    _, first, *below = lines_of(COLUMNS, [row], width=60, prose=("because",))
    assert first.split() == row[:3]
    assert [line.strip() for line in below] == ["a reason of quite a few words that needs a line for", "itself"]


def test_where_nothing_is_to_be_said_no_line_says_so() -> None:
    assert len([*lines_of(COLUMNS, [["x" * 30, "1", "y" * 8, "–"]], width=50, prose=("because",))]) == 2


def test_wide_characters_count_twice_and_words_wrap() -> None:
    assert (wide("模型"), wide("e\u0301"), wide("abc")) == (4, 1, 3)
    assert wrapped("one two three", 7) == ["one two", "three"]
    assert wrapped("unbreakable it", 6) == ["unbre…", "it"]
    assert wrapped("", 6) == [""]
