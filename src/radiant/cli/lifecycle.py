"""Shows the life of a model: whether it is deprecated, and the evidence."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from radiant.domain.counted import counted

from .output import print_json, print_table, say

if TYPE_CHECKING:
    from radiant.domain.sync import Evidence, Lifecycle


def show_lifecycles(found: "Sequence[Lifecycle]", *, json: bool) -> None:
    """One table for each provider that has the model."""
    if json:
        print_json(found)
        return
    if not found:
        say("It runs on hardware of your own: no provider's list has it.")
    for it in found:
        state = "deprecated" if it.deprecated else "served"
        retires = f", retires {it.retires}" if it.retires else ""
        successor = f", successor {it.successor}" if it.successor else ""
        absent = f", not listed since {it.absent_since:%Y-%m-%d %H:%M} UTC" if it.absent_since else ""
        say(f"{it.provider_id}/{it.model_id}: {state}{retires}{successor}{absent}.")
        if it.evidence:
            rows = [
                (each.what, f"{each.at:%Y-%m-%d %H:%M}", each.digest, each.run_id, _told(each)) for each in it.evidence
            ]
            columns = ("what", "at (UTC)", "digest of the list", "run", "details")
            print_table("", columns, rows, prose=("details",))


def _told(evidence: "Evidence") -> str | None:
    """What else is known of it: of requests how many there were, and what the provider said."""
    found = dict(evidence.details)
    requests, message = found.pop("requests", None), found.pop("message", None)
    told = [] if requests is None else [counted(requests, "request")]
    told += [] if message is None else [str(message)]
    return "; ".join([*told, *(f"{name}: {value}" for name, value in found.items())]) or None
