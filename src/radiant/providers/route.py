"""Whether this host has a way out at all. Nothing is sent."""

import socket
from typing import Final

#: Addresses of documentation (RFC 5737, RFC 3849), which nobody has: only the table of routes is asked.
_ELSEWHERE: Final = ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1"))


def has_route() -> bool:
    """Whether a packet to the world would leave this host."""
    return any(_leads(family, address) for family, address in _ELSEWHERE)


def _leads(family: socket.AddressFamily, address: str) -> bool:
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as asked:
            asked.connect((address, 9))  # of a datagram socket: it finds the route and sends nothing
    except OSError:
        return False
    return True
