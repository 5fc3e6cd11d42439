"""`radiant catalog shelf`: optional self-hosted models that come with Radiant."""

from typing import Annotated

import typer

from radiant.domain.counted import counted
from radiant.settings import Settings

from . import completion
from .command import asked, run
from .output import JsonOption, print_json, print_table

shelf = typer.Typer(name="shelf", help="More self-hosted models, to be added when wanted.", no_args_is_help=True)

FIELDS = {"name": "shelf"}

_NAME = typer.Argument(help="As `radiant catalog shelf list` shows it.", autocompletion=completion.shelves)


@shelf.command("list")
def list_(json: JsonOption = False) -> None:
    """List the shelves that come with Radiant, and what stands on them."""
    found = asked(lambda app: app.catalogs.shelves())
    if json:
        print_json(found)
        return
    for it in found:
        state = "in the registry" if it.added else "not in the registry"
        rows = [(model.model_id, model.task, model.parameters, model.license, model.serving) for model in it.models]
        columns = ("model", "task", "parameters", "license", "serving")
        title = f"{it.name}: {counted(len(it.models), 'model')}, {state}"
        print_table(title, columns, rows, right=("parameters",))


@shelf.command()
def add(context: typer.Context, name: Annotated[str, _NAME], json: JsonOption = False) -> None:
    """Add a shelf's models to the registry; every later start keeps them current."""
    from radiant.app import App

    async def command() -> None:
        settings = Settings.from_environment()
        async with await App.open(settings) as app:
            report = await app.catalogs.add_shelf(name, settings.catalog)
            count = next(len(it.models) for it in await app.catalogs.shelves() if it.name == name)
        if json:
            print_json(report)
        elif report.newer is not None:
            typer.echo(f"A newer Radiant, {report.newer}, has seeded the registry: add the shelf with that one.")
        else:
            there = f"{report.models_added} of them new" if report.models_added else "none of them new"
            models = counted(count, "model")
            typer.echo(f"{name}: {models} in the registry, {there}. `radiant catalog shelf remove` retires them.")

    run(command, context, FIELDS)


@shelf.command()
def remove(context: typer.Context, name: Annotated[str, _NAME]) -> None:
    """Retire a shelf's models, and forget that the shelf was added."""
    count = asked(lambda app: app.catalogs.remove_shelf(name), context, FIELDS)
    retired = None if count is None else f"{name}: {counted(count, 'model')} retired."
    typer.echo(retired or f"{name} was not in the registry.")
