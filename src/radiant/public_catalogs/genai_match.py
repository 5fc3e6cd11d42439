"""Which ids an entry of genai-prices is about, by its `match`.

A match is one clause: `equals`, `starts_with`, `ends_with`, `contains`, `regex` with a text, `or`, `and` with clauses.
Only ids that are written out are taken; a regular expression from outside is never run.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from radiant.claims.entries import problem_with_id

from .identity import without_geography

_DEEPEST: Final = 8

#: Providers whose ids are all lower case, whatever the spelling in the entry.
_LOWER: Final = frozenset({"zai", "zhipu"})

#: How Amazon's ids begin: a vendor's name and a dot.
_VENDOR: Final = re.compile(r"[a-z][a-z0-9]*\.")

_REGIONAL: Final = "regional."

#: Amazon's ids of Claude have a version only behind a date; one without a date was made up to have a version.
_MADE_UP: Final = re.compile(r"(?!.*-\d{8}-).*anthropic\.claude-(opus|sonnet|haiku|fable|mythos)-.*-v\d:\d\Z")


def named_ids(provider: str | None, id: str, match: Any) -> list[str]:
    """The ids that the entry `id` of our `provider` is about, the model's own first; none where none is written out."""
    equals = [text for kind, text in _texts(match, 0) if kind == "equals"]
    if provider == "bedrock":
        whole = [text for kind, text in _texts(match, 0) if kind in ("equals", "ends_with") and "/" not in text]
        candidates = [*_amazon_ids(id, match), *(text for text in whole if _VENDOR.match(without_geography(text)))]
        candidates = [text for text in candidates if not _MADE_UP.match(text)]
    elif provider == "fireworks":
        candidates = [text for text in equals if text.startswith("accounts/")]
    else:
        own = [id] if matches(match, id) else []
        candidates = [*own, *(text for text in equals if ("/" in text) == ("/" in id))]
    if provider not in ("openrouter", "huggingface"):
        candidates = [text for text in candidates if not text.endswith(":free")]
    return _distinct(candidates, lower=provider in _LOWER)


def matches(match: Any, id: str, depth: int = 0) -> bool:
    """Whether the clause says that it is about `id`. A regular expression does if `id` is written in it."""
    if depth > _DEEPEST or not isinstance(match, Mapping) or len(match) != 1:
        return False
    ((kind, value),) = match.items()
    text, id = value.lower() if isinstance(value, str) else "", id.lower()
    match kind:
        case "equals":
            return id == text
        case "starts_with":
            return bool(text) and id.startswith(text)
        case "ends_with":
            return bool(text) and id.endswith(text)
        case "contains":
            return bool(text) and text in id
        case "regex":
            return id in text.replace("\\", "")
        case "or" if isinstance(value, list):
            return any(matches(clause, id, depth + 1) for clause in value)
        case "and" if isinstance(value, list):
            # Beside another clause a regular expression only narrows it.
            plain = [clause for clause in value if not (isinstance(clause, Mapping) and "regex" in clause)]
            return bool(plain) and all(matches(clause, id, depth + 1) for clause in plain)
        case _:
            return False


def _texts(match: Any, depth: int) -> Iterator[tuple[str, str]]:
    """Each clause that is enough by itself, as (kind, text)."""
    if depth > _DEEPEST or not isinstance(match, Mapping):
        return
    for kind, value in match.items():
        if kind == "or" and isinstance(value, list):
            for clause in value:
                yield from _texts(clause, depth + 1)
        elif isinstance(value, str) and problem_with_id(value) is None:
            yield kind, value


def _amazon_ids(id: str, match: Any) -> Iterator[str]:
    """Amazon's own ids: the entry's, or for `regional.…` each geography's that the clauses name in full."""
    if not id.startswith(_REGIONAL):
        if matches(match, id):
            yield id
        return
    rest = id.removeprefix(_REGIONAL)
    for _, text in _texts(match, 0):
        if without_geography(text) == rest:
            yield text


def _distinct(ids: list[str], *, lower: bool) -> list[str]:
    """Of ids that differ only in case, the one with capitals."""
    best: dict[str, str] = {}
    for id in ids:
        key = id.lower()
        if lower:
            best[key] = key
        elif key not in best or best[key] == key:
            best[key] = id
    return list(best.values())
