"""`radiant prices markup`: what tenants pay on top of what we pay."""

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Annotated

import typer

from radiant.domain.json_text import decimal_of

from . import completion
from .bare import SignedNumbers
from .command import asked
from .output import JsonOption, print_json, print_table, say
from .price_setting import usd
from .price_sheets import day, percent
from .reason import REASON

if TYPE_CHECKING:
    from radiant.domain.markups import MarkupRow

markup = typer.Typer(
    name="markup", help="What tenants pay on top of what we pay; the most specific counts alone.", no_args_is_help=True
)


@markup.command("list")
def list_(
    ever: Annotated[bool, typer.Option("--ever", help="Also what ended or was replaced.")] = False,
    json: JsonOption = False,
) -> None:
    """List the markups that hold or are to, and what counts where nobody set one."""
    found: list[MarkupRow] = asked(lambda app: app.markups.listed(ever=ever))
    if json:
        print_json(found)
        return
    rows = [
        (
            None if it.usual else it.id,
            f"{it.whom} (usual)" if it.usual else it.whom,
            percent(it.rate),
            it.minimum_charge,
            day(it.valid_from),
            day(it.valid_to),
            it.set_by,
            it.reason,
            day(it.known_to),
            it.ended_by,
            it.ended_because,
        )
        for it in found
    ]
    of_its_end = ("replaced", "ended by", "ended because")
    columns = ("number", "for", "markup", "at least USD", "from", "until", "by", "why", *of_its_end)
    extra = ("by", *of_its_end) if ever else ("by",)
    shown = columns if ever else columns[: -len(of_its_end)]
    cells = [row[: len(shown)] for row in rows]
    prose = ("why", "ended because")
    print_table("", shown, cells, right=("number", "markup", "at least USD"), prose=prose, extra=extra)


@markup.command("set", cls=SignedNumbers)
def set_(
    context: typer.Context,
    rate: Annotated[str, typer.Argument(metavar="MARKUP", help="Such as 0.4 or 40%: 1 USD costs a tenant 1.40.")],
    reason: Annotated[str, REASON],
    tenant: Annotated[str | None, typer.Option("--tenant", help="For this tenant alone.")] = None,
    model: Annotated[
        str | None, typer.Option("--model", "-m", help="For this model.", autocompletion=completion.models)
    ] = None,
    provider: Annotated[
        str | None, typer.Option("--provider", "-p", help="For this provider.", autocompletion=completion.providers)
    ] = None,
    hosting: Annotated[str | None, typer.Option("--hosting", help="For external or self_hosted models.")] = None,
    minimum: Annotated[
        str | None, typer.Option("--minimum", metavar="USD", help="What a request costs at least.")
    ] = None,
    since: Annotated[str | None, typer.Option("--since", help="From when, with a zone.  [default: now]")] = None,
    until: Annotated[str | None, typer.Option("--until", help="Until just before when.")] = None,
    json: JsonOption = False,
) -> None:
    """Set what is added to prices, for whom and what is named; for everything where nothing is."""
    import getpass

    from radiant.domain.markups import MarkupTerms
    from radiant.pricing.moment import within_reach

    terms = MarkupTerms(
        rate=_rate(rate),
        reason=reason,
        tenant=tenant,
        model=model,
        provider=provider,
        hosting=hosting,
        minimum_charge=None if minimum is None else usd("--minimum", minimum),
        since=None if since is None else within_reach(since, "--since"),
        until=None if until is None else within_reach(until, "--until"),
    )
    by = getpass.getuser()
    found: MarkupRow = asked(lambda app: app.markups.set(terms, by=by), context, {"minimum": "minimum_charge"})
    if json:
        print_json(found)
        return
    until_when = "" if found.valid_to is None else f" until {day(found.valid_to)}"
    say(f"Markup {found.id}: {percent(found.rate)} for {found.whom}, from {day(found.valid_from)}{until_when}.")


@markup.command("unset")
def unset(
    number: Annotated[int, typer.Argument(help="As listed.", min=1, max=2**53 - 1)],
    reason: Annotated[str | None, REASON] = None,
    json: JsonOption = False,
) -> None:
    """End a markup from now on; the next one that is less specific counts again."""
    import getpass

    found: MarkupRow = asked(lambda app: app.markups.unset(number, by=getpass.getuser(), reason=reason))
    if json:
        print_json(found)
    else:
        say(f"Markup {found.id} for {found.whom} has ended.")


def _rate(text: str) -> Decimal:
    try:
        return decimal_of(text[:-1].strip()) / 100 if text.endswith("%") else decimal_of(text)
    except InvalidOperation as error:
        raise typer.BadParameter(f"{text[:50]!r} is no markup, such as 0.4 or 40%.", param_hint="MARKUP") from error
