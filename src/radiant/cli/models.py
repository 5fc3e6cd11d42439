"""`radiant models`, `radiant model show`, `radiant stats`."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from radiant.domain.counted import counted

from . import completion
from .command import FILTERS, asked
from .lifecycle import show_lifecycles
from .litellm import show_registrations
from .model_columns import PAGE, columns_named, fields_of, print_models
from .output import JsonOption, print_json, print_table, say, terminal_width

if TYPE_CHECKING:
    from radiant.app import App
    from radiant.domain.endpoint_state import EndpointState
    from radiant.domain.fact import Claim
    from radiant.domain.registry_model import RegistryModel
    from radiant.domain.sync import Lifecycle

model = typer.Typer(no_args_is_help=True)


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
    limit: Annotated[
        int | None,
        typer.Option(
            min=0, max=1_000_000, help=f"How many at most, 0 for all. Where nothing is said, a terminal shows {PAGE}."
        ),
    ] = None,
    past: Annotated[
        bool, typer.Option("--past", help="Those that are deprecated or retired, which are left out otherwise.")
    ] = False,
    json: JsonOption = False,
) -> None:
    import datetime as dt

    from radiant.domain.registry_model import ModelFilter

    if columns is not None and json:
        raise typer.BadParameter("--columns is for tables; give it or --json, not both")
    chosen = None if columns is None else columns_named(columns)

    today = dt.datetime.now(dt.UTC).date()
    wanted = ModelFilter(
        category=category,
        hosting=hosting,
        provider=provider,
        task=task,
        status=status,
        capabilities=tuple(capability or ()),
        input_modalities=tuple(input or ()),
        output_modalities=tuple(output or ()),
        text=text,
        current_on=None if past else today,
        past_on=today if past else None,
    )

    if json:
        whole = asked(lambda app: app.models.listed(wanted), context, FILTERS)
        print_json(whole[: limit or None])
        return
    most = (PAGE if limit is None and terminal_width() is not None else limit) or None
    found, counts = asked(lambda app: app.models.fields(wanted, fields_of(chosen), most), context, FILTERS)
    print_models(found, chosen)
    total = sum(counts.values())
    external = counts.get("external", 0)
    say(f"{counted(total, 'model')}: {external} external, {total - external} self-hosted")
    if len(found) < total:
        say(f"The first {len(found)} are shown; narrow with -p, -t or a text, or --limit 0 for all.")


@model.command()
def show(
    name: Annotated[
        str,
        typer.Argument(
            metavar="ID",
            help="A model id, provider/model, LiteLLM's id, an alias, or an id of the registry.",
            autocompletion=completion.models,
        ),
    ],
    sources: Annotated[
        bool, typer.Option("--sources", help="Show every claim of every source, which one holds, and why.")
    ] = False,
    litellm: Annotated[
        bool, typer.Option("--litellm", help="Print how LiteLLM is told of it, as Python and for a proxy.")
    ] = False,
    lifecycle: Annotated[
        bool,
        typer.Option("--lifecycle", help="Show why it is or is not deprecated: the lists, the dates, the successor."),
    ] = False,
    json: JsonOption = False,
) -> None:
    """Show everything about a model, at each provider that has it."""
    import msgspec

    if sources + litellm + lifecycle > 1:
        raise typer.BadParameter("--sources, --litellm and --lifecycle are questions of their own; give one")

    if litellm:
        show_registrations(asked(lambda app: app.litellm.registrations(name)), json=json)
        return
    if lifecycle:
        show_lifecycles(asked(lambda app: _lifecycles(app, name)), json=json)
        return
    if sources:
        _show_claims(asked(lambda app: app.facts.claims(name)), json=json)
        return
    found, places = asked(lambda app: _named(app, name))
    if json:
        print_json([_with_endpoints(it, places) for it in found])
        return
    for it in found:
        title = f"{it.display_name} ({it.provider_name})"
        fields = zip(it.__struct_encode_fields__, msgspec.structs.astuple(it), strict=True)
        print_table(title, ("field", "value"), fields, prose=("value",))
        if it.litellm_known is False:
            how = f"`radiant model show {it.provider_id}/{it.model_id} --litellm` prints how to tell it."
            typer.echo(f"LiteLLM does not know {it.litellm_id} and would count a price of 0. {how}")
        if it.hosting_type == "self_hosted":
            from .endpoints import show_endpoints

            show_endpoints(it.model_id, places[it.model_id])


async def _lifecycles(app: "App", name: str) -> "list[Lifecycle]":
    """The life of a model at each provider that has it."""
    lives = [await app.review.lifecycle(it.provider_id, it.model_id) for it in await app.models.named(name)]
    return [it for it in lives if it is not None]


async def _named(app: "App", name: str) -> "tuple[list[RegistryModel], dict[str, list[EndpointState]]]":
    """A model at each provider that has it, and where one's own run, by model id."""
    found = await app.models.named(name)
    own = [it.model_id for it in found if it.hosting_type == "self_hosted"]
    return found, {it: await app.endpoints.listed(it) for it in own}


def _with_endpoints(model: "RegistryModel", places: "Mapping[str, list[EndpointState]]") -> Any:
    """A model of one's own with where it runs."""
    import msgspec

    if model.model_id not in places or model.hosting_type != "self_hosted":
        return model
    return {**msgspec.to_builtins(model), "endpoints": places[model.model_id]}


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
    counts = asked(lambda app: app.models.statistics())
    if json:
        print_json(counts)
    else:
        rows = [(name.removesuffix("_count").replace("_", " "), count) for name, count in counts.items()]
        print_table("", ("what", "models"), rows, right=("models",))
