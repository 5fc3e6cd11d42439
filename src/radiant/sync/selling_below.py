"""Tells where models are sold below what they cost us, once prices or terms changed."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

import msgspec

from radiant.domain.cost import plain
from radiant.domain.price_sheet import Sheet
from radiant.pricing.joined import joined
from radiant.pricing.margin import BelowCost, below_cost
from radiant.pricing.row_sheets import sheets_of
from radiant.pricing.sale import Markup, Scope, with_column
from radiant.registry import costs, markups, prices
from radiant.registry.database import Connection
from radiant.registry.events import News

#: By model and tenant, None for all without terms of their own.
Losses = Mapping[tuple[prices.Key, str | None], list[BelowCost]]


async def losses(
    connection: Connection, keys: Collection[prices.Key], at: dt.datetime, tenants: Sequence[str | None] | None = None
) -> Losses:
    """What of these models is sold below its cost at `at`: to whom of `tenants`, or of all there are terms of."""
    if not keys:
        return {}
    sheets: dict[prices.Key, list[Sheet]] = defaultdict(list)
    for _, sheet in await prices.sheets(connection, keys):
        sheets[sheet.provider_id, sheet.model_id].append(sheet)
    standing = await markups.believed(connection)
    rows = await costs.price_rows(connection, keys)
    found: dict[tuple[prices.Key, str | None], list[BelowCost]] = {}
    for key in sorted(keys):
        hosting = rows[key].hosting if key in rows else "external"
        model = Scope(hosting=hosting, provider_id=key[0], model_id=key[1])
        count = with_column(standing, model, rows[key].markup if key in rows else None)
        there = joined(sheets[key], sheets_of(rows[key])) if key in rows else sheets[key]
        for tenant in _tenants(there, count) if tenants is None else tenants:
            below = below_cost(there, count, msgspec.structs.replace(model, tenant_id=tenant), at)
            if below:
                found[key, tenant] = below
    return found


def news(found: Losses) -> list[News]:
    """One event for each model and tenant."""
    return [_news(key, tenant, below) for (key, tenant), below in found.items()]


def _tenants(sheets: Iterable[Sheet], standing: Iterable[Markup]) -> list[str | None]:
    """All without terms of their own, then who has some."""
    named = {it.tenant_id for it in sheets} | {it.scope.tenant_id for it in standing}
    return [None, *sorted(it for it in named if it is not None)]


def _news(key: prices.Key, tenant: str | None, below: Sequence[BelowCost]) -> News:
    said = {
        it.meter: {"purchase": plain(it.purchase), "sale": plain(it.sale), "per": it.per}
        for it in reversed(below)  # under no condition comes first, and is what is told
    }
    until = below[0].until
    data = {
        "provider_id": key[0],
        "model_id": key[1],
        "tenant": tenant,
        "meters": said,
        "until": None if until is None else until.isoformat(),
    }
    return News("radiant.price.below_cost", "/".join(key), data)
