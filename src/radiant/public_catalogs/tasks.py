"""Rules by task that all public catalogs share: narrower tasks, capabilities, and which prices apply."""

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Final

from radiant.claims.facts import Facts, Variant
from radiant.domain.vocabulary import Modality, Task

from .plans import leave_to_plan
from .vocabulary import BY_TOKENS, INPUT_CAPABILITIES

#: Models that judge what others read and write; catalogs list them as chat models.
_GUARDS: Final = re.compile(r"guard(rails?|ian)?([-_/.:0-9]|$)|moderation|shieldgemma|content-safety", re.IGNORECASE)

#: Chat models that search the web for every answer.
_SEARCHES: Final = re.compile(r"(^|[-/])sonar([-/]|$)|-search-(preview|api)", re.IGNORECASE)

#: Voices, which some catalogs list as chat models.
_SPEAKS: Final = re.compile(r"(^|[-_/.])tts([-_/.:]|$)", re.IGNORECASE)

_DEAREST: Final = "Other prices hold at certain hours; these are the dearest."


def plainer_task(task: Task | None, id: str) -> Task | None:
    """The task, or a narrower one where a catalog calls chat what judges content, speaks or searches the web."""
    if task is not Task.CHAT:
        return task
    if _GUARDS.search(id):
        return Task.MODERATION
    if _SPEAKS.search(id):
        return Task.AUDIO
    return Task.SEARCH if _SEARCHES.search(id) else task


def settle_prices(
    facts: Facts,
    tiers: Mapping[int, Mapping[str, Decimal]],
    task: Task | None,
    provider: str | None,
    sometimes: Iterable[Mapping[str, Decimal]] = (),
    *,
    tiers_by_hour: bool = False,
    variants: Iterable[Variant] = (),
) -> None:
    """Once all prices were read: keep the tiers and the dearest hours, drop what is nobody's price.

    `sometimes` are prices of certain hours, by meter; `tiers_by_hour` says that hours differ in `tiers`, and
    `variants` are prices of kinds of requests.
    """
    hours = facts.dearest(sometimes) or tiers_by_hour
    facts.tiers(tiers)
    if task in (Task.EMBEDDING, Task.RERANK):
        # Vectors and scores are no tokens.
        facts.drop("output_per_mtok", "batch_output_per_mtok", "reasoning_per_mtok")
    if leave_to_plan(facts, provider):
        return
    facts.without_filler(by_tokens=task is None or task in BY_TOKENS)
    facts.variants(variants)
    if hours:
        say_dearest(facts)


def say_dearest(facts: Facts) -> None:
    """Say that prices of cheaper hours were left out, on the model and in the report."""
    facts.known("price.note", _DEAREST)
    facts.refuse_alike("costs less at certain hours, which are left out; the dearest price is kept")


def capabilities_of_task(task: Task | None) -> Iterator[str]:
    """What every model of a task can do whose catalog calls it chat."""
    if task is Task.MODERATION:
        yield "content_moderation"
    elif task is Task.SEARCH:
        yield "web_search_api"


def capabilities_of_flow(task: Task | None, into: set[Modality], out: set[Modality]) -> Iterator[str]:
    """What a model can do because of its task, and one that answers because of what it takes and gives."""
    yield from capabilities_of_task(task)
    if task in (Task.CHAT, Task.SEARCH):
        yield from (capability for modality, capability in INPUT_CAPABILITIES.items() if modality in into)
        if Modality.AUDIO in out:
            yield "audio_output"
