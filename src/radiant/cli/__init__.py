"""The command line: one file per noun, listed in `roster.py`."""

import gc

# Nearly all that a command loads stays until it ends, and looking through it takes a tenth of a short command.
gc.set_threshold(50_000, 20, 20)

from .program import main, process  # noqa: E402

__all__ = ["main", "process"]
