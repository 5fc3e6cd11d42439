"""Prints chosen models as a table."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from .output import print_table, say

if TYPE_CHECKING:
    from radiant.domain.choice import Choice


#: What matters of a model that somebody could deploy.
_OWN = ("instance", "USD an hour", "license")


def show_choices(found: "Sequence[Choice]", options: Mapping[str, str]) -> None:
    """Print a table, the best one first, and what has to be known of the best one; nothing where there is none."""
    if not found:
        return
    own = any(choice.thermal_state == "OFF" for choice in found)
    rows = [
        (
            "→" if number == 0 else " ",
            choice.model_id,
            choice.provider_name,
            choice.thermal_state or "ready",
            f"{choice.warmup_time_seconds} s" if choice.warmup_required else None,
            choice.health_status,
            None if choice.estimated_cost is None else f"{choice.estimated_cost:f}",
            *(
                (choice.instance_type, choice.cost_per_hour and f"{choice.cost_per_hour:f}", choice.license)
                if own
                else ()
            ),
        )
        for number, choice in enumerate(found)
    ]
    columns = ("", "model", "provider", "state", "warm-up", "health", "USD a request", *(_OWN if own else ()))
    extra = ("state", "warm-up", "health", *(_OWN if own else ()))
    print_table("", columns, rows, right=("USD a request", "USD an hour"), extra=extra)
    for sentence in _remarks(found[0], options):
        say(sentence)
    if found[0].connected is False:
        hint = f"No key for {found[0].provider_name} is set here; --connected shows only what there is a key for."
        say(hint, err=True)


def _remarks(best: "Choice", options: Mapping[str, str]) -> Iterator[str]:
    if best.broken:
        broken = ", ".join(options.get(it, it) for it in best.broken)
        yield f"{best.model_id} is the model of last resort, without {broken}."
    for unmatched in best.unmatched_exclusions:
        yield f"{options.get('exclude', 'exclude')}: {unmatched}."
    if best.warming is not None:
        yield _warming_in_words(best)
    for doubt in best.doubts:
        yield f"In doubt of {best.model_id}: {doubt}"
    if best.thermal_state == "OFF":
        how = f"`radiant endpoints add {best.model_id} --runtime RUNTIME --url URL`"
        yield f"{best.model_id} is off. {how} says where it runs."
    if best.retires is not None:
        yield f"{best.model_id} retires on {best.retires}" + (
            f"; {best.successor} comes after it." if best.successor else "."
        )


def _until_then(choice: "Choice") -> str:
    """For how long, and at what cost, as far as that is known: with the comma before who stands in."""
    if choice.warmup_problem is not None or choice.warming_seconds is None:
        return ""
    more = choice.extra_cost
    dearer = f", and for {more:f} USD a request more" if more is not None and more > 0 else ""
    return f"Until it is warm, in about {choice.warming_seconds:,} s{dearer}, "


def _warming_in_words(choice: "Choice") -> str:
    if choice.warmup_problem is not None:
        told = f"could not be asked for: {choice.warmup_problem}"
    else:
        told = "was asked for" if choice.warmup_started else "had been asked for already, or an operator holds it"
    stand_in = "" if choice.warmup_required else f" {_until_then(choice)}{choice.model_id} stands in."
    return f"The warm-up of {choice.warming} {told.removesuffix('.')}.{stand_in}"
