"""Markups as people see and set them: what is added to a price for tenants, for whom, since when, and why."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from .cost import TenantName
from .errors import RadiantError
from .prices import Moment, Reason

#: At how many decimals a markup ends: 0.4025 is 40.25 %.
RATE_PLACES: Final = 4

_Text = Annotated[str, Meta(min_length=1, max_length=600)]


class MarkupTerms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A markup that somebody sets: `rate` 0.4 makes 1.4 of 1, and a request costs at least `minimum_charge` USD.

    For a `tenant`, or for all; for a `model` (any name of one, or provider/model), a `provider`, a `hosting` (external
    or self_hosted), or for everything. It holds from `since`, now where it is left out, until just before `until`.
    """

    rate: Decimal
    reason: Reason
    tenant: TenantName | None = None
    model: _Text | None = None
    provider: _Text | None = None
    hosting: str | None = None
    minimum_charge: Decimal | None = None
    since: Moment | None = None
    until: Moment | None = None


class MarkupRow(msgspec.Struct, frozen=True, kw_only=True):
    """A markup as the registry has it. `usual` is what counts where nobody set one; an open side of its time is None.

    `known_to` is when it was replaced or ended, None while it is believed; `ended_by` and `ended_because` say by whom,
    and why.
    """

    id: int
    tenant: str | None
    hosting: str | None
    provider: str | None
    model: str | None
    rate: str
    minimum_charge: str | None
    usual: bool
    valid_from: dt.datetime | None
    valid_to: dt.datetime | None
    known_from: dt.datetime
    known_to: dt.datetime | None
    reason: str | None
    set_by: str
    ended_by: str | None
    ended_because: str | None

    @property
    def whom(self) -> str:
        """For whom and what, in words."""
        what = (self.model and f"{self.provider}/{self.model}") or self.provider or self.hosting
        return ", ".join(it for it in (self.tenant and f"tenant {self.tenant}", what) if it) or "everything"


class MarkupNotFound(RadiantError):
    """There is no markup of that number that could end. `known` are those that could."""

    def __init__(self, id: int, known: tuple[int, ...] = ()) -> None:
        self.id, self.known = id, known
        super().__init__(f"No markup {id} that somebody set goes on.")
