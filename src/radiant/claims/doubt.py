"""Which numbers of public catalogs are in doubt: limits that contradict each other, numbers that stand alone. Pure."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Final, NamedTuple, cast

import msgspec

from radiant.domain.units import BY_KEY
from radiant.domain.vocabulary import Task

#: The facts that tell how much goes in and comes out.
LIMITS: Final = ("context_window", "max_input", "max_output")

#: A limit so many times above or below all others is doubted.
ALONE: Final = 10

#: A price so many times above or below all others is one in another unit: half-way, as factors go, to a thousand.
OTHER_UNIT: Final = 300

#: Output that costs so many times less than input is doubted.
CHEAPER: Final = 10

_INPUT: Final = "price.input_per_mtok"
_OUTPUT: Final = "price.output_per_mtok"

#: Where sound comes out or goes in, the window and the output are no one measure.
_SOUND: Final = (Task.AUDIO, Task.TRANSCRIPTION)

Number = int | Decimal

#: A number of an entry: source, entry, field.
Place = tuple[str, str, str]


class Kind(StrEnum):
    """What speaks against a number."""

    ABOVE_WINDOW = "above_window"  #: more comes out than the window holds
    ALONE = "alone"  #: a limit far from what all others say
    OTHER_UNIT = "other_unit"  #: a price a thousand times or more from what all others say
    CHEAP_OUTPUT = "cheap_output"  #: output far cheaper than input


class Said(NamedTuple):
    """The numbers of one entry, by fact. What is `ours`, or the provider's own word, is weighed and not doubted."""

    source: str
    entry: str
    provider_id: str
    model_id: str
    numbers: Mapping[str, Number]
    ours: bool = False
    task: str | None = None


class Doubt(msgspec.Struct, frozen=True, order=True):
    """What speaks against one number of an entry.

    `instead` is what holds in its place where nobody says better of the very offering: what the maker or most others
    say; None where they say no one thing. `gap` is 1 − smaller / larger of the number and what it was held against.
    """

    source: str
    entry: str
    field: str
    provider_id: str
    model_id: str
    kind: Kind
    why: str
    gap: float
    instead: int | None = None

    @property
    def place(self) -> Place:
        return self.source, self.entry, self.field

    @property
    def sentence(self) -> str:
        """For people."""
        return f"{self.field}: {self.source} {self.why}"


def likeness(model_id: str) -> str:
    """What the offerings of one model have in common: the last part of the id, however it is punctuated."""
    return model_id.rsplit("/", 1)[-1].lower().replace(".", "-").replace("_", "-")


def doubts(told: Iterable[Said]) -> list[Doubt]:
    """Every doubt about these entries, sorted. Entries are held against all others about a model of that name."""
    alike: dict[str, list[Said]] = defaultdict(list)
    for said in told:
        alike[likeness(said.model_id)].append(said)
    found: dict[Place, Doubt] = {}
    for entries in alike.values():
        for doubt in (*_far_from_others(entries), *_contradictions(entries)):
            found.setdefault(doubt.place, doubt)
    return sorted(doubt for doubt in found.values() if not _is_explained(doubt, found))


def _is_explained(doubt: Doubt, found: Mapping[Place, Doubt]) -> bool:
    """More than the window holds comes out because the window itself is in doubt."""
    return doubt.kind is Kind.ABOVE_WINDOW and (doubt.source, doubt.entry, "context_window") in found


def _far_from_others(entries: Sequence[Said]) -> Iterator[Doubt]:
    """Only the smallest and the largest number of a field can stand apart from all others."""
    fields = {field for said in entries for field in said.numbers}
    for field in fields:
        distance = ALONE if field in LIMITS else OTHER_UNIT
        tellers = sorted((said for said in entries if said.numbers.get(field)), key=lambda said: said.numbers[field])
        for one, others in ((tellers[:1], tellers[1:]), (tellers[-1:], tellers[:-1])):
            if one and others and not one[0].ours and _may_judge(one[0], others):
                yield from _apart(field, one[0], others, distance)


