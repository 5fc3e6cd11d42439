"""What `radiant doctor` says of one subject."""

import msgspec


class Finding(msgspec.Struct, frozen=True):
    """One look. `advice` says what to do, where something is to be done."""

    subject: str
    ok: bool
    state: str
    advice: str | None = None
