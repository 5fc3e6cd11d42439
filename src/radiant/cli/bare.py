"""Options that may stand alone: without a value they mean the usual one. And numbers below 0, which are no options."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, ClassVar, Final, NamedTuple

from typer.core import TyperCommand

_BELOW_ZERO: Final = re.compile(r"-(\d+\.?\d*|\.\d+)%?")


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


class SignedNumbers(TyperCommand):
    """A command with arguments that may be below 0."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        valued = {name for it in self.params if not getattr(it, "is_flag", True) for name in it.opts}
        return super().parse_args(ctx, arguments_last(args, valued))


def arguments_last(args: Sequence[str], valued: Collection[str]) -> list[str]:
    """The same with numbers below 0 that are no value of an option behind a `--`."""
    if "--" in args:
        return list(args)
    pairs = list(zip(("", *args), args, strict=False))
    numbers = [word for before, word in pairs if _BELOW_ZERO.fullmatch(word) and before not in valued]
    others = [word for before, word in pairs if before in valued or not _BELOW_ZERO.fullmatch(word)]
    return [*others, "--", *numbers] if numbers else others
