"""`radiant spend`: what was spent."""

from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from radiant.domain.counted import counted

from .command import asked
from .output import JsonOption, print_json, print_table, say

if TYPE_CHECKING:
    from radiant.domain.usage import Spend, SpendReport

#: The field of a request for each parameter, as the API has them.
_FIELDS: Final = {"since": "from", "until": "to"}


def spend(
    context: typer.Context,
    by: Annotated[
        str, typer.Option("--by", help="Some of tenant, provider, model, day and month, with commas.")
    ] = "model",
    since: Annotated[
        str | None, typer.Option("--from", help="From when on, with a zone: 2026-11-01T00:00:00Z.")
    ] = None,
    until: Annotated[str | None, typer.Option("--to", help="Until just before when, with a zone.")] = None,
    json: JsonOption = False,
) -> None:
    from radiant.pricing.moment import within_reach

    given = (("--from", since), ("--to", until))
    begins, ends = (None if it is None else within_reach(it, option) for option, it in given)
    groups = [it.strip() for it in by.split(",")]
    found: SpendReport = asked(lambda app: app.spend.by(groups, begins, ends), context, _FIELDS)
    if json:
        print_json(found)
        return
    if not found.rows:
        say("Nothing was spent then, or nobody told of it: POST /api/v2/usage.")
        return
    columns = (*found.by, "requests", "unpriced", "we pay USD", "tenants pay USD", "corrections USD")
    print_table("", columns, [_row(found.by, it) for it in found.rows], right=columns[len(found.by) :])
    total = found.total
    requests, tenants = counted(total.requests, "request"), f"tenants pay {total.sale_usd or 'unknown'}"
    say(f"In all {total.usd or 'unknown'} USD for {requests}; {tenants}.")
    if total.unpriced:
        say(f"{counted(total.unpriced, 'request has', 'requests have')} no price and are in no sum.")
    if total.corrections:
        say(f"{total.corrections_usd or 'unknown'} USD of it corrects periods that were closed before.")
    if found.closed_until is not None:
        say(f"The books are closed until {found.closed_until:%Y-%m-%d %H:%M} UTC.")


def _row(by: list[str], it: "Spend") -> tuple[Any, ...]:
    month = None if it.month is None else f"{it.month:%Y-%m}"
    of = {"tenant": it.tenant, "provider": it.provider, "model": it.model, "day": it.day, "month": month}
    return (*(of[name] for name in by), it.requests, it.unpriced, it.usd, it.sale_usd, it.corrections_usd)
