"""`radiant own-cost`: what a self-hosted model costs for each unit of work."""

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Annotated

import typer

from radiant.domain.json_text import decimal_of

from . import completion
from .command import asked
from .output import JsonOption, print_json, print_table, say

if TYPE_CHECKING:
    from radiant.domain.cost import OwnCost


def own_cost(
    typed: typer.Context,
    model: Annotated[
        str, typer.Argument(metavar="MODEL", help="A self-hosted model.", autocompletion=completion.models)
    ],
    tokens_per_second: Annotated[
        str | None,
        typer.Option(
            "--tokens-per-second",
            help="Output tokens of one busy instance, as measured.  [default: what outcomes told of single requests]",
        ),
    ] = None,
    images_per_second: Annotated[str | None, typer.Option("--images-per-second", help="Images, the same way.")] = None,
    audio_speed: Annotated[
        str | None, typer.Option("--audio-speed", help="Seconds of audio heard in one second, the same way.")
    ] = None,
    hourly: Annotated[
        str | None, typer.Option("--hourly", help="USD for an hour of one instance.  [default: that of its instance]")
    ] = None,
    instances: Annotated[int, typer.Option("--instances", min=1, max=10_000, help="How many run.")] = 1,
    utilization: Annotated[
        str, typer.Option("--utilization", help="The part of the paid hours in which they are busy, up to 1.")
    ] = "1",
    against: Annotated[
        str | None,
        typer.Option(
            "--against",
            help="A model to compare with, such as openai/gpt-4o-mini.  [default: the cheapest of its task]",
            autocompletion=completion.models,
        ),
    ] = None,
    input_per_output: Annotated[
        str | None,
        typer.Option("--input-per-output", metavar="NUMBER", help="Input tokens for each output token.  [default: 2]"),
    ] = None,
    json: JsonOption = False,
) -> None:
    from radiant.insight.own_costs import USUAL_INPUT
    from radiant.pricing.own_hardware import Hardware

    ratio = _number("--input-per-output", input_per_output, most=1000)
    busy = _number("--utilization", utilization) or Decimal(0)
    if not 0 < busy <= 1:
        raise typer.BadParameter(f"{utilization!r:.40} is not above 0 and at most 1", param_hint="--utilization")
    hardware = Hardware(
        hourly=_number("--hourly", hourly) or Decimal(0),
        instances=instances,
        tokens_per_second=_number("--tokens-per-second", tokens_per_second),
        images_per_second=_number("--images-per-second", images_per_second),
        audio_seconds_per_second=_number("--audio-speed", audio_speed),
        utilization=busy,
    )

    input_of_each = USUAL_INPUT if ratio is None else ratio
    found = asked(lambda app: app.own_costs.of(model, hardware, against, input_of_each), typed)
    if json:
        print_json(found)
    else:
        _show(found)


def _number(option: str, text: str | None, most: int = 10**9) -> Decimal | None:
    if text is None:
        return None
    try:
        number = decimal_of(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or not 0 <= number <= most:
        raise typer.BadParameter(f"{text!r:.40} is no number from 0 to {most:,}", param_hint=option)
    return number


def _show(found: "OwnCost") -> None:
    units = (
        ("million output tokens", found.per_million_tokens),
        ("image", found.per_image),
        ("minute of audio", found.per_audio_minute),
    )
    rows = [(name, it.used, it.reserved) for name, it in units if it is not None]
    if rows:
        print_table("", ("one", "USD used", "USD reserved"), rows, right=("USD used", "USD reserved"))
    else:
        say("Its throughput is not known, so the cost of a unit is not either; state what you measured.")
    say(
        f"{found.model}: {found.instances} × {found.hourly} USD an hour, busy {found.utilization} of the time. Used "
        "counts the busy hours alone, reserved all of them."
    )
    if found.measured:
        say(
            f"{found.tokens_per_second} output tokens a second is what outcomes of the last 30 days told of single "
            "requests; an instance that answers several at once does more."
        )
    if found.against is None:
        return
    if found.break_even_tokens_per_day is None:
        say(f"What {found.against} takes for tokens is unknown, or nothing.")
        return
    say(
        f"{found.against} takes {found.against_per_million} USD for a million output tokens with "
        f"{found.input_per_output} input tokens for each: from {found.break_even_tokens_per_day:,} output tokens a day "
        "on your own hardware costs no more."
    )
    capacity = found.capacity_tokens_per_day
    if capacity is not None and capacity < found.break_even_tokens_per_day:
        say(f"These instances can do {capacity:,} a day, so they never get there.")
