"""`radiant models`, `radiant model show`, `radiant stats`."""

from typing import TYPE_CHECKING, Annotated

import typer

from radiant.settings import Settings

from .output import JsonOption, print_json, print_table, run
from .price import price_in_words

if TYPE_CHECKING:
    from radiant.domain.fact import Claim
    from radiant.domain.registry_model import RegistryModel

model = typer.Typer(name="model", help="One model.", no_args_is_help=True)

_COLUMNS = ("model", "name", "hosting", "provider", "category", "task", "context", "USD", "health", "state")


def models(
    category: Annotated[
        str | None, typer.Option("--category", "-c", help="Only this category, such as vision.")
    ] = None,
    hosting: Annotated[str | None, typer.Option("--hosting", help="external or self_hosted.")] = None,
    provider: Annotated[
        str | None, typer.Option("--provider", "-p", help="Only this provider, such as openai.")
    ] = None,
    task: Annotated[str | None, typer.Option("--task", "-t", help="Only this task, such as chat.")] = None,
    status: Annotated[str | None, typer.Option("--status", help="healthy, degraded, unhealthy or unknown.")] = None,
    capability: Annotated[
        list[str] | None, typer.Option("--capability", help="Must have it; may be given again.")
    ] = None,
    input: Annotated[
        list[str] | None, typer.Option("--input", help="Must accept this modality; may be given again.")
    ] = None,
    output: Annotated[
        list[str] | None, typer.Option("--output", help="Must give this modality; may be given again.")
    ] = None,
    text: Annotated[str | None, typer.Argument(help="Text in id, name or description.")] = None,
    json: JsonOption = False,
) -> None:
    """List the models of the registry."""
    from radiant.app import App
    from radiant.domain.registry_model import ModelFilter

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
        rows = [
            (
                it.model_id,
                it.display_name,
                it.hosting_type,
                it.provider_id,
                it.category,
                it.primary_mode,
                it.context_window,
                price_in_words(it),
                it.health_status,
                it.thermal_state,
            )
            for it in found
        ]
        print_table("", _COLUMNS, rows, right=("context",))
        external = sum(it.hosting_type == "external" for it in found)
        typer.echo(f"{len(found)} models: {external} external, {len(found) - external} self-hosted")

    run(command)


@model.command()
def show(
    name: Annotated[str, typer.Argument(metavar="ID", help="A model id, provider/model, or an id of the registry.")],
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
            print_table(
                f"{it.display_name} ({it.provider_name})", ("field", "value"), msgspec.structs.asdict(it).items()
            )

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
        print_table(title, ("field", "", "value", "source", "seen", "why"), rows)


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
