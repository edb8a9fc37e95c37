"""Messages between the server and the processes that render: JSON after its length in four bytes."""

import json
import struct
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


def encode_source(source: Source) -> bytes:
    """Return a source as a frame."""
    return _encode(
        {
            "text": source.text,
            "flavour": source.flavour.value,
            "mentions": dict(source.mentions),
            "anchor": source.anchor,
        }
    )


def decode_source(frame: bytes) -> Source:
    """Return the source of a frame."""
    fields = json.loads(frame)
    return Source(fields["text"], Flavour(fields["flavour"]), fields["mentions"], fields["anchor"])


def encode_rendered(rendered: Rendered | None) -> bytes:
    """Return a result as a frame; None stands for a source that could not be rendered."""
    if rendered is None:
        return b"null"
    return _encode(
        {
            "html": rendered.html,
            "text": rendered.text,
            "code": rendered.code,
            "mentions": sorted(rendered.mentions),
        }
    )


def decode_rendered(frame: bytes) -> Rendered | None:
    """Return the result of a frame; raises ValueError when it holds none."""
    fields = json.loads(frame)
    if fields is None:
        return None
    return Rendered(fields["html"], fields["text"], fields["code"], frozenset(fields["mentions"]))


def _encode(fields: dict[str, Any]) -> bytes:
    return json.dumps(fields).encode()


def _read(stream: BinaryIO, size: int) -> bytes:
    read = bytearray()
    while len(read) < size:
        chunk = stream.read(size - len(read))
        if not chunk:
            raise EOFError("the other side has closed the pipe")
        read += chunk
    return bytes(read)
