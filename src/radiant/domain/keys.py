"""Which environment variables a provider's key stands in. Names only: nothing here ever sees a key."""

from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType
from typing import Final

_AWS: Final = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")

#: Variables that open nothing alone, and what must be set beside them.
BESIDE: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "AWS_ACCESS_KEY_ID": _AWS,
        "AWS_SECRET_ACCESS_KEY": _AWS,
        "AWS_SESSION_TOKEN": _AWS,
        "CLOUDFLARE_ACCOUNT_ID": ("CLOUDFLARE_API_KEY",),
    }
)


def variable_in_use(names: Iterable[str], present: Collection[str]) -> str | None:
    """The first of a provider's variables that is set, with all that it needs beside it; None where there is no key."""
    return next((name for name in names if name in present and all(it in present for it in BESIDE.get(name, ()))), None)
