"""The result of reading a public catalog: one claim per entry, and a refusal for each thing that could not be read."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import msgspec

from radiant.domain.errors import SourceUnreadable

#: Characters of an entry's key and of the id made of it that the table of facts and the registry have room for.
LONGEST_ENTRY = 600
LONGEST_MODEL_ID = 512

#: Decimals are USD in their meter's unit; the list of `price.tiers` holds one table per tier, its decimals as text.
FactValue = str | int | Decimal | bool | list[Any]


class Dated(msgspec.Struct, frozen=True):
    """The prices of an entry from the day `since` (ISO) on; without a day, always before the first that has one.

    `facts` are the `price.…` ones.
    """

    since: str | None
    facts: dict[str, FactValue]


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of a source, in our words.

    `entry` is the source's own key, unique in its reading. `provider_id` and `model_id` are ours, the model's as its
    provider writes it; `model_id` is None for an entry that names no single model. Two entries may name one model.

    `facts` has the keys of our catalog files (`display_name`, `task`, `context_window`, `price.input_per_mtok` …) and:

    - `max_input`: the most input tokens, where the source tells them apart from the window or tells only them
    - `deprecated`: true where the source says so without a date
    - `status`: `alpha` or `beta`, where the source says so
    - `successor`: the id of the model that takes its place, with `provider/` before it where another provider has it
    - `included_in_plan`: true where a subscription pays for it, so that no request has a price of its own
    - `region`: where this offering is served, if the entry is about one place
    - `variant`, `variant_of`: the entry is one way to buy the model `variant_of` (a size, a quality, a place, a term,
      who serves); `model_id` has the variant in it and is mostly no id to call
    - `alias_of`: the id is only another name of the model `alias_of`

    `date` is the source's own date for the entry, `dated` all its prices in their order, where the source says since
    when each holds: past, present and announced.
    """

    entry: str
    provider_id: str | None = None
    model_id: str | None = None
    facts: dict[str, FactValue] = {}
    date: str | None = None
    dated: tuple[Dated, ...] = ()


class Refusal(msgspec.Struct, frozen=True):
    """An entry or a fact of it that could not be read, and why."""

    entry: str
    problem: str

    def __str__(self) -> str:
        return f"{self.entry}: {self.problem}"


class Refusals(list[Refusal]):
    """Refusals while a source is read; a file of which next to nothing can be read is given up, not listed."""

    MOST = 20_000

    def __init__(self, source: str) -> None:
        super().__init__()
        self._source = source
        self._alike: dict[str, list[str]] = {}

    def alike(self, entry: str, problem: str) -> None:
        """What many entries have in common: `told_alike` says it once."""
        entries = self._alike.setdefault(problem, [])
        if entry not in entries[-1:]:
            entries.append(entry)

    def told_alike(self) -> None:
        """Refuse each problem that entries have alike with the first of them, and say how many more there are."""
        for problem, (first, *more) in self._alike.items():
            others = f" (and {len(more):,} more)" if more else ""
            self.append(Refusal(first, f"{problem}{others}"))
        self._alike.clear()

    def append(self, refusal: Refusal) -> None:
        """Raises SourceUnreadable when there are too many."""
        if len(self) >= self.MOST:
            raise SourceUnreadable(self._source, f"has more than {self.MOST:,} mistakes; the first: {self[0]}")
        super().append(refusal)


class PublicProvider(msgspec.Struct, frozen=True, kw_only=True):
    """What a source says of a provider, for providers that our catalog does not describe."""

    id: str
    display_name: str
    api_base_url: str | None = None
    docs_url: str | None = None
    key_variables: tuple[str, ...] = ()


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """All that one source says. `date` is its own newest date, where it has dates.

    `until` is the first day (ISO) on which the same document says something else; None where it does not change.
    """

    source: str
    claims: tuple[Claim, ...]
    refusals: tuple[Refusal, ...]
    providers: tuple[PublicProvider, ...] = ()
    date: str | None = None
    until: str | None = None

    @classmethod
    def of(
        cls, source: str, claims: list[Claim], refusals: Refusals, providers: Iterable[PublicProvider] = ()
    ) -> "Reading":
        """Put a reading together; of two claims with one name the first is kept.

        Raises SourceUnreadable if there is not one claim in it.
        """
        refusals.told_alike()
        named: dict[str, Claim] = {}
        for claim in claims:
            if len(claim.entry) > LONGEST_ENTRY or len(claim.model_id or "") > LONGEST_MODEL_ID:
                short = f"{claim.entry[:59]}…"
                refusals.append(Refusal(short, f"has a name of {len(claim.entry):,} characters; that is too long"))
            elif named.setdefault(claim.entry, claim) is not claim:
                refusals.append(Refusal(claim.entry, "is the name of two entries; the first was read"))
        if not named:
            why = f"; the first problem: {refusals[0]}" if refusals else ""
            raise SourceUnreadable(source, f"holds no model{why}")
        return cls(
            source=source,
            claims=tuple(named.values()),
            refusals=tuple(refusals),
            providers=tuple(providers),
            date=max((claim.date for claim in named.values() if claim.date), default=None),
        )
