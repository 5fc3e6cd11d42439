"""The rules of the ledger of usage: what was told, what it costs, which periods are closed."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from .rule import DAYS, LISTS, NAMES, TEXTS, TIMES, Rule

RULES: Final[Mapping[str, Rule]] = MappingProxyType(
    {
        "usage_told_once": Rule("Usage is told once under an id of a request.", "conflict"),
        "usage_digest": Rule("What was told has a digest of 16 bytes."),
        "usage_names": NAMES,
        "usage_times": TIMES,
        "usage_context": Rule('A context is an object of texts, such as {"processing": "batch"}.'),
        "usage_quantities": Rule("Quantities are an object of numbers by the names of meters."),
        "usage_unread": LISTS,
        "usage_reported": Rule("A reported cost is a finite amount of US dollars from 0."),
        "closed_period_follows": Rule("A closed period begins where the one before ends.", "conflict"),
        "closed_period_times": Rule("A period ends after it begins, between the years 1970 and 2199."),
        "closed_period_texts": TEXTS,
        "closed_period_counts": Rule("Of the requests of a period at most all have no price."),
        "rating_run_kind": Rule("A run of ratings is arrival or rerating."),
        "rating_run_times": TIMES,
        "rating_run_texts": TEXTS,
        "rating_state": Rule(
            "A rating is priced, partly_priced, unpriced or free; without a price it has no amount, and the first of a "
            "usage has no state before it."
        ),
        "rating_amounts": Rule("What a usage costs is a finite amount of US dollars from 0; NULL is unknown."),
        "rating_times": TIMES,
        "rating_unpriced": LISTS,
        "rating_unmatched": LISTS,
        "rating_lines": Rule("The items of a rating are a list of at most 300."),
        "reported_difference_names": NAMES,
        "reported_difference_day": DAYS,
        "ledger_is_kept": Rule(
            "The ledger of usage is only appended to, and nothing is booked into a closed period.", "conflict"
        ),
    }
)
