"""Options that may stand alone: without a value they mean the usual one."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, ClassVar, NamedTuple

from typer.core import TyperCommand


class Alone(NamedTuple):
    """What an option means that stands alone, and the words that are values of it and not what follows."""

    means: str
    words: Collection[str]


class Bare(TyperCommand):
    """A command with such options, by their names in `alone`."""

    alone: ClassVar[Mapping[str, Alone]] = {}

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        return super().parse_args(ctx, [*completed(args, self.alone)])


def completed(args: Sequence[str], alone: Mapping[str, Alone]) -> Iterator[str]:
    """The same arguments with the value that is meant where none stands; behind `--` there are no options."""
    options = args[: args.index("--")] if "--" in args else args
    for number, word in enumerate(args):
        yield word
        found = alone.get(word) if number < len(options) else None
        if found is not None and (args[number + 1 : number + 2] or [""])[0] not in found.words:
            yield found.means
