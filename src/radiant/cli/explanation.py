"""Why a model was chosen and the others were not, in tables."""

from typing import TYPE_CHECKING

import typer

from .output import print_table

if TYPE_CHECKING:
    from radiant.domain.choice import Explanation

#: Refused models named per reason in the table.
_SHOWN = 4

#: Eligible ones.
_ELIGIBLE = 20


def show_explanation(explanation: "Explanation") -> None:
    """Print the order, the first of those that fit with their reasons, and each refusal once."""
    typer.echo(f"\nOrder of {explanation.profile}: {explanation.order}")
    for note in explanation.notes:
        typer.echo(f"{note[0].upper()}{note[1:]}.")
    eligible = [verdict for verdict in explanation.verdicts if verdict.position is not None]
    rows = [(it.position, f"{it.provider_id}/{it.model_id}", "; ".join(it.reasons)) for it in eligible[:_ELIGIBLE]]
    if rows:
        print_table("", ("", "eligible", "because"), rows, right=("",), prose=("because",))
    if len(eligible) > len(rows):
        typer.echo(f"… and {len(eligible) - len(rows)} more")
    elsewhere = {it.id for group in explanation.refused if group.criterion == "task" for it in group.models}
    refused = []
    for group in explanation.refused:
        names = [it.model_id for it in group.models if it.id not in elsewhere]
        if names:
            told = ", ".join(names[:_SHOWN]) + (", …" if len(names) > _SHOWN else "")
            refused.append((len(names), group.reason, told))
    if refused:
        typer.echo("")
        columns = ("refused", "because", "such as")
        print_table("", columns, refused, right=("refused",), prose=("because", "such as"))
    if elsewhere:
        typer.echo(f"{len(elsewhere)} models are for other tasks.")