def _may_judge(one: Said, others: Sequence[Said]) -> bool:
    """A single other number speaks against one only if it is about the same offering, or was read by us."""
    if len({(said.source, said.provider_id) for said in others}) > 1:
        return True
    return any(said.ours or (said.provider_id, said.model_id) == (one.provider_id, one.model_id) for said in others)


def _apart(field: str, one: Said, others: Sequence[Said], distance: int) -> Iterator[Doubt]:
    value = Decimal(one.numbers[field])
    above = value > others[-1].numbers[field]
    nearest = Decimal(others[-1 if above else 0].numbers[field])
    times = value / nearest if above else nearest / value
    if times < distance:
        return
    where = "above" if above else "below"
    limit = field in LIMITS
    instead = _trusted(field, others) if limit else None
    how = f"{int(times)} times" if limit else f"about 10^{round(math.log10(times))} times"
    all_others = "the other source" if len(others) == 1 else f"all {len(others)} others"
    yield Doubt(
        source=one.source,
        entry=one.entry,
        field=field,
        provider_id=one.provider_id,
        model_id=one.model_id,
        kind=Kind.ALONE if limit else Kind.OTHER_UNIT,
        why=f"says {_shown(value)}, {how} {where} {all_others}"
        + (f"; {_who(field, others, instead)} {_shown(instead)}" if instead is not None else ""),
        gap=_gap(value, nearest),
        instead=instead,
    )


def _trusted(field: str, others: Sequence[Said]) -> int | None:
    """What we read ourselves of a model of that name, else what more than half of the others say."""
    own = [said for said in others if said.ours]
    for heard in (own, others if len(others) > 1 else ()):
        for value, count in Counter(int(said.numbers[field]) for said in heard).most_common(1):
            if 2 * count > len(heard):
                return value
    return None


def _who(field: str, others: Sequence[Said], value: int) -> str:
    own = [said.numbers[field] for said in others if said.ours]
    return "our catalog says" if value in own else "most of them say"


def _contradictions(entries: Sequence[Said]) -> Iterator[Doubt]:
    for said in entries:
        if said.ours:
            continue
        window, most = said.numbers.get("context_window"), said.numbers.get("max_output")
        if window and most and most > window and said.task not in _SOUND:
            yield _contradiction(
                said,
                "max_output",
                Kind.ABOVE_WINDOW,
                f"says {_shown(most)}, above its window of {_shown(window)}",
                _gap(most, window),
                instead=int(window),
            )
        into, out = said.numbers.get(_INPUT), said.numbers.get(_OUTPUT)
        if into and out and out * CHEAPER <= into and said.task != Task.MODERATION:  # a label is short
            why = f"says {_shown(out)}, less than a tenth of the {_shown(into)} for input"
            yield _contradiction(said, _OUTPUT, Kind.CHEAP_OUTPUT, why, _gap(into, out))


def _contradiction(said: Said, field: str, kind: Kind, why: str, gap: float, *, instead: int | None = None) -> Doubt:
    return Doubt(
        source=said.source,
        entry=said.entry,
        field=field,
        provider_id=said.provider_id,
        model_id=said.model_id,
        kind=kind,
        why=why,
        gap=gap,
        instead=instead,
    )


def said_by(source: str, entry: str, provider_id: str, model_id: str, facts: Mapping[str, object]) -> Said:
    """What an entry says in numbers."""
    numbers = {field: value for field, value in facts.items() if type(value) in (int, Decimal) and is_weighed(field)}
    ours, task = source.startswith(("curated", "provider:")), facts.get("task")
    told = str(task) if isinstance(task, str) else None
    return Said(source, entry, provider_id, model_id, cast("dict[str, Number]", numbers), ours, told)


def is_weighed(field: str) -> bool:
    """Whether numbers of this field are held against each other."""
    return field in LIMITS or field.removeprefix("price.") in BY_KEY


def _gap(one: Number, other: Number) -> float:
    return round(1 - float(min(one, other)) / float(max(one, other)), 6)


def _shown(value: Number) -> str:
    return f"{value:,f}" if isinstance(value, Decimal) and value != int(value) else f"{int(value):,}"
