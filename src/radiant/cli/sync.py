"""`radiant sync`: bring the registry up to date with what providers say, now."""

from functools import partial
from typing import TYPE_CHECKING, Annotated, Final
from uuid import UUID

import typer

from radiant.domain.counted import counted
from radiant.domain.sync import Progress, RunKind

from . import completion
from .command import ALREADY, FAILED, asked
from .output import JsonOption, print_json, print_table, say

if TYPE_CHECKING:
    from radiant.app import App
    from radiant.domain.sync import RunReport, Step


#: The field of a request that the argument stands for.
FIELDS: Final = {"kind": "sync_type"}


def sync(
    context: typer.Context,
    kind: Annotated[
        str,
        typer.Argument(
            help="full, models, health, thermal or pricing.",
            autocompletion=completion.one_of(it.value for it in RunKind),
        ),
    ],
    provider: Annotated[
        str | None, typer.Option("--provider", "-p", help="Only this one.", autocompletion=completion.providers)
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be found, and write nothing.")] = False,
    follow: Annotated[
        bool, typer.Option("--follow", "-f", help="Where a run is going on already, show that one to its end.")
    ] = False,
    json: JsonOption = False,
) -> None:
    import getpass

    from radiant.domain.sync import AlreadyRunning

    async def ran(app: "App") -> "RunReport":
        return await app.syncing.run(
            kind,
            provider=provider,
            dry_run=dry_run,
            requested_by=getpass.getuser(),
            progress=lambda step: _step(step, quiet=json),
        )

    try:
        report = asked(ran, context, FIELDS)
    except AlreadyRunning as error:
        say(f"radiant: {error}{'' if follow else ' --follow shows how it goes on.'}", err=True)
        if not follow:
            raise typer.Exit(ALREADY) from error
        report = asked(partial(_followed, id=error.id, quiet=json))
    if json:
        print_json(report)
    else:
        _show(report)
    if report.status == "failed":
        raise typer.Exit(FAILED)


async def _followed(app: "App", *, id: UUID, quiet: bool) -> "RunReport":
    """The report of a run that goes on somewhere, once it is over; its progress meanwhile."""
    from radiant.insight.run_feed import report_of

    async for seen in app.run_feed.follow(id):
        for step in seen.steps:
            _step(step, quiet=quiet)
        if seen.over:
            return report_of(seen.run)
        if seen.lost:
            break
    say("radiant: Whoever runs it was not heard of for a minute. Begin again; that closes it as failed.", err=True)
    raise typer.Exit(FAILED)


def _step(step: "Step", *, quiet: bool) -> None:
    """Live progress, on stderr; who is skipped is told in the end."""
    if quiet:
        return
    if isinstance(step, Progress):
        _provider(step)
    elif step.result is None:
        say(f"{step.source}: fetching", err=True)
    else:
        say(f"{step.source}: {step.result.outcome}, {step.result.duration_ms:,} ms", err=True)


def _provider(step: Progress) -> None:
    result = step.result
    if result is None:
        say(f"{step.provider_id}: asking", err=True)
        return
    if result.skipped is not None:
        return
    first = next(iter(result.errors), None)
    seen = result.note if result.complete is None else counted(result.seen, "model")
    say(f"{step.provider_id}: {first or seen}, {result.duration_ms:,} ms", err=True)


def _show(report: "RunReport") -> None:
    for source in report.sources:
        say(source.said)
    asked = [it for it in report.providers if it.skipped is None]
    if report.status == "failed":
        say(f"It failed: {report.problem or 'nobody says why.'}", err=True)
    if asked and report.kind == RunKind.HEALTH:
        answers = [(it.provider_id, it.duration_ms, "; ".join(it.errors) or it.note) for it in asked]
        print_table("", ("provider", "ms", "answer"), answers, right=("ms",), prose=("answer",))
    elif asked:
        columns = ("provider", "seen", "new", "changed", "missing", "deprecated", "restored", "ms", "said")
        rows = [
            (
                it.provider_id,
                *it.counts.values(),
                it.duration_ms,
                "; ".join([*([it.note] if it.note else []), *it.errors]),
            )
            for it in asked
        ]
        print_table("", columns, rows, right=columns[1:-1], prose=("said",))
    for note in report.notes:
        say(f"{note}.")
    skipped = [it for it in report.providers if it.skipped is not None]
    if len(skipped) == 1:
        say(f"{skipped[0].provider_id} was skipped: {skipped[0].skipped}.")
    elif skipped:
        where = "radiant health PROVIDER" if report.kind == RunKind.HEALTH else "radiant providers list"
        say(f"{counted(len(skipped), 'provider')} were skipped; `{where}` says why.")
    if report.kind in (RunKind.FULL, RunKind.MODELS, RunKind.HEALTH) and not asked:
        say("Nobody was asked: a provider is contacted once it has a key here or is enabled by hand.")
    if report.dry_run:
        say("Nothing was written.")
    elif report.total("new"):
        say("What is new waits for review: `radiant review list`.")
