"""Has an uploaded file made anew by a process that can be killed: see `encoder` for what it does.

A process for each image, rather than some that wait as for texts: an upload is rare and takes a second as it
is, so the fifth of a second that a start takes matters little, and nothing of one image is left for the next.
"""

import hashlib
import json
import os
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

from forum.core.errors import Invalid, TooMany
from forum.core.i18n import gettext, marked
from forum.core.markup.image_names import ImageName
from forum.images.rules import recognise
from forum.images.wire import HEAD, REFUSALS

_IMPORT_ROOT = str(Path(__file__).resolve().parents[2])
# The secrets of the site, which are in the environment too, are no business of a process that reads files.
_PASSED_ON = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "TZ")
_TOO_LONG = marked("It takes too long to read this image. Make it smaller, save it anew, and try again.")
AT_ONCE = 2
"""Images that one web process has made at once: of its threads at least half stay free for pages."""
WAIT_SECONDS = 2.0
"""How long an upload waits for its turn before the person is told to try again."""
RETRY_SECONDS = 10

_turns = threading.BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one image may take. The clock runs twice as long, because a busy machine makes everybody wait."""

    cpu_seconds: int = 10
    clock_seconds: float = 20.0
    memory_bytes: int = 1024 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Encoded:
    """An image made anew: its name, and the content of each of `name.names`."""

    name: ImageName
    contents: tuple[bytes, ...]

    @property
    def byte_count(self) -> int:
        """What all its files take."""
        return sum(map(len, self.contents))


def encode(content: bytes, *, max_pixels: int, limits: Limits | None = None) -> Encoded:
    """Return an image made anew.

    Raise Invalid with what to do about a file that can't be used, TooMany when others are being worked on.
    """
    kind = recognise(content)
    if not _turns.acquire(timeout=WAIT_SECONDS):
        raise TooMany(
            gettext("Several images are being worked on just now. Try again in a moment."),
            retry_after=RETRY_SECONDS,
        )
    try:
        return _decoded(_answer(content, kind, max_pixels, limits or Limits()))
    finally:
        _turns.release()


def _answer(content: bytes, kind: str, max_pixels: int, limits: Limits) -> bytes:
    arguments = map(str, (kind, max_pixels, limits.cpu_seconds, limits.memory_bytes))
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, [_IMPORT_ROOT, os.environ.get("PYTHONPATH")]))
    try:
        ended = subprocess.run(
            # -P: a module in the current directory must not take the place of one of ours.
            [sys.executable, "-P", "-m", "forum.images.encoder", *arguments],
            input=content,
            capture_output=True,
            env=environment,
            timeout=limits.clock_seconds,
            check=False,
            process_group=0 if os.name == "posix" else None,
        )
    except subprocess.TimeoutExpired:
        raise Invalid("file", gettext(_TOO_LONG)) from None
    if ended.returncode < 0:
        # The kernel ended it for its time, or a decoder crashed.
        raise Invalid("file", gettext(_TOO_LONG))
    if ended.returncode:
        raise RuntimeError(f"images can't be made anew: {ended.stderr.decode(errors='replace')[-500:]}")
    return ended.stdout


def _decoded(answer: bytes) -> Encoded:
    (length,) = HEAD.unpack_from(answer)
    at = HEAD.size + length
    head = json.loads(answer[HEAD.size : at])
    if "refused" in head:
        numbers = {name: int(number) for name, number in head["numbers"].items()}
        raise Invalid("file", gettext(REFUSALS[head["refused"]], **numbers))
    contents = []
    for size in head["lengths"]:
        contents.append(answer[at : at + size])
        at += size
    key = hashlib.sha256(contents[0]).hexdigest()[:32]
    width, height = head["size"]
    return Encoded(ImageName(key, width, height, head["extension"]), tuple(contents))
