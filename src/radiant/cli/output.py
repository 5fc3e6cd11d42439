"""How answers are printed: tables for people, JSON for programs."""

import sys
from collections.abc import Collection, Iterable, Sequence
from typing import Annotated, Any

import msgspec
import typer

from .table import lines_of

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]


def print_json(value: Any) -> None:
    """Print `value` as indented JSON; money is an exact decimal in a string."""
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
    cells = [[shown(cell) for cell in row] for row in rows]
    heading, *body = lines_of(columns, cells, width=terminal_width(), right=right, prose=prose, extra=extra)
    if title:
        typer.echo(typer.style(title, bold=True))
    typer.echo("\n".join([typer.style(heading, bold=True), *body]))


def terminal_width() -> int | None:
    """Columns of the terminal that is printed to; None where it is none."""
    if not sys.stdout.isatty():
        return None
    import shutil

    return shutil.get_terminal_size().columns


def shown(value: object) -> str:
    """One cell; what is unknown is a dash, and what would move the cursor a space."""
    if value is None or value in ("", [], ()):
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(map(shown, value))
    if isinstance(value, int):
        return f"{value:,}"
    text = str(value)
    return text if text.isprintable() else "".join(it if it.isprintable() else " " for it in text)
