"""What self-hosted models cost on their hardware, and from when on that is less than somebody else takes."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Final

import msgspec

from radiant.domain.comparable import ASSUMED
from radiant.domain.cost import Cost, OwnCost, OwnUnit, known, plain
from radiant.domain.errors import RadiantError, UsageInvalid
from radiant.domain.price_sheet import Book, RatingState
from radiant.pricing.books import Priced, of_book
from radiant.pricing.own_hardware import Hardware, UnitCost, break_even_per_day, capacity_per_day, own_prices
from radiant.registry import costs as rows
from radiant.registry.database import Database

from .costs import Costs

_MILLION: Final = 1_000_000
_HOUR: Final = 3_600  #: seconds

#: Input tokens for each output token, where nobody says: what models are compared by everywhere.
USUAL_INPUT: Final = Decimal(ASSUMED["input_tokens"]) / ASSUMED["output_tokens"]

#: So far back goes what was measured.
_MEASURED_FOR: Final = dt.timedelta(days=30)


class OwnCosts:
    """Asks `costs` what other models take."""

    def __init__(
        self, database: Database, costs: Costs, now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC)
    ) -> None:
        self._database, self._costs, self._now = database, costs, now

    async def of(
        self, model: str, hardware: Hardware, against: str | None = None, input_per_output: Decimal = USUAL_INPUT
    ) -> OwnCost:
        """What a self-hosted model costs on `hardware`, at the hourly rate of its instance where that is 0, and with
        the output tokens in a second that outcomes say where none are stated. It is held against what `against` takes
        for output tokens with so many input tokens for each; without one, against the cheapest external model of its
        task.

        Raises UsageInvalid for a model that is not self-hosted, where no rate is known and where `against` is not
        external, and the errors of `Costs.one`.
        """
        async with self._database.connection() as connection:
            found = (await self._costs.priced(connection, {(None, model)}))[None, model]
            if isinstance(found, RadiantError):
                raise found
            name = f"{found.provider_id}/{found.model_id}"
            if found.hosting != "self_hosted":
                raise UsageInvalid("model", f"is {name}, which somebody else hosts; expected a self-hosted model")
            measured = await rows.measured_speed(connection, found.model_id, self._now() - _MEASURED_FOR)
            compared = await rows.cheapest_like(connection, found.model_id, input_per_output) if not against else None
        hardware = _complete(name, found, hardware, self._now())
        stated = hardware.tokens_per_second is not None
        if not stated and measured is not None:
            hardware = msgspec.structs.replace(hardware, tokens_per_second=measured)
        elsewhere = None
        if (other := against or compared) is not None:
            elsewhere = await self._elsewhere(other, input_per_output)
        return _told(name, hardware, elsewhere, input_per_output, measured=not stated and measured is not None)

    async def _elsewhere(self, model: str, input_per_output: Decimal) -> Cost:
        """What a million output tokens cost with the input that comes with them."""
        usage = {"input_tokens": round(_MILLION * input_per_output), "output_tokens": _MILLION}
        found = await self._costs.one({"model": model, "usage": usage})
        if found.provider == "self_hosted":
            raise UsageInvalid("against", f"is {found.provider}/{found.model}; expected a model that others host")
        return found


def _complete(name: str, found: Priced, hardware: Hardware, now: dt.datetime) -> Hardware:
    if hardware.hourly:
        return hardware
    ours = of_book(found.prices, Book.PURCHASE, None).plan(now, {}).prices
    if "instance_seconds" not in ours:
        raise UsageInvalid("The hourly rate", f"is not known of {name}; state it")
    price, _ = ours["instance_seconds"]
    return msgspec.structs.replace(hardware, hourly=price.amount * _HOUR / price.per)


def _told(
    name: str, hardware: Hardware, elsewhere: Cost | None, input_per_output: Decimal, *, measured: bool
) -> OwnCost:
    prices, speed = own_prices(hardware), hardware.tokens_per_second
    usd = None if elsewhere is None or elsewhere.state is not RatingState.PRICED else elsewhere.usd
    return OwnCost(
        model=name,
        hourly=plain(hardware.hourly),
        instances=hardware.instances,
        utilization=plain(hardware.utilization),
        tokens_per_second=known(speed),
        measured=measured,
        per_million_tokens=_unit(prices.per_million_tokens),
        per_image=_unit(prices.per_image),
        per_audio_minute=_unit(prices.per_audio_minute),
        input_per_output=plain(input_per_output),
        against=None if elsewhere is None else f"{elsewhere.provider}/{elsewhere.model}",
        against_per_million=usd,
        break_even_tokens_per_day=None if usd is None else break_even_per_day(hardware, Decimal(usd), _MILLION),
        capacity_tokens_per_day=None if speed is None else capacity_per_day(hardware, speed),
    )


def _unit(cost: UnitCost | None) -> OwnUnit | None:
    return None if cost is None else OwnUnit(used=plain(cost.used), reserved=plain(cost.reserved))
