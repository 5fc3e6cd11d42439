"""Which addresses may be spoken to. Pure.

Public ones always, private and loopback ones where an operator says so, and never those at which clouds hand out
credentials to whatever runs on a machine.
"""

import ipaddress
from typing import Final

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def _networks(*texts: str) -> tuple[_Network, ...]:
    return tuple(ipaddress.ip_network(text) for text in texts)


#: Link-local (metadata services are 169.254.169.254 and 169.254.170.2), AWS's over IPv6, Alibaba Cloud's, Oracle's.
NEVER: Final = _networks("169.254.0.0/16", "fe80::/10", "fd00:ec2::/32", "100.100.100.200/32", "192.0.0.192/32")

#: IPv6 addresses that carry an IPv4 address to which a gateway passes on, and the bits behind it.
_CARRIERS: Final = ((ipaddress.IPv6Network("64:ff9b::/96"), 0), (ipaddress.IPv6Network("2002::/16"), 80))


def refusal(text: str, *, private: bool) -> str | None:
    """Say why nobody may connect to this IP address, or None. `private` allows private and loopback networks."""
    try:
        address = carried(ipaddress.ip_address(text.split("%", 1)[0]))
    except ValueError:
        return f"{text!r:.60} is no IP address"
    if any(address.version == network.version and address in network for network in NEVER):
        return f"{address} is a link-local or metadata address, which is never spoken to"
    if address.is_multicast or address.is_unspecified or (address.is_reserved and not address.is_loopback):
        return f"{address} is no address of a server"
    if not address.is_global and not private:
        return f"{address} is a private address; RADIANT_ALLOW_PRIVATE_NETWORKS=1 allows it"
    return None


def carried(address: Address) -> Address:
    """The IPv4 address inside a mapped, translated, 6to4 or Teredo address; any other as it is."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.teredo is not None:
        return address.teredo[1]
    for network, behind in _CARRIERS:
        if address in network:
            return ipaddress.IPv4Address((int(address) >> behind) & 0xFFFFFFFF)
    return address
