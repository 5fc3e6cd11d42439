"""What people decide about prices: `radiant prices approve|refuse|set|unset`."""

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Annotated

import typer

from radiant.domain.counted import counted
from radiant.settings import Settings

from . import completion
from .aligned import by_point
from .command import run
from .output import JsonOption, print_json, print_table, say
from .price_sheets import below_cost
from .reason import REASON

if TYPE_CHECKING:
    from radiant.domain.prices import PriceEdit

Chosen = Annotated[
    list[str],
    typer.Argument(help="Numbers as `radiant prices held` shows them, models such as openai/gpt-5.5, or all."),
]
Reason = Annotated[str | None, REASON]
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

    from radiant.app import App

    async def command() -> list[str]:
        async with await App.open(Settings.from_environment()) as app:
            return await app.price_decisions.decide(chosen, approve=yes, by=getpass.getuser(), reason=reason)

    for model in run(command):
        say(f"{model}: {'taken over' if yes else 'refused; its price stays'}.")


def set_(
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
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what it would be, and write nothing.")] = False,
    apply: Annotated[bool, typer.Option("--apply", help="Write what a pattern shows.")] = False,
    json: JsonOption = False,
) -> None:
    """Set prices by hand, before whatever sources say; what is not named stays as it is. A pattern only shows what it
    would change, until --apply is given."""
    import getpass

    from radiant.admin.prices import PATTERN
    from radiant.app import App
    from radiant.domain.prices import SetPrices
    from radiant.insight.costs import moment

    preview = dry_run or bool(PATTERN & set(model) and not apply)

    async def command() -> "list[PriceEdit]":
        wanted = SetPrices(
            prices=dict(_amount(it) for it in given),
            reason=reason,
            since=None if since is None else moment(since, "--since"),
            until=None if until is None else moment(until, "--until"),
            tenant=tenant,
            minimum=None if minimum is None else usd("--minimum", minimum),
        )
        async with await App.open(Settings.from_environment()) as app:
            return await app.price_decisions.set(model, wanted, by=getpass.getuser(), dry_run=preview)

    found: list[PriceEdit] = run(command)
    if json:
        print_json(found)
        return
    _show(found)
    if preview:
        again = "" if dry_run else " Say it again with --apply to do so."
        say(f"This would set prices of {counted(len(found), 'model')}. Nothing was written.{again}")
    else:
        say(f"Set for {counted(len(found), 'model')}: it speaks before all sources, which keep what it does not name.")


def unset(
    model: Models, tenant: Annotated[str | None, typer.Option("--tenant", help="The contract of this tenant.")] = None
) -> None:
    """End what was set by hand; sources speak again from now on, and history keeps what was set."""
    import getpass

    from radiant.app import App

    async def command() -> list[str]:
        async with await App.open(Settings.from_environment()) as app:
            return await app.price_decisions.unset(model, by=getpass.getuser(), tenant=tenant)

    for name in run(command):
        say(f"{name}: what was set has ended.")


def usd(option: str, text: str) -> Decimal:
    """An amount that was typed. Raises BadParameter."""
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise typer.BadParameter(f"{text[:50]!r} is no number.", param_hint=option) from error


def _amount(text: str) -> tuple[str, Decimal]:
    meter, equals, amount = text.partition("=")
    try:
        return meter, Decimal(amount if equals else "")
    except InvalidOperation as error:
        raise typer.BadParameter(f"{text!r} is no METER=USD, such as input_tokens=2.5") from error


def _show(found: "list[PriceEdit]") -> None:
    changes = [(edit, it) for edit in found for it in edit.changes]
    before, after = by_point([it.before for _, it in changes]), by_point([it.after for _, it in changes])
    rows = [
        (edit.model, it.meter, was, then, f"{it.per:,}", it.source, ", ".join(edit.left))
        for (edit, it), was, then in zip(changes, before, after, strict=True)
    ]
    columns = ("model", "meter", "before", "USD", "for", "said by", "left as it is")
    print_table("", columns, rows, right=("before", "USD", "for"), prose=("left as it is",))
    for edit in found:
        for it in edit.below_cost:
            say(f"{edit.model}: {below_cost(it)}")
