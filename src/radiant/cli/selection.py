"""`radiant select`: which model should serve a request right now, and why."""

from typing import TYPE_CHECKING, Annotated

import typer

from radiant.domain.usual import usual
from radiant.settings import Settings

from .output import JsonOption, print_json, print_table, run

if TYPE_CHECKING:
    from radiant.domain.choice import Choice, Explanation

#: Refused models named per reason in the table.
_SHOWN = 4


def select(
    task: Annotated[str, typer.Argument(help="What is to be done: chat, embedding, image, transcription, …")],
    input: Annotated[
        list[str] | None,
        typer.Option("--input", "-i", help="Modality that goes in; may be given again.  [default: the task's]"),
    ] = None,
    output: Annotated[
        list[str] | None,
        typer.Option("--output", "-o", help="Modality that comes out; may be given again.  [default: the task's]"),
    ] = None,
    tier: Annotated[int, typer.Option("--tier", "-t", help="The tenant's tier, 1 to 5.")] = 3,
    hosting: Annotated[str, typer.Option("--hosting", help="any, external or self_hosted.")] = "any",
    capability: Annotated[
        list[str] | None, typer.Option("--capability", "-c", help="Required; may be given again.")
    ] = None,
    provider: Annotated[
        list[str] | None, typer.Option("--provider", "-p", help="Preferred, before all others; may be given again.")
    ] = None,
    exclude: Annotated[
        list[str] | None, typer.Option("--exclude", help="Never this model; may be given again.")
    ] = None,
    min_context: Annotated[int | None, typer.Option(help="Smallest context window, in tokens.")] = None,
    max_latency: Annotated[float | None, typer.Option(help="Longest mean latency, in milliseconds.")] = None,
    max_cost: Annotated[str | None, typer.Option(help="Highest cost of one request, in USD.")] = None,
    input_tokens: Annotated[int | None, typer.Option(help="Tokens in, for the cost.  [default: 1000]")] = None,
    output_tokens: Annotated[int | None, typer.Option(help="Tokens out, for the cost.  [default: 500]")] = None,
    cached_share: Annotated[float | None, typer.Option(help="Share of the input read from a cache, 0 to 1.")] = None,
    images: Annotated[int | None, typer.Option(help="Images, for the cost.  [default: 1]")] = None,
    seconds: Annotated[float | None, typer.Option(help="Seconds of audio, video or a whole instance.")] = None,
    hipaa: Annotated[bool, typer.Option("--hipaa", help="Only where HIPAA is covered.")] = False,
    commercial: Annotated[
        bool, typer.Option("--commercial", help="Only where commercial use is plainly allowed.")
    ] = False,
    profile: Annotated[
        str, typer.Option(help="ready-first, cheapest, fastest, largest-context or balanced.")
    ] = "ready-first",
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=100, help="How many to show.")] = 5,
    fallback: Annotated[
        bool, typer.Option("--fallback", help="Warm up what is not ready, and let a ready model stand in meanwhile.")
    ] = False,
    explain: Annotated[bool, typer.Option("--explain", "-e", help="Show reasons and refusals.")] = False,
    json: JsonOption = False,
) -> None:
    """Choose the model that should serve a request right now."""
    from radiant.app import App

    consumed = {
        "input_tokens": input_tokens, "output_tokens": output_tokens, "cached_share": cached_share,
        "images": images, "seconds": seconds,
    }  # fmt: skip
    stated = {name: value for name, value in consumed.items() if value is not None}
    assumed = usual(task)
    asked = {
        "task": task,
        "input_modalities": input or assumed.takes,
        "output_modalities": output or assumed.gives,
        "tenant_tier": tier,
        "prefer_hosting": hosting,
        "prefer_providers": provider or [],
        "max_latency_ms": max_latency,
        "max_cost_per_request": max_cost,
        "required_capabilities": capability or [],
        "min_context_window": min_context,
        "require_hipaa": hipaa,
        "require_commercial_use": commercial,
        "exclude": exclude or [],
        "profile": profile,
        "usage": stated or None,
    }

    async def command() -> None:
        async with await App.open(Settings.from_environment(), selecting=True) as app:
            selector = app.selector
            criteria = selector.read(asked)
            best = [await selector.select_with_fallback(criteria)] if fallback else None
            found = best or selector.rank(criteria, limit=limit)
            explanation = selector.explain(criteria) if explain or not found else None
        if json:
            print_json({"choices": [choice.document() for choice in found], "explanation": explanation})
        else:
            _show(found)
            if explanation is not None:
                _show_explanation(explanation, detailed=explain)
        if not found:
            raise typer.Exit(1)

    run(command)


def _show(found: "list[Choice]") -> None:
    if not found:
        return
    rows = [
        (
            "→" if number == 0 else " ",
            choice.model_id,
            choice.provider_name,
            choice.thermal_state or "ready",
            f"{choice.warmup_time_seconds} s" if choice.warmup_required else None,
            choice.health_status,
            None if choice.estimated_cost is None else f"{choice.estimated_cost:f}",
        )
        for number, choice in enumerate(found)
    ]
    print_table(
        "", ("", "model", "provider", "state", "warm-up", "health", "USD a request"), rows, right=("USD a request",)
    )
    if found[0].warming is not None:
        typer.echo(_warming_in_words(found[0]))


def _warming_in_words(choice: "Choice") -> str:
    if choice.warmup_problem is not None:
        told = f"could not be asked for: {choice.warmup_problem}"
    else:
        told = "was asked for" if choice.warmup_started else "had been asked for already, or an operator holds it"
    stand_in = "" if choice.warmup_required else f" {choice.model_id} stands in."
    return f"The warm-up of {choice.warming} {told.removesuffix('.')}.{stand_in}"


def _show_explanation(explanation: "Explanation", *, detailed: bool) -> None:
    if explanation.diagnosis is not None:
        typer.echo(f"No model fits: {explanation.diagnosis}.")
    if not detailed:
        return
    typer.echo(f"\nOrder of {explanation.profile}: {explanation.order}")
    eligible = [verdict for verdict in explanation.verdicts if verdict.position is not None]
    rows = [(it.position, f"{it.provider_id}/{it.model_id}", "; ".join(it.reasons)) for it in eligible[:20]]
    if rows:
        print_table("", ("", "eligible", "because"), rows)
    if len(eligible) > len(rows):
        typer.echo(f"… and {len(eligible) - len(rows)} more")
    elsewhere = {it.id for group in explanation.refused if group.criterion == "task" for it in group.models}
    refused = []
    for group in explanation.refused:
        names = [it.model_id for it in group.models if it.id not in elsewhere]
        if names:
            refused.append(
                (len(names), group.reason, ", ".join(names[:_SHOWN]) + (", …" if len(names) > _SHOWN else ""))
            )
    if refused:
        typer.echo("")
        print_table("", ("refused", "because", "such as"), refused, right=("refused",))
    if elsewhere:
        typer.echo(f"{len(elsewhere)} models are for other tasks.")
