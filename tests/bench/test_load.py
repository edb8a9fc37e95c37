"""The client of the benchmark, against a server that answers as it is told."""

import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest

from bench.load import drive, get

WHOLE = b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello"
MISSING = b"HTTP/1.1 404 Not Found\r\ncontent-length: 2\r\n\r\nno"
EMPTY = b"HTTP/1.1 304 Not Modified\r\n\r\n"


@contextmanager
def answering(pieces: Sequence[bytes]) -> Iterator[int]:
    """Answer each request of one connection with these pieces, one after the other; give the port."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                while connection.recv(4096):
                    for piece in pieces:
                        connection.sendall(piece)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        thread.join(5)


@pytest.mark.parametrize(
    ("pieces", "size", "errors"),
    [
        ([WHOLE], len(WHOLE), 0),
        ([WHOLE[:20], WHOLE[20:]], len(WHOLE), 0),
        ([WHOLE[:-3], WHOLE[-3:]], len(WHOLE), 0),
        ([MISSING], len(MISSING), 1),
        ([EMPTY], len(EMPTY), 0),
    ],
)
def test_it_counts_answers_bytes_and_errors(pieces: Sequence[bytes], size: int, errors: int) -> None:
    with answering(pieces) as port:
        request = get("/", host="localhost")
        timing = drive(port, [lambda _connection: request], seconds=0, at_least=3)

    assert len(timing.seconds) == 3
    assert timing.size == 3 * size
    assert timing.errors == 3 * errors
