"""The fast path: an answer that is remembered, or the lowest common bit of a few masks.

`plain.py` is the same without memory and masks; a test holds the two equal.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from itertools import islice
from typing import Any, Final

from msgspec import MsgspecError, convert
from msgspec.structs import replace

from radiant.domain.choice import Choice
from radiant.domain.criteria import Criteria

from ..masks import bits
from ..masks.filter import Judge
from ..reading.criteria_reader import packed
from ..reading.meant import Meanings
from ..terms import Terms
from .picker import Picker

ANSWERS = 512  #: requests remembered
PATIENCE = 16  #: requests in a row that were not remembered, after which
REST = 64  #: so many are not even looked for
KINDS = 4096  #: kinds of requests remembered
PREPARED = 32  #: requests that are answered before an index is asked, those asked last
SAMPLE = 2  #: so many, where none of those prepared for the index before was asked again
INDEXES = 4  #: that a request is prepared for without being asked again

#: What is known of a kind of request: its picker, and the candidates that it leaves.
Held = tuple[Picker, int]

#: A request as it is remembered: read, or as the bytes of its fields.
Asked = Criteria | bytes

_UNSEEN: Final[Any] = object()
_encode = packed
_convert = convert


class Answers:
    """What an index answers. `kinds` are those seen lately, by what `terms.take_apart` gives; `picker_for` makes what
    is missing; `meanings` says what names stand for.

    Several threads may ask at a time.
    """

    __slots__ = (
        "_decode",
        "_found",
        "_kinds",
        "_literal",
        "_luck",
        "_meant",
        "_picker_for",
        "_prepared",
        "_reader",
        "_shape",
        "_take_apart",
    )

    def __init__(
        self,
        terms: Terms,
        kinds: dict[tuple[Any, ...], Held],
        picker_for: Callable[[Criteria], Picker],
        meanings: Meanings,
    ) -> None:
        self._found: dict[Asked, Choice | None] = {}
        self._prepared: dict[Asked, tuple[Choice | None, int]] = {}  # not asked yet; and for how many indexes
        self._reader, self._take_apart = terms.reader, terms.take_apart
        self._decode, self._shape = terms.reader.decode_packed, terms.reader.shape
        self._luck = PATIENCE
        self._kinds, self._picker_for = kinds, picker_for
        self._meant, self._literal = meanings.of, meanings.literal

    def __len__(self) -> int:
        return len(self._found)

    def ask(self, asked: Mapping[str, Any]) -> Choice | None:
        """The best model for the fields of criteria, or None. Raises InvalidCriteria."""
        luck, key = self._luck, None
        try:
            if luck > 0:
                key = _encode(asked)
                found: Choice | None = self._found.get(key, _UNSEEN)
                if found is not _UNSEEN:
                    self._luck = PATIENCE
                    return found
                if key in self._prepared:
                    self._luck = PATIENCE
                    return self._take(key)
                criteria = self._decode(key)  # not `asked` itself, which may only be written alike
            else:
                criteria = _convert(asked, self._shape)
        except (MsgspecError, TypeError, ValueError, OverflowError, RecursionError):
            return self.choose(self._reader.fields(asked))  # which says what is wrong
        self._luck = luck - 1 if luck > -REST else PATIENCE
        kind, stated, bounded, named = self._take_apart(criteria)
        if bounded:
            self._reader.check_bounds(criteria)
        if named and not self._literal(criteria):
            return self._understood(key, criteria)
        return self._new(key, criteria, kind, stated)

    def choose(self, criteria: Criteria) -> Choice | None:
        """The best model, or None, for criteria that were read. Raises InvalidCriteria for a profile there is not."""
        found: Choice | None = self._found.get(criteria, _UNSEEN)
        if found is not _UNSEEN:
            return found
        if criteria in self._prepared:
            return self._take(criteria)
        kind, stated, _, named = self._take_apart(criteria)
        if named and not self._literal(criteria):
            return self._understood(criteria, criteria)
        return self._new(criteria, criteria, kind, stated)

    def prepare(self, before: "Answers") -> None:
        """Answer what was asked of `before` lately, so that the next one who asks finds it, or at least the pickers and
        masks it takes. To be called before anybody asks."""
        for key, idle in before._lately().items():
            with suppress(Exception):  # which whoever asks again is told; the index is put in place all the same
                self._prepared[key] = self.choose(self._decode(key) if isinstance(key, bytes) else key), idle
        self._found.clear()

    def _lately(self) -> dict[Asked, int]:
        """The requests to be prepared, and for how many indexes each was in vain."""
        found, prepared = self._found.copy(), self._prepared
        in_vain = bool(found and prepared) and found.keys().isdisjoint(prepared)
        most = SAMPLE if in_vain else PREPARED
        asked = dict.fromkeys(islice(reversed(found), most), 0)
        for key, (_, idle) in prepared.items():
            if len(asked) < most and idle < INDEXES and key not in asked:
                asked[key] = idle + 1
        return asked

    def _take(self, key: Asked) -> Choice | None:
        """A prepared answer, from now on one that was asked for."""
        choice = self._found[key] = self._prepared[key][0]
        return choice

    def _new(
        self,
        key: Asked | None,
        criteria: Criteria,
        kind: tuple[Any, ...],
        stated: list[tuple[int, Any]],
        understood: bool = False,
    ) -> Choice | None:
        """Names of capabilities are looked at only where nothing is found: one that nobody has leaves nothing."""
        answers = self._found
        picker, mask = self._kinds.get(kind) or self._hold(criteria, kind)
        rank = _best(picker, mask, stated, criteria.prefer_providers)
        if rank is None and not understood and not self._literal(criteria):
            return self._understood(key, criteria)
        choice = None if rank is None else picker.choices.get(rank) or picker.choice(rank)
        if key is not None:
            if len(answers) >= ANSWERS:
                answers.clear()
            answers[key] = choice
        return choice

    def _understood(self, key: Asked | None, criteria: Criteria) -> Choice | None:
        """The answer where names are written otherwise than in the registry."""
        criteria, unmatched = self._meant(criteria)
        kind, stated, *_ = self._take_apart(criteria)
        choice = self._new(key, criteria, kind, stated, understood=True)
        if choice is not None and unmatched:
            choice = replace(choice, unmatched_exclusions=unmatched)
            if key is not None:
                self._found[key] = choice
        return choice

    def _hold(self, criteria: Criteria, kind: tuple[Any, ...]) -> Held:
        picker = self._picker_for(criteria)
        if len(self._kinds) >= KINDS:
            self._kinds.clear()
        held = self._kinds[kind] = picker, picker.left_by(kind)
        return held


def best(picker: Picker, criteria: Criteria, within: int | None = None) -> int | None:
    """The first rank that satisfies everything, if `within` is given in that set; preferred providers first."""
    kind, stated, *_ = picker.take_apart(criteria)
    mask = picker.left_by(kind)
    return _best(picker, mask if within is None else mask & within, stated, criteria.prefer_providers)


def _best(picker: Picker, mask: int, stated: list[tuple[int, Any]], favored: tuple[str, ...]) -> int | None:
    if not picker.one_window:
        return _best_of_many(picker, mask, stated, favored)
    judges: list[Judge] = []
    many = picker.many
    for place, value in stated:
        filter = many[place]
        mask = filter.narrow(mask, value)
        if not filter.exact:
            judges.append(filter.judge(value))
    if favored:
        first = mask & picker.favored[favored]
        if judges:
            found = _first(first, judges)
            return _first(mask, judges) if found is None else found
        mask = first or mask
    elif judges:
        return _first(mask, judges)
    return (mask & -mask).bit_length() - 1 if mask else None


def _best_of_many(picker: Picker, everyone: int, stated: list[tuple[int, Any]], favored: tuple[str, ...]) -> int | None:
    """The same, looking at the head of a long list before all of it: short masks cost less."""
    many = picker.many
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
    kind, stated, *_ = picker.take_apart(criteria)
    mask = picker.left_by(kind)
    judges: list[Judge] = []
    for place, value in stated:
        filter = picker.many[place]
        mask = filter.narrow(mask, value)
        if not filter.exact:
            judges.append(filter.judge(value))
    first = mask & picker.favored[criteria.prefer_providers] if criteria.prefer_providers else 0
    for part in (first, mask ^ first):
        for rank in bits.positions(part):
            if all(judge(rank) for judge in judges):
                yield rank
