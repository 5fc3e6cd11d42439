"""`radiant prices`: what models cost at any moment, what was believed of it, and what people decide about it."""

from typing import TYPE_CHECKING, Annotated

import typer

from radiant.domain.counted import counted
from radiant.domain.currency import USD
from radiant.domain.units import BY_KEY

from . import completion
from .command import asked
from .currencies import currencies, currency
from .markups import markup
from .output import JsonOption, print_json, print_table, say
from .price_chart import chart
from .price_setting import approve, refuse, set_, unset
from .price_sheets import below_cost, context_of, percent, print_sheets, rate_in_words
from .rerating import close, rerate

if TYPE_CHECKING:
    from radiant.domain.prices import HeldPrice, ModelPrices, PriceClaim

prices = typer.Typer(no_args_is_help=True)
prices.command()(rerate)
prices.command()(close)

Model = Annotated[
    str,
    typer.Argument(metavar="MODEL", help="Provider and model, or a model id.", autocompletion=completion.models),
]
At = Annotated[str | None, typer.Option("--at", help="When, with a zone: 2026-12-01T00:00:00Z.  [default: now]")]
Known = Annotated[
    str | None, typer.Option("--known", help="As it was believed then.  [default: as it is believed now]")
]


@prices.command()
def show(
    model: Model,
    at: At = None,
    known: Known = None,
    tenant: Annotated[str | None, typer.Option("--tenant", help="With the terms of this tenant.")] = None,
    json: JsonOption = False,
) -> None:
    """Show the prices of a model at a moment, each with its source, and what tenants pay on top."""
    from radiant.pricing.moment import within_reach

    given = (("--at", at), ("--known", known))
    when, believed = (None if it is None else within_reach(it, option) for option, it in given)
    found: list[ModelPrices] = asked(lambda app: app.prices.at(model, when, believed, tenant))
    if json:
        print_json(found)
        return
    for it in found:
        print_sheets(it)
        _sold(it)


@prices.command()
def history(
    model: Model,
    ever: Annotated[bool, typer.Option("--ever", help="Also what was believed once and is no longer.")] = False,
    json: JsonOption = False,
) -> None:
    """Show all prices of a model over time, with a chart of the input price, and what is announced."""
    found: list[ModelPrices] = asked(lambda app: app.prices.history(model, ever=ever))
    if json:
        print_json(found)
        return
    for it in found:
        for line in chart(it.sheets):
            say(line)
        print_sheets(it)


@prices.command()
def compare(model: Model, json: JsonOption = False) -> None:
    """Show what each source says of the prices of a model, and said before."""
    found: list[tuple[str, list[PriceClaim]]] = asked(lambda app: app.prices.claims(model))
    if json:
        print_json([{"model": name, "claims": claims} for name, claims in found])
        return
    for name, claims in found:
        rows = [
            (
                it.source,
                it.entry,
                None if it.starts is None else f"{it.starts:%Y-%m-%d}",
                _said(it),
                f"{it.seen_from:%Y-%m-%d}" + ("" if it.seen_to is None else f" to {it.seen_to:%Y-%m-%d}"),
            )
            for it in claims
        ]
        print_table(name, ("source", "entry", "from", "prices", "said since"), rows, prose=("prices",))
        for sentence in dict.fromkeys(rate_in_words(it.rate) for it in claims if it.rate is not None):
            say(f"{sentence}.")
        if not claims:
            say("No source is kept of it; `radiant sync pricing` reads what catalogs say.")


@prices.command()
def conflicts(
    context: typer.Context,
    provider: Annotated[
        str | None, typer.Option("--provider", "-p", help="Only this one.", autocompletion=completion.providers)
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=100_000, help="At most so many.")] = 50,
    json: JsonOption = False,
) -> None:
    """Show where sources disagree about prices, the largest gap first."""
    from .catalog import conflicts as all_conflicts

    all_conflicts(context, provider=provider, prices=True, limit=limit, json=json)


@prices.command()
def held(
    decided: Annotated[bool, typer.Option("--decided", help="Also those that somebody decided.")] = False,
    json: JsonOption = False,
) -> None:
    """List changes of price that a guard held, each with what speaks against it."""
    found: list[HeldPrice] = asked(lambda app: app.prices.held(decided=decided))
    if json:
        print_json(found)
        return
    if not found:
        say("No change of price waits for approval.")
        return
    rows = [(it.id, it.model, context_of(it.context), "; ".join(it.reasons), it.verdict, it.reason) for it in found]
    columns = ("number", "model", "context", "what speaks against it", "verdict", "why")
    print_table("", columns, rows, right=("number",), prose=("what speaks against it",), extra=("verdict", "why"))
    say(f"{counted(len(found), 'change')}; `radiant prices approve NUMBER` takes one over.")


for command, name in ((approve, "approve"), (refuse, "refuse"), (set_, "set"), (unset, "unset")):
    prices.command(name=name)(command)
prices.command()(currencies)
prices.command()(currency)
prices.add_typer(markup)


def _said(claim: "PriceClaim") -> str:
    """The prices of a claim in words; of those in another currency what they are in USD, too, where that is known."""
    found = []
    for key, value in claim.prices.items():
        if isinstance(value, list):
            continue
        usd = "" if claim.usd is None or key not in BY_KEY else f" = {claim.usd[key]} USD"
        money = f" {claim.currency}" if claim.currency != USD and key in BY_KEY else ""
        found.append(f"{key} {value}{money}{usd}")
    return ", ".join(found)


def _sold(found: "ModelPrices") -> None:
    """What comes on top for tenants, and where that is less than we pay."""
    agreed = any(it.whole and it.tenant is not None and not it.context for it in found.sheets)
    if found.markup is not None and not agreed:
        whom = "Tenants pay" if found.tenant is None else f"Tenant {found.tenant} pays"
        say(f"{whom} {percent(found.markup)} on top ({found.markup_source}).")
    for it in found.below_cost:
        say(below_cost(it))
