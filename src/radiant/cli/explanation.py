"""Prints why models were chosen or refused, as tables."""

from typing import TYPE_CHECKING

from radiant.domain.counted import counted

from .advice import advice_on
from .output import print_table, say

if TYPE_CHECKING:
    from radiant.domain.explanation import Explanation

#: Refused models named per reason in the table.
_SHOWN = 4

#: Eligible ones.
EXPLAINED = 20


def advised(explanation: "Explanation") -> "Explanation":
    """The same, with what helps against a refusal in terms of this command line."""
    import msgspec

    refused = tuple(
        group
        if group.remedy is None
        else msgspec.structs.replace(group, advice=advice_on(group.remedy, group.models[0].model_id))
        for group in explanation.refused
    )
    return msgspec.structs.replace(explanation, refused=refused)


def show_explanation(explanation: "Explanation") -> None:
    """Print the order, the first of those that fit with their reasons, and each refusal once."""
    say(f"\nOrder of {explanation.profile}: {explanation.order}")
    for note in explanation.notes:
        say(f"{note[0].upper()}{note[1:]}.")
    eligible = [verdict for verdict in explanation.verdicts[:EXPLAINED] if verdict.position is not None]
    rows = [(it.position, f"{it.provider_id}/{it.model_id}", "; ".join(it.reasons)) for it in eligible]
    if rows:
        print_table("", ("", "eligible", "because"), rows, right=("",), prose=("because",))
    if explanation.eligible > len(rows):
        say(f"… and {explanation.eligible - len(rows):,} more")
    elsewhere = sum(group.other_tasks for group in explanation.refused if group.criterion == "task")
    refused = []
    for group in explanation.refused:
        count = group.count - group.other_tasks
        if count:  # those of the task stand first
            names = [it.model_id for it in group.models[: min(count, _SHOWN)]]
            told = ", ".join(names) + (", …" if count > len(names) else "")
            reason = group.reason if group.advice is None else f"{group.reason}; {group.advice}"
            refused.append((count, reason, told))
    if refused:
        say("")
        columns = ("refused", "because", "such as")
        print_table("", columns, refused, right=("refused",), prose=("because", "such as"))
    if elsewhere:
        say(f"{counted(elsewhere, 'model is', 'models are')} for other tasks.")
