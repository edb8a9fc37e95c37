"""The address that the server is to listen on."""

import errno
import socket

from forum.core.errors import Misconfigured
from forum.core.settings import Settings


def listening_address(settings: Settings) -> tuple[str, int]:
    """Return the numeric host and the port; raise Misconfigured when nobody could listen there.

    The server's processes share the port by SO_REUSEPORT, with which two sites would both start and get the
    requests by chance. So a plain socket tries it first.
    """
    host, port = settings.host, settings.port
    try:
        kind, _, _, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror:
        raise Misconfigured(f"ASKWELL_HOST: {host!r} is no address of this machine.") from None
    with socket.socket(kind, socket.SOCK_STREAM) as attempt:
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind(place)
        except OSError as error:
            raise Misconfigured(_reason(error, host=host, port=port)) from None
    return str(place[0]), port


def local_address(host: str) -> str:
    """Return an address by which this machine reaches a server that listens on the numeric `host`."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared with, not listened on


def _reason(error: OSError, *, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"ASKWELL_PORT: port {port} is in use; end what listens there or choose another port with --port."
        )
    if error.errno == errno.EACCES:
        return f"ASKWELL_PORT: port {port} needs the rights of root; choose one above 1023."
    return f"ASKWELL_HOST: can't listen on {host}: {error.strerror}."
