"""What follows from the task of an entry, whichever catalog it stands in."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from radiant.claims.facts import Facts
from radiant.domain.vocabulary import Modality, Task

from .vocabulary import BY_TOKENS, INPUT_CAPABILITIES


def settle_prices(facts: Facts, tiers: Mapping[int, Mapping[str, Decimal]], task: Task | None) -> None:
    """Once all prices were read: keep the tiers, and drop the zeros that say nothing."""
    facts.tiers(tiers)
    if task is Task.EMBEDDING:
        # Vectors are not billed; the zero only fills a form.
        facts.drop_zero("output_per_mtok", "batch_output_per_mtok")
    facts.without_filler(by_tokens=task is None or task in BY_TOKENS)


def capabilities_of_flow(task: Task | None, into: set[Modality], out: set[Modality]) -> Iterator[str]:
    """What a chat model can do because of what it takes and gives."""
    if task is Task.CHAT:
        yield from (capability for modality, capability in INPUT_CAPABILITIES.items() if modality in into)
        if Modality.AUDIO in out:
            yield "audio_output"
