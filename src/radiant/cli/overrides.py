"""`radiant overrides`: fields that people set and rows that they deleted by hand."""

from typing import Annotated

import typer

from .command import asked
from .output import JsonOption, print_json, print_table, say

overrides = typer.Typer(no_args_is_help=True)


@overrides.command("list")
def list_(
    subject: Annotated[
        str | None, typer.Argument(help="Only this, such as model:openai/gpt-4o-mini; all without it.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """List fields that were set by hand, and rows that were deleted."""
    found = asked(lambda app: app.overrides.listed(subject))
    if json:
        print_json(found)
        return
    if not found:
        say("Nobody changed anything by hand.")
        return
    rows = [
        (
            it.subject,
            "(deleted)" if it.is_deletion else it.field,
            it.value,
            it.reason,
            it.set_by,
            f"{it.set_at:%Y-%m-%d %H:%M}",
        )
        for it in found
    ]
    print_table("", ("subject", "field", "value", "reason", "by", "at (UTC)"), rows, prose=("reason",))


@overrides.command()
def drop(
    subject: Annotated[str, typer.Argument(help="As `radiant overrides list` shows it.")],
    field: Annotated[str | None, typer.Argument(help="One field; * is a deletion. Without it, all of them.")] = None,
) -> None:
    """Hand a field, or all of a subject, back to the catalog; what was deleted comes back."""
    dropped = asked(lambda app: app.overrides.drop(subject, field))
    fields = ["its deletion" if name == "*" else name for name in dropped]
    say(
        f"{subject}: {', '.join(fields)} handed back. The catalog holds again from the next `radiant up` or "
        "`radiant db migrate` on."
    )
