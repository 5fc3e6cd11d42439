"""`radiant models`, `radiant model show`, `radiant stats`."""

from typing import TYPE_CHECKING, Annotated

import typer

from radiant.settings import Settings

from . import completion
from .command import FILTERS, run
from .model_columns import columns_named, print_models
from .output import JsonOption, print_json, print_table

if TYPE_CHECKING:
    from radiant.domain.fact import Claim
    from radiant.domain.registry_model import RegistryModel

model = typer.Typer(name="model", help="One model.", no_args_is_help=True)


def models(
    context: typer.Context,
    category: Annotated[
        str | None,
        typer.Option(
            "--category", "-c", help="Only this category, such as vision.", autocompletion=completion.categories
        ),
    ] = None,
    hosting: Annotated[
        str | None, typer.Option("--hosting", help="external or self_hosted.", autocompletion=completion.hosting)
    ] = None,
    provider: Annotated[
        str | None,
        typer.Option(
            "--provider", "-p", help="Only this provider, such as openai.", autocompletion=completion.providers
        ),
    ] = None,
    task: Annotated[
        str | None, typer.Option("--task", "-t", help="Only this task, such as chat.", autocompletion=completion.tasks)
    ] = None,
    status: Annotated[
        str | None,
        typer.Option("--status", help="healthy, degraded, unhealthy or unknown.", autocompletion=completion.statuses),
    ] = None,
    capability: Annotated[
        list[str] | None,
        typer.Option("--capability", help="Must have it; may be given again.", autocompletion=completion.capabilities),
    ] = None,
    input: Annotated[
        list[str] | None,
        typer.Option(
            "--input", help="Must accept this modality; may be given again.", autocompletion=completion.modalities
        ),
    ] = None,
    output: Annotated[
        list[str] | None,
        typer.Option(
            "--output", help="Must give this modality; may be given again.", autocompletion=completion.modalities
        ),
    ] = None,
    text: Annotated[str | None, typer.Argument(help="Text in id, name or description.")] = None,
    columns: Annotated[
        str | None,
        typer.Option(
            "--columns",
            help="Which to show, in their order, with commas: model, provider, USD, context, task, hosting, state, "
            "category, health, name, or fields of --json.  [default: as many as fit]",
            autocompletion=completion.columns,
        ),
    ] = None,
    json: JsonOption = False,
) -> None:
    """List the models of the registry."""
    from radiant.app import App
    from radiant.domain.registry_model import ModelFilter

    if columns is not None and json:
        raise typer.BadParameter("--columns is for tables; give it or --json, not both")
    chosen = None if columns is None else columns_named(columns)

    async def command() -> None:
        async with await App.open(Settings.from_environment()) as app:
            found = await app.models.listed(
                ModelFilter(
                    category=category,
                    hosting=hosting,
                    provider=provider,
                    task=task,
                    status=status,
                    capabilities=tuple(capability or ()),
                    input_modalities=tuple(input or ()),
                    output_modalities=tuple(output or ()),
                    text=text,
                )
            )
        if json:
            print_json(found)
            return
        print_models(found, chosen)
        external = sum(it.hosting_type == "external" for it in found)
        typer.echo(f"{len(found)} models: {external} external, {len(found) - external} self-hosted")

    run(command, context, FILTERS)


@model.command()
def show(
    name: Annotated[
        str,
        typer.Argument(
            metavar="ID", help="A model id, provider/model, or an id of the registry.", autocompletion=completion.models
        ),
    ],
    sources: Annotated[
        bool, typer.Option("--sources", help="Show every claim of every source, which one holds, and why.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Show everything about a model, at each provider that has it."""
    import msgspec

    from radiant.app import App

    async def command() -> None:
        async with await App.open(Settings.from_environment()) as app:
            told = await app.facts.claims(name) if sources else []
            found = await app.models.named(name) if not sources else []
        if sources:
            _show_claims(told, json=json)
            return
        if json:
            print_json(found)
            return
        for it in found:
            title, fields = f"{it.display_name} ({it.provider_name})", msgspec.structs.asdict(it)
            print_table(title, ("field", "value"), fields.items(), prose=("value",))

    run(command)


def _show_claims(told: "list[tuple[RegistryModel, list[Claim]]]", *, json: bool) -> None:
    if json:
        print_json([{"model": model, "facts": claims} for model, claims in told])
        return
    for model, claims in told:
        rows = [
            (
                claim.field if claim.holds else " ",
                "holds" if claim.holds else " ",
                claim.value,
                claim.source,
                f"{claim.seen_at:%Y-%m-%d}",
                claim.why + (f" [{claim.reference}]" if claim.reference else ""),
            )
            for claim in claims
        ]
        title = f"{model.display_name} ({model.provider_name})"
        print_table(title, ("field", "", "value", "source", "seen", "why"), rows, prose=("value", "why"))


def stats(json: JsonOption = False) -> None:
    """Count the models by hosting, health and thermal state."""
    from radiant.app import App

    async def command() -> None:
        async with await App.open(Settings.from_environment()) as app:
            counts = await app.models.statistics()
        if json:
            print_json(counts)
        else:
            rows = [(name.removesuffix("_count").replace("_", " "), count) for name, count in counts.items()]
            print_table("", ("what", "models"), rows, right=("models",))

    run(command)
