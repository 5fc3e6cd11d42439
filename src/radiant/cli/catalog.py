"""`radiant catalog`: the curated facts, and what public catalogs say beside them."""

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from radiant.domain.counted import counted
from radiant.settings import Settings

from . import completion
from .command import asked, run
from .output import JsonOption, print_json, print_table, say
from .shelf import shelf

catalog = typer.Typer(no_args_is_help=True)
catalog.add_typer(shelf)


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
            say(str(problem))
        if report.expiring:
            say(f"Within {AHEAD} days of {today}:")
        for ending in report.expiring:
            say(f"  {ending}")
        for name, count in report.shelves.items():
            more = counted(count, "more self-hosted model")
            say(f"On the shelf {name}: {more} (`radiant catalog shelf add {name}`)")
        say(
            f"{counted(report.providers, 'provider')}, {report.external:,} external and "
            f"{counted(report.self_hosted, 'self-hosted model')}: "
            + (counted(len(report.problems), "problem") if report.problems else "no problems")
        )
    raise typer.Exit(1 if report.problems else 0)


@catalog.command()
def new(
    name: Annotated[str, typer.Argument(metavar="PROVIDER/ID", help="The provider and its own id of the model.")],
    source: Annotated[str, typer.Option(help="The page where you read of it.")],
    task: Annotated[str, typer.Option(help="What it does.", autocompletion=completion.tasks)] = "chat",
    folder: Annotated[
        Path | None, typer.Option(help="A catalog folder of your own.  [default: RADIANT_CATALOG]")
    ] = None,
) -> None:
    """Write the file of an external model: complete and valid, with what nobody has read yet named as unknown."""
    from radiant.domain.vocabulary import Task
    from radiant.installation.database import check_catalog, write_example

    folder = folder or Settings.from_environment().catalog
    if folder is None:
        raise typer.BadParameter("give --folder, or set RADIANT_CATALOG to a folder of your own")
    if not source.startswith(("https://", "http://", "pkg:")):
        raise typer.BadParameter("is no address of a page, such as https://…", param_hint="--source")
    if task not in list(Task):
        raise typer.BadParameter(f"{task!r} is no task; expected one of: {', '.join(Task)}", param_hint="--task")
    today = dt.datetime.now(dt.UTC).date()
    path = write_example(folder, name, task=Task(task), url=source, today=today)
    typer.echo(f"{path} is written. What you read replaces what it calls unknown; then: radiant catalog check {folder}")
    for problem in check_catalog(folder, today=today).problems:
        typer.echo(str(problem), err=True)


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
            say(f"{refusal.entry}: {refusal.problem}", err=True)
        for doubt in imported.doubts:
            say(f"{doubt.entry}: in doubt: {doubt.field} {doubt.why}", err=True)
        say(
            f"{source}: {counted(imported.entries, 'entry', 'entries')}, {counted(imported.facts, 'fact')}: "
            + (
                "the same as before, nothing written"
                if imported.unchanged
                else f"{imported.added:,} added, {imported.changed:,} changed, {imported.removed:,} removed"
            )
            + (f"; {len(imported.refused):,} refused, see above" if imported.refused else "")
        )
        if imported.doubts:
            say(
                counted(len(imported.doubts), "number is in doubt", "numbers are in doubt")
                + ", see above and `radiant catalog conflicts`"
            )
        if adopted:
            say(
                f"adopted: {counted(adopted.models_added, 'model')} added and {adopted.models_updated:,} updated, "
                f"{counted(adopted.providers_added, 'provider')} added"
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
    """Show where sources disagree and which numbers are in doubt: prices first, the largest gap first."""
    found = asked(lambda app: app.facts.conflicts(provider=provider, prices_only=prices, limit=limit), context)
    if json:
        print_json(found)
        return
    rows = [
        (
            f"{it.provider_id}/{it.model_id}",
            it.field,
            None if it.gap is None else f"{it.gap:.0%}",
            "; ".join(f"{source} {value}" for source, value in sorted(it.said.items()))
            + "".join(f". In doubt: {doubt}" for doubt in it.doubts),
        )
        for it in found
    ]
    print_table("", ("model", "field", "gap", "what they say"), rows, right=("gap",), prose=("what they say",))
    if not found:
        say("No two sources disagree. `radiant catalog import litellm` brings one in.")


@catalog.command("list")
def list_(json: JsonOption = False) -> None:
    """List the catalogs the registry was seeded from: ours, and folders of people's own."""
    found = asked(lambda app: app.catalogs.listed())
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


@catalog.command()
def drop(
    context: typer.Context, name: Annotated[str, typer.Argument(help="As `radiant catalog list` shows it.")]
) -> None:
    """Deprecate every model that came from a folder of one's own, and forget the folder."""
    count = asked(lambda app: app.catalogs.drop(name), context, {"name": "catalog"})
    models = counted(count, "model")
    say(f"{models} deprecated. What ours says of the same models holds from the next `radiant up` on.")
