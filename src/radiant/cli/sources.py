"""`radiant sources`: which public catalogs are fetched, and what came."""

from typing import TYPE_CHECKING, Annotated

import typer

from . import completion
from .command import asked
from .output import JsonOption, print_json, print_table, say

if TYPE_CHECKING:
    from radiant.domain.source import SourceState

sources = typer.Typer(no_args_is_help=True)

Chosen = Annotated[
    str,
    typer.Argument(metavar="SOURCE", help="Such as litellm, or all.", autocompletion=completion.sources_or_all),
]


@sources.command("list")
def list_(json: JsonOption = False) -> None:
    """List the public catalogs, whether each is fetched, and what came."""
    found: list[SourceState] = asked(lambda app: app.sources.listed())
    if json:
        print_json(found)
        return
    _table(found)
    for it in found:
        if it.fetched and it.last_error is not None:
            say(it.last_error)
    if not any(it.fetched for it in found):
        say("None is fetched; `radiant sources enable all` begins.")


@sources.command()
def enable(
    context: typer.Context,
    source: Chosen,
    url: Annotated[
        str | None, typer.Option("--url", help="Fetch it from this mirror; `public` is its own address again.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Have full runs and runs of models fetch a public catalog, or all."""
    found = asked(lambda app: app.sources.change(source, enabled=True, url=url), context)
    if json:
        print_json(found)
        return
    for it in found:
        say(f"{it.id} is enabled, and fetched from {it.url}.")
    say("The next run fetches what is enabled; `radiant sync models` does so now.")


@sources.command()
def disable(context: typer.Context, source: Chosen, json: JsonOption = False) -> None:
    """Fetch a public catalog, or all, no more. What it said stays."""
    found = asked(lambda app: app.sources.change(source, enabled=False, url=None), context)
    if json:
        print_json(found)
        return
    for it in found:
        say(f"{it.id} is disabled." if not it.fetched else f"{it.id} is disabled; RADIANT_ONLINE has it fetched here.")


def _table(found: "list[SourceState]") -> None:
    columns = ("catalog", "status", "entries", "facts", "imported (UTC)", "from")
    rows = [
        (
            it.id,
            it.status,
            it.entries,
            it.facts,
            it.imported_at and f"{it.imported_at:%Y-%m-%d %H:%M}",
            it.url,
        )
        for it in found
    ]
    print_table("", columns, rows, right=("entries", "facts"), prose=("from",))
