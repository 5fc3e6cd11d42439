"""Addresses as text: what can be used, what may be shown, and which of them are the same host. Pure."""

import re
from typing import Final
from urllib.parse import SplitResult, urlsplit

_PORTS: Final = {"http": 80, "https": 443}

#: A name, or an IPv6 address without its brackets.
_HOST: Final = re.compile(r"[A-Za-z0-9._:-]+(%[A-Za-z0-9._-]+)?")

LONGEST_URL: Final = 8_000


def origin(url: str) -> tuple[str, str, int]:
    """Scheme, host and port: what has to be equal for a key to go there."""
    parts = urlsplit(url)
    return parts.scheme.lower(), (parts.hostname or "").lower().rstrip("."), parts.port or _PORTS[parts.scheme.lower()]


def place(url: str) -> str:
    """An address as it may stand in a message: without a name, a password, a query or a fragment."""
    try:
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
    except ValueError:
        return "this address"
    shown = SplitResult(parts.scheme, host, parts.path, "", "").geturl()
    return shown if shown.isprintable() and len(shown) <= 200 else f"{ascii(shown)[1:150]}…"


def problem_with_url(url: str) -> str | None:
    """Say why nothing can be asked at `url`, or None."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "it is no http(s) address"
    if parts.scheme.lower() not in _PORTS or not _HOST.fullmatch(parts.hostname or "") or not url.isascii():
        return "it is no http(s) address"
    if not url.isprintable():
        return "it is no http(s) address"
    if port == 0 or len(url) > LONGEST_URL or " " in url:
        return "it is no address that can be asked"
    if "@" in parts.netloc:
        return "it has a name or password in it; keys belong into the environment"
    return None


def problem_with_base(url: str) -> str | None:
    """Say why `url` cannot be the root of a provider's API, or None."""
    if problem := problem_with_url(url):
        return problem
    if "?" in url or "#" in url:
        return "it has a query in it; expected the root of the API, such as https://api.example.com/v1"
    return None
