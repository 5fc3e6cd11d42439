"""Collects the facts of one entry; a value that fails its check is refused with a sentence, the others are kept."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from radiant.domain.currency import PRICE, USD
from radiant.domain.units import BY_KEY
from radiant.domain.vocabulary import Modality

from .entries import is_day, number, repeats, shorten, shown, whole
from .prices import plain, problem_with_price, times, usd
from .reading import Claim, FactValue, Refusal, Refusals

LONGEST_NAME: Final = 200

#: No window, output or vector is larger than this.
LARGEST_COUNT: Final = 1_000_000_000

#: Fees that some requests pay beside what they are billed by.
_ON_TOP: Final = frozenset(listed.fact for listed in BY_KEY.values() if listed.on_top)


#: Under which keys an entry may name the currency of its prices.
_CURRENCY: Final = frozenset({"currency", "currency_code", "price_currency", "pricing_currency"})

#: The conditions of a kind of requests, its prices, and those of long requests among them.
Variant = tuple[Mapping[str, str], Mapping[str, Decimal], Mapping[int, Mapping[str, Decimal]]]


class Facts:
    """The facts of one entry while they are gathered. `refused` is shared by all entries of a reading."""

    __slots__ = ("_refused", "entry", "values")

    def __init__(self, entry: str, refused: Refusals) -> None:
        self.entry = entry
        self.values: dict[str, FactValue] = {}
        self._refused = refused

    def refuse(self, problem: str) -> None:
        self._refused.append(Refusal(self.entry, problem))

    def refuse_alike(self, problem: str) -> None:
        """What stands in many entries alike is told once, with the number of them."""
        self._refused.alike(self.entry, problem)

    def known(self, key: str, value: FactValue | None) -> None:
        """A fact that needs no check; None is no fact."""
        if value is not None:
            self.values[key] = value

    def claim(self, provider: str | None, model: str | None, *, date: str | None = None) -> Claim | None:
        """What was gathered; an entry without any fact is refused."""
        if not self.values:
            self.refuse("says nothing that we keep")
            return None
        return Claim(entry=self.entry, provider_id=provider, model_id=model, facts=self.values, date=date)

    def text(self, key: str, raw: Any, *, of: str) -> None:
        """A name for people, its white space evened out. `of` is the source's name of the fact."""
        if raw is None:
            return
        if type(raw) is not str:
            self.refuse(f"`{of}` is {shown(raw)}; expected text")
            return
        name = " ".join(raw.split())
        if not name:
            return
        if len(name) > LONGEST_NAME or not name.isprintable():
            self.refuse(f"`{of}` is {shown(raw)}; expected at most {LONGEST_NAME} printable characters")
            return
        self.values[key] = name

    def count(self, key: str, raw: Any, *, of: str) -> None:
        """A positive whole number. 0 is how catalogs write unknown: no fact."""
        said = whole(raw)
        if raw is None or said == 0:
            return
        if said is None or not 0 < said <= LARGEST_COUNT:
            self.refuse(f"`{of}` is {shown(raw)}; expected a whole number from 1 to {LARGEST_COUNT:,}")
            return
        self.values[key] = said

    def day(self, key: str, raw: Any, *, of: str) -> None:
        """A date as YYYY-MM-DD; a month alone is no date and no mistake."""
        if raw is None or raw == "" or (type(raw) is str and re.fullmatch(r"\d{4}(-\d{2})?", raw)):
            return
        if not is_day(raw):
            self.refuse(f"`{of}` is {shown(raw)}; expected a date, YYYY-MM-DD")
            return
        self.values[key] = raw

    def price(self, meter: str, raw: Any, *, of: str, per: int = 1) -> None:
        """`raw` USD for `per` tokens, images, seconds …: whatever the meter counts. `meter` is a key of `Price`."""
        amount = self.amount(meter, raw, of=of, per=per)
        if amount is not None:
            self.values[f"price.{meter}"] = amount

    def amount(self, meter: str, raw: Any, *, of: str, per: int = 1) -> Decimal | None:
        """The same, given back instead of kept; None where it is absent or was refused."""
        if raw is None:
            return None
        said = number(raw)
        if said is None:
            self.refuse(f"`{of}` is {shown(raw)}; expected a number")
            return None
        value = usd(said, times(meter, per))
        if problem := problem_with_price(meter, value):
            self.refuse(f"`{of}` is {shown(said)}: {problem}")
            return None
        return value

    def modalities(self, raw: Any, names: Mapping[str, Modality], *, of: str) -> set[Modality]:
        """A list of the source's names, as ours."""
        found: set[Modality] = set()
        for name in self.names(raw, of=of):
            if name in names:
                found.add(names[name])
            else:
                self.refuse(f"`{of}` holds {shown(name)}, which is no modality we know")
        return found

    def flow(self, into: Iterable[Modality], out: Iterable[Modality]) -> None:
        """What goes in and comes out; an empty side is unknown."""
        for key, modalities in (("input_modalities", set(into)), ("output_modalities", set(out))):
            if modalities:
                self.values[key] = [modality.value for modality in Modality if modality in modalities]

    def names(self, raw: Any, *, of: str) -> Iterator[str]:
        """The texts of a list; anything else in it is refused."""
        if raw is None:
            return
        if not isinstance(raw, list):
            self.refuse(f"`{of}` is {shown(raw)}; expected a list")
            return
        for item in raw:
            if type(item) is str:
                yield item
            else:
                self.refuse(f"`{of}` holds {shown(item)}; expected text")

    def table(self, raw: Any, *, of: str) -> Mapping[str, Any]:
        """An object inside the entry; empty where there is none. Keys that contradict themselves are refused."""
        if raw is None:
            return {}
        if not isinstance(raw, dict):
            self.refuse(f"`{of}` is {shown(raw)}; expected an object")
            return {}
        self.repeats(raw, of=f"{of}.")
        return raw

    def tables(self, raw: Any, *, of: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """The objects of a list, each after its place, `of[0]` and so on; none where there is no list."""
        if raw is not None and not isinstance(raw, list):
            self.refuse(f"`{of}` is {shown(raw)}; expected a list")
            return
        for place, item in enumerate(raw or ()):
            where = f"{of}[{place}]"
            yield where, self.table(item, of=where)

    def unread(self, of: str, raw: Mapping[str, Any], read: Collection[str]) -> None:
        """Say which prices of an object are left out, once for all entries; a zero is no loss."""
        for key in sorted(raw.keys() - read):
            if raw[key] and number(raw[key]) != 0:
                self.refuse_alike(f"`{of}.{shorten(key)}` is no price we know how to charge; it is not in the costs")

    def repeats(self, raw: Mapping[str, Any], *, of: str = "") -> None:
        """Say which keys of `raw` stand more than once."""
        for key, problem in repeats(raw):
            self.refuse(f"`{of}{shorten(key)}` {problem}")

    def tiers(self, tiers: Mapping[int, Mapping[str, Decimal]]) -> None:
        """Prices above so many input tokens, smallest threshold first; a tier like the base price is none."""
        kept = [
            {"above_input_tokens": above, **{meter: plain(amount) for meter, amount in sorted(meters.items())}}
            for above, meters in sorted(tiers.items())
            if any(amount != self.values.get(f"price.{meter}") for meter, amount in meters.items())
        ]
        if kept:
            self.values["price.tiers"] = kept

    def variants(self, found: Iterable[Variant]) -> None:
        """Prices of kinds of requests, beside those of all others, which were read before. What has no price otherwise,
        and what costs the same, is none of a variant; a zero is none where the price is not."""
        kept = []
        for when, amounts, tiers in found:
            said = {
                key: amount
                for key, amount in amounts.items()
                if (usual := self.values.get(f"price.{key}")) is not None and (amount or not usual)
            }
            bands = [
                {"above_input_tokens": above, **{key: plain(it) for key, it in sorted(band.items()) if key in said}}
                for above, band in sorted(tiers.items())
                if band.keys() & said.keys()
            ]
            if bands or any(amount != self.values[f"price.{key}"] for key, amount in said.items()):
                words = {key: plain(amount) for key, amount in sorted(said.items())}
                kept.append({"when": dict(sorted(when.items())), **words, **({"tiers": bands} if bands else {})})
        if kept:
            self.values["price.variants"] = sorted(kept, key=lambda it: sorted(it["when"].items()))

    def drop_zero(self, *meters: str) -> None:
        """Forget prices of zero."""
        for meter in meters:
            if self.values.get(f"price.{meter}") == 0:
                del self.values[f"price.{meter}"]

    def drop(self, *meters: str) -> None:
        """Forget prices, those of tiers as well."""
        for meter in meters:
            self.values.pop(f"price.{meter}", None)
        tiers = self.values.pop("price.tiers", None)
        if isinstance(tiers, list):
            kept = [{key: value for key, value in tier.items() if key not in meters} for tier in tiers]
            self.known("price.tiers", [tier for tier in kept if len(tier) > 1] or None)

    def dearest(self, sometimes: Iterable[Mapping[str, Decimal]]) -> bool:
        """Where other prices hold at certain times, the highest of them all is the price, so that none is too low.

        Says whether any of them differed.
        """
        differed = False
        for prices in sometimes:
            for meter, amount in prices.items():
                said = self.values.get(f"price.{meter}")
                differed = differed or said != amount
                if not isinstance(said, Decimal) or said < amount:
                    self.values[f"price.{meter}"] = amount
        return differed

    def only_usd(self, raw: Any) -> None:
        """Leave all prices out where the entry, or a table of it, says that they are in another currency."""
        for name in _currencies(raw):
            if type(name) is not str or name.strip().upper() != USD:
                for key in [key for key in self.values if key.startswith(PRICE)]:
                    del self.values[key]
                self.refuse(
                    f"states prices in {shown(name)}; none of them is taken for US dollars, and all are left out"
                )
                return

    def prices(self) -> dict[str, FactValue]:
        """Every price there is but tiers, by its fact."""
        return {key: value for key, value in self.values.items() if key.removeprefix("price.") in BY_KEY}

    def without_filler(self, *, by_tokens: bool) -> None:
        """Drop prices of zero that only fill a form.

        Zero is free where tokens are what is billed and at the most a fee on top. A zero in any other unit, or for
        tokens where something else is billed, says nothing. `by_tokens`: whether models of this task are billed by
        tokens.
        """
        prices = self.prices()
        counted = {key for key in prices if BY_KEY[key.removeprefix("price.")].tokens}
        other = any(amount for key, amount in prices.items() if key not in counted | _ON_TOP)
        billed = any(prices[key] for key in counted) or (by_tokens and not other)
        for key, amount in prices.items():
            if not amount and not (billed and key in counted):
                del self.values[key]


def _currencies(raw: Any, deeper: int = 4) -> Iterator[Any]:
    """What stands under the name of a currency, in an object and the tables within it."""
    if isinstance(raw, Mapping):
        yield from (raw[key] for key in sorted(_CURRENCY & raw.keys()) if raw[key] is not None)
    inside = raw.values() if isinstance(raw, Mapping) else raw if isinstance(raw, list) else ()
    for value in inside if deeper else ():
        if isinstance(value, Mapping | list):
            yield from _currencies(value, deeper - 1)
