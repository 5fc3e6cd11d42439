"""Whether each fact has its source, or is named as unknown."""

import re
from collections.abc import Iterator

import msgspec

from radiant.domain.external import ExternalModel, Price
from radiant.domain.license import Rights
from radiant.domain.self_hosted import SelfHostedModel, Source
from radiant.domain.vocabulary import CommercialUse

from .fields import facts_of, is_ours, references_of

Problem = tuple[str | None, str]

_URL = re.compile(r"^https?://[^\s/]+\.[^\s]+$")

#: A released package that ships the fact, as a package URL: `pkg:pypi/litellm@1.106.2`.
_PACKAGE = re.compile(r"^pkg:[a-z]+/[^\s@]+@[^\s]+$")


def unsourced(model: SelfHostedModel | ExternalModel) -> Iterator[Problem]:
    """Facts that no source of the file supports."""
    said = facts_of(model)
    read = references_of(model.sources, said)
    for field in said:
        if field not in read and not is_ours(field):
            yield field, "no source supports it; name it in the `fields` of one"


def source_problems(sources: tuple[Source, ...]) -> Iterator[Problem]:
    """Sources that are none, or support nothing."""
    if not sources:
        yield "sources", "a fact without a source is a guess"
    for number, source in enumerate(sources):
        if not _PACKAGE.match(source.url):
            yield from url_problems(f"sources[{number}].url", source.url)
        if re.match("second[- ]hand", source.note or "", re.IGNORECASE) and not source.second_hand:
            yield f"sources[{number}].note", "says that it is second-hand; write `second_hand = true`"
        if not source.fields:
            yield f"sources[{number}].fields", "name the facts this source supports"


def unknown_problems(model: SelfHostedModel | ExternalModel) -> Iterator[Problem]:
    """Keys in `unknown` that the file has after all, or cannot have."""
    for field in model.unknown:
        parent: object = model
        *path, last = field.split(".")
        for step in path:
            parent = getattr(parent, step, None)
        keys = _keys(parent) if isinstance(parent, msgspec.Struct) else {}
        if last not in keys:
            yield "unknown", f"{field} is no key of this file"
        elif _says_something(getattr(parent, keys[last])):
            yield "unknown", f"{field} is named unknown, but the file has it"


def _keys(struct: msgspec.Struct) -> dict[str, str]:
    """The keys of a file, each with the field that holds it."""
    return dict(zip(struct.__struct_encode_fields__, struct.__struct_fields__, strict=True))


def _says_something(value: object) -> bool:
    """A price with nothing but a note, or rights that are unknown, leave the question open."""
    if isinstance(value, Price):
        return value != Price(note=value.note)
    if isinstance(value, Rights):
        return value.commercial_use is not CommercialUse.UNKNOWN
    return value not in (None, (), {})


def url_problems(key: str, url: str | None) -> Iterator[Problem]:
    """An address that no browser opens."""
    if url is not None and not _URL.match(url):
        yield key, f"{url!r} is no http(s) address"
