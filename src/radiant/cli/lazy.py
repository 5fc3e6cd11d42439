"""Commands that are known by name and help, and loaded when one of them is run, completed or asked for its own help.

A module whose command is read in a way of its own has the class that reads it as `COMMAND`.
"""

from importlib import import_module
from typing import Any, Self

import typer
from typer.core import TyperCommand, TyperGroup

from .roster import ROSTER, Line


class Known(TyperCommand):
    """What the page of all commands shows of one. What runs is what `loaded` gives."""

    def __init__(self, line: Line) -> None:
        super().__init__(line.name, help=line.help, short_help=line.help)
        self._line = line

    def loaded(self) -> Any:
        """The command, or the group of commands, itself."""
        module, _, name = self._line.found.partition(":")
        room = import_module(f"{__package__}.{module}")
        found = getattr(room, name)
        around = typer.Typer(add_completion=False, rich_markup_mode=None)
        around.callback()(lambda: None)
        if isinstance(found, typer.Typer):
            around.add_typer(found, name=self._line.name, help=self._line.help)
        else:
            around.command(self._line.name, help=self._line.help, cls=getattr(room, "COMMAND", None))(found)
        command = commands_of(typer.main.get_command(around))[self._line.name]
        _show_help_whole(command)
        return command


class ReaderGone(Exception):
    """Nobody reads what is printed. No OSError: of one, typer makes the exit code of a failure."""


class Lazily(TyperGroup):
    """The program's commands: those of the roster."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            raise ReaderGone from error

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.commands.update({line.name: Known(line) for line in ROSTER})

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        name, command, rest = super().resolve_command(ctx, args)
        return name, command.loaded() if isinstance(command, Known) else command, rest

    def load(self) -> Self:
        """Load every command, for whoever reads them all."""
        self.commands.update({name: it.loaded() for name, it in self.commands.items() if isinstance(it, Known)})
        return self


def commands_of(command: Any) -> dict[str, Any]:
    """The commands below one, by name; none where it is no group."""
    found: dict[str, Any] = getattr(command, "commands", {})
    return found


def _show_help_whole(command: Any) -> None:
    """On the page of a group, the help of its commands is not cut to one line of 80 characters."""
    for each in commands_of(command).values():
        each.short_help = (each.help or "").partition("\n\n")[0]
        _show_help_whole(each)
