"""A price over time as lines of a terminal: one bar for each sheet, as long as the price is high."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from radiant.domain.meter import METERS
from radiant.domain.prices import PriceSheet

_LONGEST: Final = 40
_SIGN: Final = "█"


def chart(sheets: Sequence[PriceSheet]) -> Iterator[str]:
    """One line for each sheet without a context that prices the meter that most of them price."""
    plain = [it for it in sheets if not it.context and it.tenant is None and it.rank == 0 and it.lines[0].usd]
    meters = [line.meter for it in plain for line in it.lines if line.above is None]
    if len(plain) < 2 or not meters:
        return
    meter = max(sorted(set(meters), key=list(METERS).index), key=meters.count)
    points = [
        (it.valid_from, Decimal(line.usd or 0) / line.per, line)
        for it in plain
        for line in it.lines
        if line.meter == meter and line.above is None and line.clock is None
    ]
    most = max((amount for _, amount, _ in points), default=Decimal(0))
    yield meter
    for since, amount, line in points:
        bar = _SIGN * (round(_LONGEST * amount / most) if most else 0)
        begins = "always    " if since is None else f"{since:%Y-%m-%d}"
        yield f"{begins} {bar or '·'} {line.usd}"
