"""Lays out tables for a terminal: columns that fit its width, text broken between words only."""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Sequence

#: Between two columns.
GAP = "  "

#: Text that is worth a column has at least this width; with less it stands below its row.
NARROWEST_PROSE = 28

#: No cell is cut to less.
NARROWEST = 12

#: For a column that is shown only where there is room, longer cells do not count.
_LONGEST = 36


def lines_of(
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    width: int | None,
    right: Collection[str] = (),
    prose: Collection[str] = (),
    extra: Sequence[str] = (),
) -> Iterator[str]:
    """The heading, then the rows, each line at most `width` cells of a terminal wide; None is without an end.

    Columns of `right` are numbers and never cut. Those of `prose` are wrapped between words, and stand below the row
    where little room is left. Those of `extra`, the first ones first, are shown as long as there is room for them.
    Whatever else is too long ends with `…`.
    """
    natural = [_widest(cells) for cells in zip(columns, *rows, strict=True)]
    shown = _shown(columns, natural, width, prose, extra)
    below = _below(columns, natural, shown, width, prose)
    beside = [number for number in shown if number not in below]
    widths = _fitted({number: natural[number] for number in beside}, columns, width, right, prose)
    aligned = [(number, size, columns[number] in right, columns[number] in prose) for number, size in widths.items()]
    yield from _laid(columns, aligned)
    line = _format(aligned) if width is None and not prose else None
    for row in rows:
        if line is not None and _is_narrow("".join(row)):
            yield line(*row).rstrip()
            continue
        yield from _laid(row, aligned)
        for number in below:
            if row[number] not in ("", "–"):
                yield from (f"    {line}" for line in wrapped(row[number], (width or 0) - 4))


def _widest(cells: Sequence[str]) -> int:
    return max(map(len if _is_narrow("".join(cells)) else wide, cells))


def _is_narrow(text: str) -> bool:
    """Whether each character takes one cell, as those of ASCII do and the dash of what is unknown."""
    return text.isascii() or text.replace("–", "-").isascii()


def wide(text: str) -> int:
    """How many cells of a terminal `text` takes."""
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(it) in "WF" else not unicodedata.combining(it) for it in text)


def cut(text: str, width: int) -> str:
    """`text` within `width` cells, with `…` for what is left out."""
    if wide(text) <= width:
        return text
    while wide(text) >= width:
        text = text[:-1]
    return f"{text.rstrip(' ,;:')}…"


def wrapped(text: str, width: int) -> list[str]:
    """`text` in lines of at most `width` cells, broken between words; a word that is longer is cut."""
    lines = [""]
    for word in re.findall(r"\S+", text):
        longer = f"{lines[-1]} {word}".lstrip()
        if wide(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(cut(word, width))
    return lines[1:] if not lines[0] and len(lines) > 1 else lines


def _shown(
    columns: Sequence[str], natural: list[int], width: int | None, prose: Collection[str], extra: Sequence[str]
) -> list[int]:
    """The numbers of the columns that are shown: all but those of `extra` that nothing is left for."""
    shown = [number for number, name in enumerate(columns) if name not in extra]
    if width is None:
        return [*range(len(columns))]
    left = width - sum(
        (NARROWEST_PROSE if columns[it] in prose else min(natural[it], _LONGEST)) + len(GAP) for it in shown
    )
    for name in extra:
        needed = natural[columns.index(name)] + len(GAP)
        if needed - len(GAP) > left:
            break
        shown.append(columns.index(name))
        left -= needed
    return sorted(shown)


def _below(
    columns: Sequence[str],
    natural: list[int],
    shown: list[int],
    width: int | None,
    prose: Collection[str],
) -> list[int]:
    """The columns of `prose` that would get too little beside the others; the last ones go first."""
    below: list[int] = []
    for number in reversed([it for it in shown if columns[it] in prose]):
        others = [it for it in shown if it != number and it not in below]
        taken = sum(min(natural[it], NARROWEST_PROSE if columns[it] in prose else natural[it]) for it in others)
        if (
            width is not None
            and others
            and width - taken - len(GAP) * len(others) < min(natural[number], NARROWEST_PROSE)
        ):
            below.insert(0, number)
    return below


def _fitted(
    natural: dict[int, int], columns: Sequence[str], width: int | None, right: Collection[str], prose: Collection[str]
) -> dict[int, int]:
    """The widths of columns: the widest give way until all fit, those of prose first."""
    sizes = dict(natural)
    over = 0 if width is None else sum(sizes.values()) + len(GAP) * (len(sizes) - 1) - width
    for group, least in (
        ([it for it in sizes if columns[it] in prose], NARROWEST_PROSE),
        ([it for it in sizes if columns[it] not in prose and columns[it] not in right], NARROWEST),
        ([it for it in sizes if columns[it] in prose], NARROWEST),
    ):
        while over > 0 and (wider := [it for it in group if sizes[it] > least]):
            sizes[max(wider, key=sizes.__getitem__)] -= 1
            over -= 1
    return sizes


def _format(aligned: list[tuple[int, int, bool, bool]]) -> Callable[..., str]:
    """Lays out one row in which nothing is wide, cut or wrapped: of such there are thousands."""
    return GAP.join(f"{{:{'>' if right else '<'}{size}}}" for _, size, right, _ in aligned).format


def _laid(cells: Sequence[str], aligned: list[tuple[int, int, bool, bool]]) -> Iterator[str]:
    """One row, in as many lines as its longest prose has."""
    if not any(is_prose for *_, is_prose in aligned):
        yield GAP.join([_padded(cells[it], size, right) for it, size, right, _ in aligned]).rstrip()
        return
    stacks = [wrapped(cells[it], size) if is_prose else [cells[it]] for it, size, _, is_prose in aligned]
    for line in range(max(map(len, stacks))):
        yield GAP.join(
            _padded(stack[line] if line < len(stack) else "", size, right)
            for stack, (_, size, right, _) in zip(stacks, aligned, strict=True)
        ).rstrip()


def _padded(text: str, width: int, right: bool) -> str:
    if text.isascii() and len(text) <= width:
        return text.rjust(width) if right else text.ljust(width)
    room = width - wide(text)
    if room < 0:
        return _padded(cut(text, width), width, right)
    return " " * room + text if right else text + " " * room
