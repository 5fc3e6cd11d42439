"""Which of a model's sheets hold at a moment and under a context, meter by meter."""

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final

from radiant.domain.currency import USD
from radiant.domain.price_sheet import Context, Price, Sheet

from .clock import Hours, hours_of, next_change
from .conditions import unmatched
from .plan import Plan
from .speaking import audible, speaking

_PLANS: Final = 256


class Timeline:
    """Sheets of one model. Raises UsageInvalid for a clock that cannot be read."""

    __slots__ = ("_clocks", "_plans", "bounds", "clocked", "sheets")

    def __init__(self, sheets: Sequence[Sheet]) -> None:
        self.sheets = tuple(sheet for sheet in sheets if sheet.currency == USD)
        ends = {moment for sheet in self.sheets for moment in (sheet.valid_from, sheet.valid_to) if moment is not None}
        #: The moments at which another sheet begins to hold.
        self.bounds = sorted(ends)
        self._clocks = {id(sheet): [hours_of(clock) for clock in sheet.clocks] for sheet in self.sheets}
        self.clocked = any(self._clocks.values())
        self._plans: dict[tuple[object, ...], Plan] = {}

    def plan(self, at: dt.datetime, context: Context) -> Plan:
        """What is charged for at `at` under `context`."""
        segment = bisect_right(self.bounds, at)
        ticking = self._ticking(at) if self.clocked else ()
        key = (segment, ticking, *sorted(context.items())) if context else (segment, ticking)
        return self._plans.get(key) or self._new(key, at, context, frozenset(ticking))

    def until(self, at: dt.datetime) -> dt.datetime | None:
        """The moment at which prices may be others than at `at`."""
        segment = bisect_right(self.bounds, at)
        found = self.bounds[segment] if segment < len(self.bounds) else None
        if not self.clocked:
            return found
        now = [clock for sheet in self._in_force(at) for clock in self._clocks[id(sheet)]]
        turn = next_change(now, at)
        return turn if found is None or (turn is not None and turn < found) else found

    def ahead(self, at: dt.datetime) -> list[dt.datetime]:
        """The moments after `at` at which another sheet begins to hold."""
        return self.bounds[bisect_right(self.bounds, at) :]

    def _in_force(self, at: dt.datetime) -> list[Sheet]:
        return audible([sheet for sheet in self.sheets if sheet.holds(at)])

    def _ticking(self, at: dt.datetime) -> tuple[tuple[int, str], ...]:
        """The clocks whose hours are now, with their sheets."""
        return tuple(
            (id(sheet), clock.name)
            for sheet in self._in_force(at)
            for clock in self._clocks[id(sheet)]
            if clock.holds(at)
        )

    def _new(
        self, key: tuple[object, ...], at: dt.datetime, context: Context, ticking: frozenset[tuple[int, str]]
    ) -> Plan:
        prices: dict[str, tuple[Price, Sheet]] = {}
        minimum: tuple[Decimal, Sheet] | None = None
        told = speaking(self._in_force(at), context)
        for sheet in told:
            clocks: list[Hours] = [clock for clock in self._clocks[id(sheet)] if (id(sheet), clock.name) in ticking]
            for price in _at_this_hour(sheet, [clock.name for clock in clocks]):
                prices.setdefault(price.meter, (price, sheet))
            if minimum is None and sheet.minimum is not None:
                minimum = sheet.minimum, sheet
        if len(self._plans) >= _PLANS:
            self._plans.clear()
        met = {name for sheet in told for name in sheet.context}
        plan = self._plans[key] = Plan(prices, minimum, unmatched(context, met))
        return plan


def _at_this_hour(sheet: Sheet, ticking: Sequence[str]) -> Iterable[Price]:
    """The sheet's prices, those of a clock that holds first."""
    yield from (price for name in ticking for price in sheet.prices if price.clock == name)
    yield from (price for price in sheet.prices if price.clock is None)
