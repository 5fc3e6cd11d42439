"""Which model a server means by a name: Ollama's tags, repositories of weights, files. Pure."""

import re
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from .folding import folded
from .known import M, Named, names_of

#: How weights are packed, which does not make another model of them: `-q4_k_m`, `-awq`, `.gguf`, `-fp16`.
_PACKING: Final = re.compile(
    r"([-:](i?q\d+(-[k01xslm]+)*|gguf|awq|gptq|exl2|mlx|[bf]{1,2}16|fp8|int8|int4|[48]-?bit))+\Z", re.IGNORECASE
)
#: Tags that say which build it is, not which model.
_TAGS: Final = re.compile(r"-(latest|main)\Z")
_TUNED: Final = re.compile(r"-(instruct|chat|it)(?=-|\Z)")
#: `llama3.3` is `llama-3.3`.
_NUMBERED: Final = re.compile(r"(?<=[a-z])(?=\d)")
#: What we create is called `radiant-` and the model, with a digest where the model's name could not be taken as it is.
_OURS: Final = re.compile(r"\Aradiant-(.+?)(-[0-9a-f]{6})?\Z")


class Match(NamedTuple):
    """The model that is meant and by what, or None and why none is."""

    model_id: str | None
    why: str


def served_as(name: str, models: Sequence[M]) -> Match:
    """The one of `models` that a server calls `name`: by exactly that name, the same but for case and separators, the
    same without how its weights are packed, or the only one whose name begins so."""
    forms = [(name, "it is called so here"), (folded(name), "its name is the same but for case and separators")]
    short = _short(name)
    forms.append((short, f"without owner, packing and tag both are called {short!r:.100}"))
    for place, (form, why) in enumerate(forms):
        found = {it.model_id for it in models if form in _forms(it, place)}
        if len(found) == 1:
            return Match(found.pop(), why)
        if found:
            return _several(found)
    begun = {it.model_id for it in models if any(known.startswith(f"{short}-") for known in _forms(it, 2))}
    if len(begun) == 1:
        return Match(begun.pop(), f"it is the only model here whose name begins with {short!r:.100}")
    return _several(begun) if begun else Match(None, "no model here is called so")


def _several(found: Iterable[str]) -> Match:
    names = sorted(found)
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return Match(None, f"it may be {' or '.join(names[:3])}{more}")


def _forms(model: Named, place: int) -> set[str]:
    """The names of a model: as they are, folded, or short."""
    names = names_of(model)
    if place == 0:
        return set(names)
    return {folded(it) for it in names} if place == 1 else {_short(it) for it in names}


def _short(name: str) -> str:
    """The folded name of the model alone: no owner, no folder, no packing, no tag, no sign of tuning, nor
    what we put before it where we create what serves it."""
    form = _OURS.sub(r"\1", folded(name.rstrip("/").rpartition("/")[2]))
    form = _PACKING.sub("", _TAGS.sub("", form))
    return _NUMBERED.sub("-", _TUNED.sub("", form))
