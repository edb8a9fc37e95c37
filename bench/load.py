"""Sending requests over kept-alive connections and timing the answers, at little cost for the client.

The client shares the machine with the server, so what it costs is measured, too: requests are made
beforehand, and of an answer only its status and its length are read.
"""

import selectors
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

Next = Callable[[int], bytes]
"""Gives the next request of a connection, by the connection's number."""
LONGEST_PIECE = 1 << 20
CODINGS = "gzip, deflate, br, zstd"
"""What Chrome and Firefox say that they can read."""
_LENGTH = b"content-length: "


@dataclass(slots=True)
class Timing:
    """What the answers took: seconds each, how many bytes and errors, and the client's own work."""

    seconds: list[float] = field(default_factory=list)
    size: int = 0
    errors: int = 0
    elapsed: float = 0.0
    client_seconds: float = 0.0

    @property
    def per_second(self) -> float:
        """Answers per second."""
        return len(self.seconds) / self.elapsed if self.elapsed else 0.0

    def percentile(self, share: float) -> float:
        """Return how many milliseconds this share of the answers took at most."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000 if ordered else 0.0

    def add(self, other: "Timing") -> None:
        """Add another stretch of the same kind."""
        self.seconds += other.seconds
        self.size += other.size
        self.errors += other.errors
        self.elapsed += other.elapsed
        self.client_seconds += other.client_seconds


@dataclass(slots=True)
class _Connection:
    number: int
    socket: socket.socket
    sent_at: float = 0.0
    left: int = -1
    """Bytes of the answer that are still to come; below zero until its head is there."""
    head: bytes = b""
    """The beginning of an answer whose head came in pieces."""


def get(path: str, *, host: str, cookie: str = "") -> bytes:
    """Return a GET request of a browser, which reads compressed pages."""
    head = f"GET {path} HTTP/1.1\r\nHost: {host}\r\nAccept-Encoding: {CODINGS}\r\n"
    return (head + (f"Cookie: {cookie}\r\n" if cookie else "") + "\r\n").encode()


def post(path: str, body: str, *, host: str, cookie: str) -> bytes:
    """Return a POST request of a form."""
    head = f"POST {path} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\nContent-Length: {len(body)}\r\n"
    return f"{head}Content-Type: application/x-www-form-urlencoded\r\n\r\n{body}".encode()


def drive(port: int, requests: Sequence[Next], *, seconds: float, at_least: int = 0) -> Timing:
    """Let each of `requests` feed one connection, one request after the other.

    Ends after some seconds, but not before there were `at_least` answers.
    """
    timing = Timing()
    buffer = bytearray(LONGEST_PIECE)
    with selectors.DefaultSelector() as selector:
        connections = [_Connection(number, _connect(port)) for number in range(len(requests))]
        used, begun = time.process_time(), time.perf_counter()
        until = begun + seconds
        for connection, request in zip(connections, requests, strict=True):
            selector.register(connection.socket, selectors.EVENT_READ, connection)
            _send(connection, request)
        waiting = len(connections)
        while waiting:
            for key, _ in selector.select(timeout=30):
                connection = key.data
                if not _receive(connection, buffer, timing):
                    continue
                if time.perf_counter() < until or len(timing.seconds) < at_least:
                    _send(connection, requests[connection.number])
                else:
                    selector.unregister(connection.socket)
                    connection.socket.close()
                    waiting -= 1
        timing.elapsed = time.perf_counter() - begun
        timing.client_seconds = time.process_time() - used
    return timing


def _connect(port: int) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=30)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def _send(connection: _Connection, following: Next) -> None:
    request = following(connection.number)
    connection.left = -1
    connection.sent_at = time.perf_counter()
    connection.socket.sendall(request)


def _receive(connection: _Connection, buffer: bytearray, timing: Timing) -> bool:
    """Read what has arrived; tell whether the answer is complete, and keep its time."""
    count = connection.socket.recv_into(buffer)
    if not count:
        raise ConnectionError("the server closed the connection")
    timing.size += count
    if connection.left < 0:
        connection.left = _begin(connection, buffer, count, timing)
    else:
        connection.left -= count
    if connection.left:
        return False
    timing.seconds.append(time.perf_counter() - connection.sent_at)
    return True


def _begin(connection: _Connection, buffer: bytearray, count: int, timing: Timing) -> int:
    """Read the head of an answer; return the bytes to come, or -1 while it is incomplete."""
    head: bytes | bytearray = buffer
    if connection.head:
        head = connection.head + buffer[:count]
        count, connection.head = len(head), b""
    end = head.find(b"\r\n\r\n", 0, count)
    if end < 0:
        connection.head = bytes(head[:count])
        return -1
    timing.errors += head[9] not in b"23"
    # Granian writes the names of headers in small letters.
    start = head.find(_LENGTH, 0, end)
    length = int(head[start + len(_LENGTH) : head.find(b"\r", start)]) if start >= 0 else 0
    return end + 4 + length - count
