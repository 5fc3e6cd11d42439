"""Which spellings are one: case, the separators of versions, stamps of dates; and which known word is nearest."""

import re
from collections.abc import Collection, Iterable
from difflib import SequenceMatcher
from typing import Final, NamedTuple

_SEPARATORS: Final = str.maketrans(dict.fromkeys("._:@ ", "-"))
_NO_SEPARATORS: Final = str.maketrans(dict.fromkeys("._:@ -/"))

#: `-20251001` and `-2025-10-01`, and both with the sign of Vertex AI, which is folded before.
_STAMP: Final = re.compile(r"-(20\d\d)-?(0[1-9]|1[0-2])-?(0[1-9]|[12]\d|3[01])\Z")

#: From here on, of 1, two words are alike.
ALIKE: Final = 0.6

#: And what is less alike than the nearest by this much is no suggestion.
NO_LESS: Final = 0.1

#: So many are suggested.
NEAREST: Final = 3


class Stamped(NamedTuple):
    """A folded name without its date, and the date: eight digits, or None."""

    stem: str
    date: str | None


def folded(name: str) -> str:
    """In lower case, with dashes for every other separator but the slash."""
    return name.casefold().translate(_SEPARATORS)


def squeezed(word: str) -> str:
    """In lower case and without any separator: for words that are few."""
    return word.casefold().translate(_NO_SEPARATORS)


def unstamped(name: str) -> Stamped:
    """A folded name, and the date that it ends with."""
    stamp = _STAMP.search(name)
    return Stamped(name[: stamp.start()], "".join(stamp.groups())) if stamp else Stamped(name, None)


def nearest(word: str, known: Iterable[str], most: int = NEAREST) -> tuple[str, ...]:
    """The words of `known` that are most like `word`, the most alike first; none where none is alike."""
    return ranked(folded(word), ((folded(each), each) for each in known), most)


def ranked(word: str, known: Iterable[tuple[str, str]], most: int = NEAREST) -> tuple[str, ...]:
    """The same for what is folded already: pairs of a folded word and what is shown for it."""
    as_written, by_parts = SequenceMatcher(autojunk=False), SequenceMatcher(autojunk=False)
    as_written.set_seq2(word)
    by_parts.set_seq2(parts(word))
    found = []
    for form, shown in known:
        as_written.set_seq1(form)
        by_parts.set_seq1(parts(form))
        ratio = max(_ratio(as_written), _ratio(by_parts))
        if ratio >= ALIKE:
            found.append((-ratio, shown))
    found.sort()
    return tuple(shown for ratio, shown in found[:most] if ratio <= found[0][0] + NO_LESS)


def parts(form: str) -> str:
    """The parts of a folded name in an order of their own: `claude-5-5-haiku` is `claude-haiku-5-5`."""
    return "-".join(sorted(form.replace("/", "-").split("-")))


def _ratio(matcher: SequenceMatcher[str]) -> float:
    quick = matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE
    return matcher.ratio() if quick else 0.0


def the_one(word: str, known: Collection[str]) -> str | None:
    """The one word of `known` that is `word` but for case and separators; None for none and for several."""
    if word in known:
        return word
    form = squeezed(word)
    same = [each for each in known if squeezed(each) == form]
    return same[0] if len(same) == 1 else None
