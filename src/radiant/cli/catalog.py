"""`radiant catalog`: the curated facts, and what public catalogs say beside them."""

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from radiant.settings import Settings

from . import completion
from .command import run
from .output import JsonOption, print_json, print_table

catalog = typer.Typer(name="catalog", help="The curated facts, and what public catalogs say.", no_args_is_help=True)


@catalog.command()
def check(
    folder: Annotated[
        Path | None, typer.Argument(help="A catalog folder of your own.  [default: RADIANT_CATALOG]")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Check every catalog file: shape, references, licenses, sources, defaults; list what ends within 90 days.

    Needs no database and no network.
    """
    from radiant.installation.database import AHEAD, check_catalog

    today = dt.datetime.now(dt.UTC).date()
    report = check_catalog(folder or Settings.from_environment().catalog, today=today)
    if json:
        print_json(report)
    else:
        for problem in report.problems:
            typer.echo(str(problem))
        if report.expiring:
            typer.echo(f"Within {AHEAD} days of {today}:")
        for ending in report.expiring:
            typer.echo(f"  {ending}")
        typer.echo(
            f"{report.providers} providers, {report.external} external and {report.self_hosted} self-hosted models: "
            + (f"{len(report.problems)} problems" if report.problems else "no problems")
        )
    raise typer.Exit(1 if report.problems else 0)


@catalog.command("import")
def import_(
    context: typer.Context,
    source: Annotated[
        str, typer.Argument(help="litellm, models.dev, openrouter or genai-prices.", autocompletion=completion.sources)
    ],
    file: Annotated[Path | None, typer.Option(help="Read this file instead of the public address.")] = None,
    url: Annotated[str | None, typer.Option(help="Read this address instead of the public one.")] = None,
    adopt: Annotated[bool, typer.Option("--adopt", help="Make registry models of its entries.")] = False,
    provider: Annotated[
        list[str] | None, typer.Option("--provider", "-p", help="With --adopt: only this provider; may be given again.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Read a public catalog into the table of facts, and with --adopt its models into the registry."""
    from radiant.admin.catalogs import catalog_body
    from radiant.app import App

    if file is not None and url is not None:
        raise typer.BadParameter("give --file or --url, not both")
    if provider and not adopt:
        raise typer.BadParameter("--provider goes with --adopt")

    async def command() -> None:
        body = await catalog_body(source, file=file, url=url)
        async with await App.open(Settings.from_environment()) as app:
            imported = await app.catalogs.import_(source, body)
            adopted = await app.catalogs.adopt(source, provider) if adopt else None
        if json:
            print_json({"imported": imported, "adopted": adopted})
            return
        for refusal in (*imported.refused, *(adopted.refused if adopted else ())):
            typer.echo(f"{refusal.entry}: {refusal.problem}", err=True)
        typer.echo(
            f"{source}: {imported.entries:,} entries, {imported.facts:,} facts: "
            + (
                "the same as before, nothing written"
                if imported.unchanged
                else f"{imported.added:,} added, {imported.changed:,} changed, {imported.removed:,} removed"
            )
            + (f"; {len(imported.refused):,} refused, see above" if imported.refused else "")
        )
        if adopted:
            typer.echo(
                f"adopted: {adopted.models_added:,} models added and {adopted.models_updated:,} updated, "
                f"{adopted.providers_added} providers added"
            )

    run(command, context)


@catalog.command()
def conflicts(
    context: typer.Context,
    provider: Annotated[
        str | None,
        typer.Option("--provider", "-p", help="Only models of this provider.", autocompletion=completion.providers),
    ] = None,
    prices: Annotated[bool, typer.Option("--prices", help="Only prices.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="How many at the most.")] = 50,
    json: JsonOption = False,
) -> None:
    """Show where sources disagree: prices first, the largest gap first."""
    from radiant.app import App

    async def command() -> None:
        async with await App.open(Settings.from_environment()) as app:
            found = await app.facts.conflicts(provider=provider, prices_only=prices, limit=limit)
        if json:
            print_json(found)
            return
        rows = [
            (
                f"{it.provider_id}/{it.model_id}",
                it.field,
                None if it.gap is None else f"{it.gap:.0%}",
                "; ".join(f"{source} {value}" for source, value in sorted(it.said.items())),
            )
            for it in found
        ]
        print_table("", ("model", "field", "gap", "what they say"), rows, right=("gap",), prose=("what they say",))
        if not found:
            typer.echo("No two sources disagree. `radiant catalog import litellm` brings one in.")

    run(command, context)


@catalog.command("list")
def list_(json: JsonOption = False) -> None:
    """List the catalogs the registry was seeded from: ours, and folders of people's own."""
    from radiant.app import App

    async def command() -> None:
        async with await App.open(Settings.from_environment()) as app:
            found = await app.catalogs.listed()
        if json:
            print_json(found)
            return
        rows = [
            (
                it["name"],
                it["version"],
                it["folder"],
                it["external"],
                it["self_hosted"],
                f"{it['seeded_at']:%Y-%m-%d}",
                it["seeded_by"],
            )
            for it in found
        ]
        columns = ("catalog", "version", "folder", "external", "self-hosted", "since", "by")
        print_table("", columns, rows, right=("external", "self-hosted"))

    run(command)


@catalog.command()
def drop(
    context: typer.Context, name: Annotated[str, typer.Argument(help="As `radiant catalog list` shows it.")]
) -> None:
    """Deprecate every model that came from a folder of one's own, and forget the folder."""
    from radiant.app import App

    async def command() -> None:
        async with await App.open(Settings.from_environment()) as app:
            count = await app.catalogs.drop(name)
        models = "1 model" if count == 1 else f"{count} models"
        typer.echo(f"{models} deprecated. What ours says of the same models holds from the next `radiant up` on.")

    run(command, context)
