"""`radiant cost`: what a usage costs with a model."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from . import completion
from .command import METERS_OF_COST, asked
from .output import JsonOption, print_json, print_table, say
from .pairs import pairs

if TYPE_CHECKING:
    from radiant.domain.cost import Cost


def cost(
    typed: typer.Context,
    model: Annotated[
        str,
        typer.Argument(
            metavar="PROVIDER/MODEL",
            help="Provider and model, or a model that one provider has.",
            autocompletion=completion.models,
        ),
    ],
    input: Annotated[
        str | None, typer.Option("--input", help="Input tokens, cached, written and media ones included.")
    ] = None,
    output: Annotated[
        str | None, typer.Option("--output", help="Output tokens, reasoning and media ones included.")
    ] = None,
    cached: Annotated[
        str | None, typer.Option("--cached", help="Of the input tokens, those read from a cache.")
    ] = None,
    use: Annotated[
        list[str] | None,
        typer.Option(
            "--use", "-u", metavar="METER=COUNT", help="Any other meter, such as images=2; may be given again."
        ),
    ] = None,
    at: Annotated[
        str | None, typer.Option("--at", help="When, with a time zone, such as 2026-12-01T00:00:00Z.  [default: now]")
    ] = None,
    context: Annotated[
        list[str] | None,
        typer.Option("--context", metavar="NAME=VALUE", help="A condition, such as processing=batch; may be repeated."),
    ] = None,
    book: Annotated[
        str | None,
        typer.Option("--book", help="`sale`: what a tenant pays; `purchase`: what we pay.  [default: purchase]"),
    ] = None,
    tenant: Annotated[str | None, typer.Option("--tenant", help="Which tenant; says --book sale.")] = None,
    json: JsonOption = False,
) -> None:
    counts = {meter: typed.params[name] for name, meter in METERS_OF_COST.items()}
    usage = {meter: count for meter, count in counts.items() if count is not None}
    for meter, count in pairs("--use", use).items():
        if meter in usage:
            option = next(f"--{name}" for name, it in METERS_OF_COST.items() if it == meter)
            raise typer.BadParameter(f"says {meter}, which {option} says too; say it once", param_hint="--use")
        usage[meter] = count
    if not usage:
        raise typer.BadParameter("say how much: --input, --output, or another meter such as --use images=2")
    wanted: dict[str, Any] = {"model": model, "usage": usage, "context": pairs("--context", context)}
    further = (("at", at), ("tenant", tenant), ("book", book))
    wanted |= {name: value for name, value in further if value is not None}

    found = asked(lambda app: app.costs.one(wanted), typed, METERS_OF_COST)
    if json:
        print_json(found)
    else:
        _show(found)


def _show(found: "Cost") -> None:
    columns = ("meter", "quantity", "USD", "per", "cost", "source")
    rows = [(it.meter, it.quantity, it.amount, it.per, it.usd, it.source) for it in found.lines]
    if rows:
        print_table("", columns, rows, right=("quantity", "USD", "per", "cost"))
    pays = "a tenant pays" if found.book == "sale" else "we pay"
    name = f"{found.provider}/{found.model}"
    total = f"{found.usd} USD is what {pays}" if found.usd is not None else "The cost is unknown"
    say(f"{total} for this with {name} at {found.at:%Y-%m-%d %H:%M} UTC.")
    for meter in found.unpriced:
        charged = found.charged_as.get(meter)
        say(f"{meter} has no price{f' and is charged as {charged}' if charged else ''}.")
    for name in found.unmatched:
        say(f"No price is for {name}={found.context[name]}; this is what it costs without.")
    if found.valid_until is not None:
        say(f"The price holds until {found.valid_until:%Y-%m-%d %H:%M} UTC.")
    for change in found.announced:
        say(f"Announced: {change.usd or 'unknown'} USD from {change.at:%Y-%m-%d %H:%M} UTC on ({change.source}).")
    if found.note is not None:
        say(found.note)
