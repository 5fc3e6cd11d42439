"""`radiant review rules`: which discovered models are approved at once."""

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Final

import typer

from radiant.domain.counted import counted
from radiant.domain.json_text import decimal_of

from . import completion
from .command import asked
from .output import JsonOption, print_json, print_table, say

if TYPE_CHECKING:
    from radiant.domain.review_rule import ReviewRule
    from radiant.domain.sync import Discovered

#: The terms that options stand for.
FIELDS: Final = {"max_input": "most_input_per_mtok", "max_output": "most_output_per_mtok"}

rules = typer.Typer(
    name="rules", help="Which discovered models are approved at once, where nothing is missing.", no_args_is_help=True
)


@rules.command("list")
def list_(json: JsonOption = False) -> None:
    """List the rules, in the order in which they are asked."""
    found: list[ReviewRule] = asked(lambda app: app.review_rules.listed())
    if json:
        print_json(found)
        return
    if not found:
        say("There are no rules: every discovered model waits for a person.")
        return
    columns = ("rule", "provider", "pattern", "task", "input to", "output to", "approved", "by", "since", "on")
    rows = [
        (
            it.id,
            it.provider_id,
            it.pattern,
            it.task,
            it.most_input_per_mtok,
            it.most_output_per_mtok,
            it.approved,
            it.created_by,
            f"{it.created_at:%Y-%m-%d}",
            it.enabled,
        )
        for it in found
    ]
    print_table("", columns, rows, right=("input to", "output to", "approved"), extra=("since", "on"))


@rules.command()
def add(
    context: typer.Context,
    pattern: Annotated[str, typer.Argument(help="Ids of models at their provider, such as 'gpt-*'; '*' is all.")],
    provider: Annotated[
        str | None, typer.Option("--provider", "-p", help="Only this one.", autocompletion=completion.providers)
    ] = None,
    task: Annotated[
        str | None, typer.Option("--task", "-t", help="Only for this task.", autocompletion=completion.tasks)
    ] = None,
    max_input: Annotated[
        str | None, typer.Option("--max-input", metavar="USD", help="Most for a million input tokens.")
    ] = None,
    max_output: Annotated[
        str | None, typer.Option("--max-output", metavar="USD", help="Most for a million output tokens.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what the rule would approve now, and write nothing.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Approve at once what all of this holds of, from the next list on, and has a task, modalities and a price."""
    import getpass

    from radiant.admin.review_rules import terms_of

    given = {
        "pattern": pattern,
        "provider_id": provider,
        "task": task,
        "most_input_per_mtok": _amount("--max-input", max_input),
        "most_output_per_mtok": _amount("--max-output", max_output),
    }
    if dry_run:
        _show(asked(lambda app: app.review_rules.preview(terms_of(given)), context, FIELDS), json)
        return
    by = getpass.getuser()
    rule: ReviewRule = asked(lambda app: app.review_rules.add(terms_of(given), by=by), context, FIELDS)
    if json:
        print_json(rule)
    else:
        say(f"Rule {rule.id} approves {rule}, from the next list on.")


@rules.command()
def remove(
    id: Annotated[int, typer.Argument(help="As listed.", min=1, max=2**31 - 1)], json: JsonOption = False
) -> None:
    """Remove a rule; what it approved stays approved."""
    rule: ReviewRule = asked(lambda app: app.review_rules.remove(id))
    if json:
        print_json(rule)
    else:
        say(f"Rule {rule.id} is gone; {counted(rule.approved, 'model')} it approved stay approved.")


def _amount(option: str, typed: str | None) -> Decimal | None:
    try:
        return None if typed is None else decimal_of(typed)
    except ArithmeticError as error:
        raise typer.BadParameter(f"{str(typed)[:50]!r} is no amount of US dollars.", param_hint=option) from error


def _show(found: "list[Discovered]", json: bool) -> None:
    if json:
        print_json(found)
        return
    if found:
        rows = [
            (it.id, it.proposed.get("task"), *map(it.proposed.get, ("price.input_per_mtok", "price.output_per_mtok")))
            for it in found
        ]
        print_table("", ("model", "task", "input", "output"), rows, right=("input", "output"))
    say(f"The rule would approve {counted(len(found), 'model')} of those that wait now. Nothing was written.")
