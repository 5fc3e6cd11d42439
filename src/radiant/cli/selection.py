"""`radiant select`: which model should serve a request right now, and why."""

from collections.abc import Mapping
from contextlib import AsyncExitStack
from typing import Annotated, Any, ClassVar

import typer

from radiant.domain.criteria import Criteria, Usage
from radiant.domain.thermal import Fallback
from radiant.domain.usual import usual
from radiant.settings import Settings

from . import completion
from .bare import Alone, Bare
from .choices import show_choices
from .command import CRITERIA, NOTHING_FITS, options_of, run
from .explanation import EXPLAINED, advised, show_explanation
from .output import JsonOption, print_json, say


def select(
    context: typer.Context,
    task: Annotated[
        str,
        typer.Argument(
            help="What is to be done: chat, embedding, image, transcription, …", autocompletion=completion.tasks
        ),
    ],
    input: Annotated[
        list[str] | None,
        typer.Option(
            "--input",
            "-i",
            help="Modality that goes in; may be given again.  [default: the task's]",
            autocompletion=completion.modalities,
        ),
    ] = None,
    output: Annotated[
        list[str] | None,
        typer.Option(
            "--output",
            "-o",
            help="Modality that comes out; may be given again.  [default: the task's]",
            autocompletion=completion.modalities,
        ),
    ] = None,
    tier: Annotated[int, typer.Option("--tier", "-t", help="The tenant's tier, 1 to 5.")] = 3,
    hosting: Annotated[
        str,
        typer.Option("--hosting", help="any, external or self_hosted.", autocompletion=completion.preferred_hosting),
    ] = "any",
    capability: Annotated[
        list[str] | None,
        typer.Option(
            "--capability", "-c", help="Required; may be given again.", autocompletion=completion.capabilities
        ),
    ] = None,
    provider: Annotated[
        list[str] | None,
        typer.Option(
            "--provider",
            "-p",
            help="Preferred, before all others; may be given again.",
            autocompletion=completion.providers,
        ),
    ] = None,
    only_provider: Annotated[
        list[str] | None,
        typer.Option("--only-provider", help="Only these; may be given again.", autocompletion=completion.providers),
    ] = None,
    exclude_provider: Annotated[
        list[str] | None,
        typer.Option(
            "--exclude-provider", help="Never this provider; may be given again.", autocompletion=completion.providers
        ),
    ] = None,
    connected: Annotated[
        bool | None,
        typer.Option(
            "--connected/--any-key",
            help="Only what a key is present for here, or whatever the keys.  [default: RADIANT_CONNECTED_ONLY]",
            show_default=False,
        ),
    ] = None,
    exclude: Annotated[
        list[str] | None,
        typer.Option("--exclude", help="Never this model; may be given again.", autocompletion=completion.models),
    ] = None,
    min_class: Annotated[
        str | None,
        typer.Option(
            help="small, standard or flagship: at least that, as its provider positions it.",
            autocompletion=completion.classes,
        ),
    ] = None,
    min_context: Annotated[int | None, typer.Option(help="Smallest context window, in tokens.")] = None,
    max_latency: Annotated[float | None, typer.Option(help="Longest mean latency, in milliseconds.")] = None,
    max_cost: Annotated[str | None, typer.Option(help="Highest cost of one request, in USD.")] = None,
    max_input_cost: Annotated[str | None, typer.Option(help="Highest price of 1,000 input tokens, in USD.")] = None,
    max_output_cost: Annotated[str | None, typer.Option(help="Highest price of 1,000 output tokens, in USD.")] = None,
    input_tokens: Annotated[int | None, typer.Option(help="Tokens in, for the cost.  [default: 1000]")] = None,
    output_tokens: Annotated[int | None, typer.Option(help="Tokens out, for the cost.  [default: 500]")] = None,
    cached_share: Annotated[float | None, typer.Option(help="Share of the input read from a cache, 0 to 1.")] = None,
    images: Annotated[int | None, typer.Option(help="Images, for the cost.  [default: 1]")] = None,
    characters: Annotated[int | None, typer.Option(help="Characters spoken, for the cost.  [default: 1000]")] = None,
    pages: Annotated[int | None, typer.Option(help="Pages, for the cost.  [default: 1]")] = None,
    seconds: Annotated[
        float | None,
        typer.Option(help="Seconds of audio, video or a whole instance.  [default: 60 of audio, 5 of video]"),
    ] = None,
    hipaa: Annotated[bool, typer.Option("--hipaa", help="Only where HIPAA is covered.")] = False,
    commercial: Annotated[
        bool, typer.Option("--commercial", help="Only where commercial use is plainly allowed.")
    ] = False,
    include_off: Annotated[
        bool,
        typer.Option(
            "--include-off", help="For planning: also models that are off, such as those without an endpoint."
        ),
    ] = False,
    profile: Annotated[
        str,
        typer.Option(
            help="ready-first, cheapest, fastest, best, largest-context or balanced.",
            autocompletion=completion.profiles,
        ),
    ] = "ready-first",
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=100, help="How many to show.")] = 5,
    fallback: Annotated[
        Fallback | None,
        typer.Option(
            "--fallback",
            help="Where the best model is not ready: warm it up while a ready one stands in (handover, or without a "
            "value), wait for it (hold), say when to come again (fail), or wake nothing (none).",
        ),
    ] = None,
    max_wait: Annotated[
        float | None,
        typer.Option(
            "--max-wait", help="With --fallback hold: seconds to wait until one stands in, up to 600.  [default: 30]"
        ),
    ] = None,
    explain: Annotated[bool, typer.Option("--explain", "-e", help="Show reasons and refusals.")] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="With --explain --json: every model, in place of the best and examples.")
    ] = False,
    json: JsonOption = False,
) -> None:
    from radiant.app import App

    asked, options = criteria_of(context.params), options_of(context, CRITERIA)

    if max_wait is not None and fallback is not Fallback.HOLD:
        raise typer.BadParameter("is for --fallback hold", param_hint="--max-wait")
    how: dict[str, Any] = {"fallback": fallback} | ({} if max_wait is None else {"max_wait_s": max_wait})

    async def command() -> None:
        held = fallback is Fallback.HOLD
        async with AsyncExitStack() as opened:
            app = await opened.enter_async_context(await App.open(Settings.from_environment(), selecting=held))
            whole = explain or fallback is not None
            # Only what follows the registry sees a model become ready.
            selector = app.selector if held else await app.selector_for(asked, limit=None if whole else limit)
            await opened.enter_async_context(selector)
            criteria = selector.read(asked)
            best = None if fallback is None else [await selector.select_with_fallback(criteria, **how)]
            found = best or selector.rank(criteria, limit=limit)
            diagnosis = None if found else selector.diagnose(criteria)
            explanation = (
                advised(selector.explain(criteria, limit=None if everything and json else EXPLAINED))
                if explain
                else None
            )
            remarks = () if explain or not found else selector.remarks(criteria)
        if json:
            choices = [choice.document() for choice in found]
            print_json({"choices": choices, "diagnosis": diagnosis, "explanation": explanation})
        else:
            show_choices(found, options)
            for remark in remarks:
                say(f"{remark[0].upper()}{remark[1:]}.", err=True)
            if diagnosis is not None:
                say(f"No model fits: {diagnosis.words(options)}.")
            if explanation is not None:
                show_explanation(explanation)
        if not found:
            raise typer.Exit(NOTHING_FITS)

    run(command, context, CRITERIA)


class Select(Bare):
    """`--fallback` alone hands over."""

    alone: ClassVar = {"--fallback": Alone(Fallback.HANDOVER, tuple(Fallback))}


COMMAND = Select


def criteria_of(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a request, from the parameters of the command: those that are criteria or part of a usage, and
    where a task has a usual input and output, these."""
    assumed = usual(parameters["task"])
    given = {
        **parameters,
        "input": parameters["input"] or assumed.takes,
        "output": parameters["output"] or assumed.gives,
    }
    fields = {CRITERIA.get(name, name): value for name, value in given.items()}
    usage = {name: fields[name] for name in Usage.__struct_fields__ if fields.get(name) is not None}
    stated = {name: fields[name] for name in Criteria.__struct_fields__ if fields.get(name) is not None}
    return {**stated, "usage": usage or None}
