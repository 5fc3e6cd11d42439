"""`radiant prices rerate` and `close`: usages rated again, and periods of which the books are closed."""

from typing import TYPE_CHECKING, Annotated

import typer

from radiant.domain.counted import counted

from .command import asked
from .output import JsonOption, print_json, print_table, say

if TYPE_CHECKING:
    from radiant.domain.usage import ClosedPeriod, Rerating


def rerate(
    context: typer.Context,
    since: Annotated[str, typer.Option("--since", help="Usages from then on, with a zone: 2026-11-01T00:00:00Z.")],
    until: Annotated[str | None, typer.Option("--until", help="Until just before when, with a zone.")] = None,
    apply: Annotated[bool, typer.Option("--apply", help="Write it, as one run; without it nothing is.")] = False,
    json: JsonOption = False,
) -> None:
    """Show what usages cost by the prices that are believed now, where that is something else; --apply books it."""
    import getpass

    from radiant.pricing.moment import within_reach

    begins = within_reach(since, "--since")
    ends = None if until is None else within_reach(until, "--until")
    by = getpass.getuser()
    found: Rerating = asked(lambda app: app.reratings.rerate(begins, ends, by=by, apply=apply), context)
    if json:
        print_json(found)
        return
    columns = ("tenant", "model", "usages", "of closed periods", "old USD", "new USD", "difference", "of sale")
    rows = [
        (
            it.tenant,
            it.model,
            it.rows,
            it.corrections,
            it.old_usd,
            it.new_usd,
            it.difference_usd,
            it.difference_sale_usd,
        )
        for it in found.groups
    ]
    if rows:
        print_table("", columns, rows, right=columns[2:])
    of = f"{found.changed:,} of {counted(found.rows, 'usage')}"
    say(f"{of} cost something else: {found.difference_usd} USD of ours, {found.difference_sale_usd} of tenants'.")
    if found.kept:
        say(f"{counted(found.kept, 'usage')} stay as they were rated: nothing is stored of their prices then.")
    if found.failed:
        say(f"{counted(found.failed, 'usage')} cannot be rated by these prices and stay as they are. {found.why}")
    if found.run is not None:
        say(f"Written as run {found.run}.")
    elif found.changed:
        say("Nothing was written; --apply books it.")


def close(
    context: typer.Context,
    until: Annotated[str, typer.Argument(metavar="MOMENT", help="A moment that is over: 2026-11-01T00:00:00Z.")],
    json: JsonOption = False,
) -> None:
    """Close the books until a moment: its totals stay, and what is found out later is a correction of the day it is."""
    import getpass

    from radiant.pricing.moment import within_reach

    end = within_reach(until, "MOMENT")
    found: ClosedPeriod = asked(lambda app: app.reratings.close(end, by=getpass.getuser()), context)
    if json:
        print_json(found)
        return
    requests = f"{counted(found.requests, 'request')}, {found.unpriced:,} of them without a price"
    say(f"Closed until {found.until:%Y-%m-%d %H:%M} UTC: {requests}.")
    say(f"We pay {found.usd or 'unknown'} USD, tenants {found.sale_usd or 'unknown'}.")
