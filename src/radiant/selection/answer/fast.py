"""The fast path: an answer that is remembered, or the lowest common bit of a few masks.

`plain.py` is the same without memory and masks; a test holds the two equal.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import msgspec
from msgspec import ValidationError

from radiant.domain.choice import Choice
from radiant.domain.criteria import Criteria, Usage

from ..masks import bits
from ..masks.filter import Judge
from ..reading.criteria import CriteriaReader
from .picker import Picker

ANSWERS = 512  #: requests remembered

_UNSEEN: Final[Any] = object()
_convert = msgspec.convert


class Answers:
    """What an index answers. `pickers` are those at hand, by profile, usage and task; `make` makes what is missing.

    Several threads may ask at a time.
    """

    __slots__ = ("_bounded", "_found", "_make", "_pickers", "_reader", "_shape", "_unbounded")

    def __init__(
        self,
        reader: CriteriaReader,
        pickers: Mapping[tuple[str, Usage | None, str], Picker],
        make: Callable[[Criteria], Picker],
    ) -> None:
        self._found: dict[Criteria, Choice | None] = {}
        self._reader, self._shape = reader, reader.shape
        self._bounded, self._unbounded = reader.bounded, reader.unbounded
        self._pickers, self._make = pickers, make

    def __len__(self) -> int:
        return len(self._found)

    def ask(self, asked: Mapping[str, Any]) -> Choice | None:
        """The best model for the fields of criteria, or None. Raises InvalidCriteria."""
        try:
            criteria = _convert(asked, self._shape)
            found: Choice | None = self._found.get(criteria, _UNSEEN)
        except (ValidationError, TypeError):  # a wrong type, or a number that is none
            return self.choose(self._reader.fields(asked))
        if found is not _UNSEEN:
            return found
        if self._bounded(criteria) != self._unbounded:
            self._reader.check_bounds(criteria)
        return self._new(criteria)

    def choose(self, criteria: Criteria) -> Choice | None:
        """The best model, or None, for criteria that were read. Raises InvalidCriteria for a profile there is not."""
        found: Choice | None = self._found.get(criteria, _UNSEEN)
        return found if found is not _UNSEEN else self._new(criteria)

    def _new(self, criteria: Criteria) -> Choice | None:
        answers = self._found
        picker = self._pickers.get((criteria.profile, criteria.usage, criteria.task)) or self._make(criteria)
        rank = best(picker, criteria)
        choice = None if rank is None else picker.choices.get(rank) or picker.choice(rank)
        if len(answers) >= ANSWERS:
            answers.clear()
        answers[criteria] = choice
        return choice


def best(picker: Picker, criteria: Criteria, within: int | None = None) -> int | None:
    """The first rank that satisfies everything, if `within` is given in that set; preferred providers first."""
    mask = picker.combined[picker.few_values(criteria)]
    if within is not None:
        mask &= within
    if not picker.one_window:
        return _best_of_many(picker, criteria, mask)
    judges: list[Judge] = []
    many = picker.many
    for place, value in picker.stated_many(criteria):
        filter = many[place]
        mask = filter.narrow(mask, value)
        if not filter.exact:
            judges.append(filter.judge(value))
    if criteria.prefer_providers:
        first = mask & picker.favored[criteria.prefer_providers]
        if judges:
            found = _first(first, judges)
            return _first(mask, judges) if found is None else found
        mask = first or mask
    elif judges:
        return _first(mask, judges)
    return (mask & -mask).bit_length() - 1 if mask else None


def _best_of_many(picker: Picker, criteria: Criteria, everyone: int) -> int | None:
    """The same, looking at the head of a long list before all of it: short masks cost less."""
    many, stated, favored = picker.many, picker.stated_many(criteria), criteria.prefer_providers
    for start in (everyone & picker.favored[favored], everyone) if favored else (everyone,):
        for window in picker.windows:
            mask = start & window
            judges: list[Judge] = []
            for place, value in stated:
                filter = many[place]
                mask = filter.narrow(mask, value)
                if not filter.exact:
                    judges.append(filter.judge(value))
            if mask and not judges:
                return (mask & -mask).bit_length() - 1
            found = _first(mask, judges)
            if found is not None:
                return found
    return None


def _first(mask: int, judges: list[Judge]) -> int | None:
    """The lowest rank in `mask` that every judge lets pass."""
    while mask:
        lowest = mask & -mask
        rank = lowest.bit_length() - 1
        for judge in judges:
            if not judge(rank):
                break
        else:
            return rank
        mask ^= lowest
    return None


def eligible(picker: Picker, criteria: Criteria) -> Iterator[int]:
    """Every rank that satisfies everything, in the order of the answer."""
    mask = picker.combined[picker.few_values(criteria)]
    judges: list[Judge] = []
    for place, value in picker.stated_many(criteria):
        filter = picker.many[place]
        mask = filter.narrow(mask, value)
        if not filter.exact:
            judges.append(filter.judge(value))
    first = mask & picker.favored[criteria.prefer_providers] if criteria.prefer_providers else 0
    for part in (first, mask ^ first):
        for rank in bits.positions(part):
            if all(judge(rank) for judge in judges):
                yield rank
