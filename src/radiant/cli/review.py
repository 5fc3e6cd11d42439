"""`radiant review`: models that providers list and the registry does not have."""

from typing import TYPE_CHECKING, Annotated

import typer

from radiant.domain.counted import counted
from radiant.domain.sync import ReviewStatus

from . import completion
from .command import asked
from .output import JsonOption, print_json, print_table, say
from .reason import REASON
from .review_rules import rules

if TYPE_CHECKING:
    from radiant.domain.sync import Discovered

review = typer.Typer(no_args_is_help=True)

review.add_typer(rules)

Chosen = Annotated[
    list[str], typer.Argument(help="Ids such as openai/gpt-7, patterns such as 'openai/gpt-*', or whole providers.")
]
Reason = Annotated[str | None, REASON]


@review.command("list")
def list_(
    context: typer.Context,
    provider: Annotated[
        str | None, typer.Option("--provider", "-p", help="Only this one.", autocompletion=completion.providers)
    ] = None,
    status: Annotated[str, typer.Option("--status", help="pending, approved, rejected or all.")] = "pending",
    json: JsonOption = False,
) -> None:
    """List discovered models, each with its snapshots, aliases, fine-tunes and regional variants."""
    found: list[Discovered] = asked(lambda app: app.review.listed(provider, status), context)
    if json:
        print_json(found)
        return
    if not found:
        say("Nothing is waiting." if status == "pending" else "There is nothing.")
        return
    columns = ("model", "status", "what", "task", "missing", "with", "since", "decided by", "why")
    rows = [
        (
            it.id,
            it.status if it.absent_since is None else f"{it.status}, gone",
            f"{it.kind}, claimed by {' and '.join(it.claimed_by)}" if it.claimed_by else it.kind,
            it.proposed.get("task"),
            it.missing,
            len(it.members) or None,
            f"{it.first_seen:%Y-%m-%d}",
            it.decided_by,
            it.reason,
        )
        for it in found
    ]
    print_table("", columns, rows, right=("with",), extra=("decided by", "why"))
    say(f"{counted(len(found), 'model')}; `radiant review approve ID` serves one.")


@review.command()
def show(model: Annotated[str, typer.Argument(metavar="ID", help="As listed.")], json: JsonOption = False) -> None:
    """Show all that is said of one, and what is missing to serve it."""
    import msgspec

    found: Discovered = asked(lambda app: app.review.of(model))
    if json:
        print_json(found)
        return
    fields = {
        name: value for name, value in msgspec.structs.asdict(found).items() if name not in ("proposed", "members")
    }
    members = [f"{it.id} ({it.kind})" for it in found.members]
    print_table(found.id, ("field", "value"), [*fields.items(), ("members", members)], prose=("value",))
    print_table("What is said of it", ("field", "value"), found.proposed.items(), prose=("value",))


@review.command()
def approve(chosen: Chosen, reason: Reason = None, json: JsonOption = False) -> None:
    """Make registry models of these, with all that is said of them."""
    _decide(chosen, ReviewStatus.APPROVED, reason, json)


@review.command()
def reject(chosen: Chosen, reason: Reason = None, json: JsonOption = False) -> None:
    """Refuse these; they stay refused, also when they vanish and come back."""
    _decide(chosen, ReviewStatus.REJECTED, reason, json)


@review.command()
def reopen(chosen: Chosen, reason: Reason = None, json: JsonOption = False) -> None:
    """Take decisions back; what was approved is served no more."""
    _decide(chosen, ReviewStatus.PENDING, reason, json)


def _decide(chosen: list[str], status: ReviewStatus, reason: str | None, json: bool) -> None:
    import getpass

    by = getpass.getuser()
    found: list[Discovered] = asked(lambda app: app.review.decide(chosen, status, by=by, reason=reason))
    if json:
        print_json(found)
    for it in () if json else found:
        if it.status != status:
            say(f"{it.id} stays {it.status}: {it.reason}.")
            continue
        lacking = f"; not known: {', '.join(it.missing)}" if status == "approved" and it.missing else ""
        names = ", ".join(member.id.partition("/")[2] for member in it.members)
        called = f"; with it its other names: {names}" if names else ""
        say(f"{it.id} is {it.status}{lacking}{called}.")
    if any(it.status != status for it in found):
        raise typer.Exit(1)
