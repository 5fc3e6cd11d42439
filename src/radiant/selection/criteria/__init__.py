"""The criteria: one file each, listed in `roster.py`."""
