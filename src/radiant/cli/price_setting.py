"""What people decide about prices: `radiant prices approve|refuse|set|unset`."""

from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated

import typer

from radiant.domain.counted import counted
from radiant.domain.json_text import decimal_of

from . import completion
from .command import asked
from .output import JsonOption, print_json, say
from .pairs import pairs
from .price_edits import print_edits, tenants_later
from .reason import REASON

if TYPE_CHECKING:
    from radiant.domain.prices import PriceEdit, PriceUnset

#: The field of an order for the argument that is named otherwise.
_OPTIONS = MappingProxyType({"given": "prices"})

Chosen = Annotated[
    list[str],
    typer.Argument(help="Numbers as `radiant prices held` shows them, models such as openai/gpt-5.5, or all."),
]
Reason = Annotated[str | None, REASON]
Context = Annotated[
    list[str] | None,
    typer.Option(
        "--context", metavar="NAME=VALUE", help="Of requests of a kind, such as processing=batch; may be repeated."
    ),
]
AtOnce = Annotated[
    bool,
    typer.Option("--sell-at-once", help="Tenants pay a rise of more than a tenth at once, not after the grace period."),
]
Models = Annotated[
    str,
    typer.Argument(
        metavar="MODEL",
        help="Provider and model, a model id, or a pattern such as 'openai/*'.",
        autocompletion=completion.models,
    ),
]


def approve(chosen: Chosen, reason: Reason = None) -> None:
    """Take these changes over, from now on or from when they were announced for."""
    _decide(chosen, True, reason)


def refuse(chosen: Chosen, reason: Reason = None) -> None:
    """Refuse these; the same is not proposed again."""
    _decide(chosen, False, reason)


def _decide(chosen: list[str], yes: bool, reason: str | None) -> None:
    import getpass

    by = getpass.getuser()
    for model in asked(lambda app: app.price_decisions.decide(chosen, approve=yes, by=by, reason=reason)):
        say(f"{model}: {'taken over' if yes else 'refused; its price stays'}.")


def set_(
    typed: typer.Context,
    model: Models,
    given: Annotated[
        list[str],
        typer.Argument(metavar="METER=USD", help="Such as input_tokens=2.5 for a million, images=0.04 for one."),
    ],
    reason: Annotated[str, REASON],
    since: Annotated[str | None, typer.Option("--since", help="From when, with a zone.  [default: now]")] = None,
    until: Annotated[str | None, typer.Option("--until", help="Until just before when.")] = None,
    tenant: Annotated[str | None, typer.Option("--tenant", help="Of this tenant alone: its contract.")] = None,
    minimum: Annotated[
        str | None, typer.Option("--minimum", metavar="USD", help="What a request costs at least.")
    ] = None,
    context: Context = None,
    whole: Annotated[
        bool, typer.Option("--whole", help="These are all of its prices: what is not named has none.")
    ] = False,
    sell_at_once: AtOnce = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what it would be, and write nothing.")] = False,
    apply: Annotated[bool, typer.Option("--apply", help="Write what a pattern shows.")] = False,
    json: JsonOption = False,
) -> None:
    """Set prices by hand, before whatever sources say; what is not named stays as it is, unless they are --whole. A
    pattern only shows what it would change, until --apply is given."""
    import getpass

    from radiant.admin.prices import PATTERN
    from radiant.domain.prices import SetPrices
    from radiant.pricing.moment import moment

    preview = dry_run or bool(PATTERN & set(model) and not apply)
    conditions = pairs("--context", context)

    wanted = SetPrices(
        prices=dict(_amount(it) for it in given),
        reason=reason,
        since=None if since is None else moment(since, "--since"),
        until=None if until is None else moment(until, "--until"),
        tenant=tenant,
        minimum=None if minimum is None else usd("--minimum", minimum),
        context=conditions,
        whole=whole,
        sell_at_once=sell_at_once,
    )
    by = getpass.getuser()
    found: list[PriceEdit] = asked(
        lambda app: app.price_decisions.set(model, wanted, by=by, dry_run=preview), typed, _OPTIONS
    )
    if json:
        print_json(found)
        return
    print_edits(found)
    if preview:
        again = "" if dry_run else " Say it again with --apply to do so."
        say(f"This would set prices of {counted(len(found), 'model')}. Nothing was written.{again}")
        return
    rest = "what it does not name has no price" if whole else "which keep what it does not name"
    say(f"Set for {counted(len(found), 'model')}: it speaks before all sources{'; ' if whole else ', '}{rest}.")


def unset(
    typed: typer.Context,
    model: Models,
    tenant: Annotated[str | None, typer.Option("--tenant", help="The contract of this tenant.")] = None,
    context: Context = None,
    usual: Annotated[bool, typer.Option("--usual", help="Only that of requests without such a condition.")] = False,
    sell_at_once: AtOnce = False,
    json: JsonOption = False,
) -> None:
    """End what was set by hand, for all kinds of requests where none is named; sources speak again from now on, and
    history keeps what was set."""
    import getpass

    if usual and context:
        raise typer.BadParameter("is for requests without a --context; say one of them", param_hint="--usual")
    conditions = pairs("--context", context) if context else {} if usual else None

    found: list[PriceUnset] = asked(
        lambda app: app.price_decisions.unset(
            model, by=getpass.getuser(), tenant=tenant, context=conditions, sell_at_once=sell_at_once
        ),
        typed,
        _OPTIONS,
    )
    if json:
        print_json(found)
        return
    for it in found:
        later = "" if it.sold_from is None else f"; {tenants_later(it.rise, it.sold_from)}"
        say(f"{it.model}: what was set has ended{later}.")


def usd(option: str, text: str) -> Decimal:
    """An amount that was typed. Raises BadParameter."""
    try:
        return decimal_of(text)
    except InvalidOperation as error:
        raise typer.BadParameter(f"{text[:50]!r} is no number.", param_hint=option) from error


def _amount(text: str) -> tuple[str, Decimal]:
    meter, equals, amount = text.partition("=")
    try:
        return meter, decimal_of(amount if equals else "")
    except InvalidOperation as error:
        raise typer.BadParameter(f"{text[:50]!r} is no METER=USD, such as input_tokens=2.5") from error
