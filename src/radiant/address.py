"""The host and port that `radiant up` listens on."""

import errno
import socket

from radiant.domain.errors import AddressUnusable


def listening_socket(host: str, port: int) -> socket.socket:
    """Bind before anything else starts, so that a taken port costs nothing. Raises AddressUnusable."""
    try:
        # With the protocol named, asyncio sets TCP_NODELAY; without it every answer waits 40 ms for an ACK.
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise AddressUnusable(host, port, f"{host!r} is no address of this machine") from error
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(512)
    except OSError as error:
        listener.close()
        reasons = {
            errno.EADDRINUSE: "something else listens there; stop it, or choose another with --port",
            errno.EACCES: "that needs more rights; choose a port above 1023 with --port",
            errno.EADDRNOTAVAIL: "it is no address of this machine; choose one with --host",
        }
        reason = reasons.get(error.errno or 0, str(error.strerror))
        raise AddressUnusable(host, port, reason, taken=error.errno == errno.EADDRINUSE) from error
    return listener


def bracketed(host: str) -> str:
    """A host as it stands in a URL."""
    return f"[{host}]" if ":" in host else host
