"""How answers are printed: tables for people, JSON for programs."""

import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Any, TextIO

import typer

from .table import lines_of

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]


def say(text: str, *, err: bool = False) -> None:
    """Print sentences, on a terminal broken between words. What stands in them may come from a database or a file: only
    line breaks move the cursor."""
    lines = map(_harmless, text.split("\n"))
    width = _width_of(sys.stderr if err else sys.stdout)
    typer.echo("\n".join(lines if width is None else _broken(lines, width)), err=err)


def print_json(value: Any) -> None:
    """Print `value` as indented JSON; money is an exact decimal in a string."""
    import msgspec

    typer.echo(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())


def print_table(
    title: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    right: Collection[str] = (),
    prose: Collection[str] = (),
    extra: Sequence[str] = (),
) -> None:
    """Print a table, as wide as the terminal; in a pipe as wide as it needs. The rest is as in `lines_of`."""
    cells = [[*map(shown, row)] for row in rows]
    heading, *body = lines_of(columns, cells, width=terminal_width(), right=right, prose=prose, extra=extra)
    if title:
        typer.echo(typer.style(shown(title), bold=True))
    typer.echo("\n".join([typer.style(heading, bold=True), *body]))


def terminal_width() -> int | None:
    """Columns of the terminal that is printed to; None where it is none."""
    return _width_of(sys.stdout)


def _width_of(stream: TextIO) -> int | None:
    if not stream.isatty():
        return None
    import shutil

    return shutil.get_terminal_size().columns


def _broken(lines: Iterable[str], width: int) -> Iterator[str]:
    """Lines of at most `width` where words allow; a command or an address stays in one piece."""
    import textwrap

    for line in lines:
        parts = textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False) if len(line) > width else ()
        yield from parts or (line,)


def shown(value: object) -> str:
    """One cell; what is unknown is a dash, and what would move the cursor a space."""
    if isinstance(value, str) and value:
        return value if value.isprintable() else _harmless(value)
    if value is None or value in ("", [], (), {}):
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if hasattr(value, "__struct_fields__"):
        fields = {name: getattr(value, name) for name in value.__struct_fields__}
        value = {name: it for name, it in fields.items() if it not in (None, ())}
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {shown(it)}" for name, it in value.items())
    if isinstance(value, list | tuple):
        return ("; " if any(isinstance(it, Mapping) for it in value) else ", ").join(map(shown, value))
    if isinstance(value, int):
        return f"{value:,}"
    return _harmless(str(value))


def _harmless(text: str) -> str:
    return text if text.isprintable() else "".join(it if it.isprintable() else " " for it in text)
