"""Sending requests over kept-alive connections and timing the answers, at little cost for the client."""

import selectors
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

Next = Callable[[int], bytes]
"""Gives the next request of a connection, by the connection's number."""


@dataclass(slots=True)
class Timing:
    """What the answers took: seconds each, and how many bytes and errors there were."""

    seconds: list[float] = field(default_factory=list)
    size: int = 0
    errors: int = 0
    elapsed: float = 0.0

    @property
    def per_second(self) -> float:
        """Answers per second."""
        return len(self.seconds) / self.elapsed if self.elapsed else 0.0

    def percentile(self, share: float) -> float:
        """Return how many milliseconds this share of the answers took at most."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000 if ordered else 0.0


@dataclass(slots=True)
class _Connection:
    number: int
    socket: socket.socket
    sent_at: float = 0.0
    received: bytes = b""
    awaited: int = -1


def get(path: str, *, host: str, cookie: str = "") -> bytes:
    """Return a GET request of a browser, which reads compressed pages."""
    head = f"GET {path} HTTP/1.1\r\nHost: {host}\r\nAccept-Encoding: gzip\r\n"
    return (head + (f"Cookie: {cookie}\r\n" if cookie else "") + "\r\n").encode()


def post(path: str, body: str, *, host: str, cookie: str) -> bytes:
    """Return a POST request of a form."""
    head = f"POST {path} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\nContent-Length: {len(body)}\r\n"
    return f"{head}Content-Type: application/x-www-form-urlencoded\r\n\r\n{body}".encode()


def drive(port: int, requests: Sequence[Next], *, seconds: float) -> Timing:
    """Let each of `requests` feed one connection for some seconds, one request after the other."""
    timing = Timing()
    with selectors.DefaultSelector() as selector:
        begun = time.perf_counter()
        until = begun + seconds
        for number in range(len(requests)):
            connection = _Connection(number, _connect(port))
            selector.register(connection.socket, selectors.EVENT_READ, connection)
            _send(connection, requests[number](number))
        waiting = len(requests)
        while waiting:
            for key, _ in selector.select(timeout=30):
                connection = key.data
                if not _receive(connection, timing):
                    continue
                if time.perf_counter() < until:
                    _send(connection, requests[connection.number](connection.number))
                else:
                    selector.unregister(connection.socket)
                    connection.socket.close()
                    waiting -= 1
        timing.elapsed = time.perf_counter() - begun
    return timing


def _connect(port: int) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=30)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def _send(connection: _Connection, request: bytes) -> None:
    connection.received, connection.awaited = b"", -1
    connection.sent_at = time.perf_counter()
    connection.socket.sendall(request)


def _receive(connection: _Connection, timing: Timing) -> bool:
    """Read what has arrived; tell whether the answer is complete, and keep its time."""
    piece = connection.socket.recv(262_144)
    if not piece:
        raise ConnectionError("the server closed the connection")
    connection.received += piece
    if connection.awaited < 0:
        end = connection.received.find(b"\r\n\r\n")
        if end < 0:
            return False
        connection.awaited = end + 4 + _length(connection.received[:end])
    if len(connection.received) < connection.awaited:
        return False
    timing.seconds.append(time.perf_counter() - connection.sent_at)
    timing.size += len(connection.received)
    timing.errors += connection.received[9:10] not in b"23"
    return True


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0
