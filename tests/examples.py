"""How many examples a property is tried with: each day some others, and all of them by `make test-search`."""

import os

_PART = 1 if os.environ.get("RADIANT_TEST_SEARCH") else 3


def examples(most: int) -> int:
    """`most`, or a third of it every day."""
    return most // _PART
