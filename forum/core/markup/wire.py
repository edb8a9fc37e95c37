"""Messages between the server and the processes that render: JSON after its length in four bytes."""

import json
import struct
from collections.abc import Sequence
from typing import Any, BinaryIO

from forum.core.markup.values import Flavour, Rendered, Source

_LENGTH = struct.Struct(">I")
_MAX_FRAME = 64 * 1024 * 1024  # bytes; the length of a longer one is the start of something else

READY = b"ready"


def write_frame(stream: BinaryIO, frame: bytes) -> None:
    """Write one frame; raises OSError when the other side is gone."""
    left = memoryview(_LENGTH.pack(len(frame)) + frame)
    while left:
        # A pipe without a buffer takes as much as it has room for.
        left = left[stream.write(left) :]


def read_frame(stream: BinaryIO) -> bytes:
    """Return the next frame; raises EOFError when the other side is gone."""
    (length,) = _LENGTH.unpack(_read(stream, _LENGTH.size))
    if length > _MAX_FRAME:
        raise EOFError(f"a frame of {length} bytes")
    return _read(stream, length)


def encode_sources(sources: Sequence[Source]) -> bytes:
    """Return sources as a frame."""
    return _encode(
        [
            {
                "text": source.text,
                "flavour": source.flavour.value,
                "mentions": dict(source.mentions),
                "anchor": source.anchor,
            }
            for source in sources
        ]
    )


def decode_sources(frame: bytes) -> list[Source]:
    """Return the sources of a frame."""
    return [
        Source(fields["text"], Flavour(fields["flavour"]), fields["mentions"], fields["anchor"])
        for fields in json.loads(frame)
    ]


def encode_results(results: Sequence[Rendered | None]) -> bytes:
    """Return results as a frame; None stands for a source that could not be rendered."""
    return _encode([None if rendered is None else _fields(rendered) for rendered in results])


def decode_results(frame: bytes) -> list[Rendered | None]:
    """Return the results of a frame; raises ValueError when it holds none."""
    return [
        None
        if fields is None
        else Rendered(fields["html"], fields["text"], fields["code"], frozenset(fields["mentions"]))
        for fields in json.loads(frame)
    ]


def _fields(rendered: Rendered) -> dict[str, Any]:
    return {
        "html": rendered.html,
        "text": rendered.text,
        "code": rendered.code,
        "mentions": sorted(rendered.mentions),
    }


def _encode(content: list[Any]) -> bytes:
    return json.dumps(content).encode()


def _read(stream: BinaryIO, size: int) -> bytes:
    read = bytearray()
    while len(read) < size:
        chunk = stream.read(size - len(read))
        if not chunk:
            raise EOFError("the other side has closed the pipe")
        read += chunk
    return bytes(read)
