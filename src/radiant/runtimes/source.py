"""Where it stands what a runtime says and takes, and when that was read."""

import msgspec


class Source(msgspec.Struct, frozen=True):
    """`read` is the day on which `place` (an address, or a package with its version) was read, or run."""

    place: str
    read: str
    what: str
