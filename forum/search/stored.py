"""A thread's document as bytes: what an index keeps of it for snippets, and for moving to a new index.

Each text is compressed by itself, because a search shows a passage of one of them and reads no other.
"""

import json
import zlib
from dataclasses import replace
from datetime import datetime
from itertools import accumulate
from struct import Struct
from typing import Any, NamedTuple

from forum.search.threads import AnswerText, Texts, ThreadDocument

_HEAD = Struct("<BII")
"""The form, how many answers there are, and how many bytes all but the texts takes."""
_TEXT = Struct("<QBII")
"""The id of the answer, its flags, the characters of the text, and how many bytes these take."""
_FORM = 1
"""The first byte of what older versions packed is another."""
_SOLVING, _OUTDATED = 1, 2


class PackedAnswer(NamedTuple):
    """What is known of an answer without reading its text."""

    post_id: int
    is_solving: bool
    outdated: bool


class PackedTexts:
    """The texts of a packed document, each read when it is asked for."""

    def __init__(self, packed: bytes) -> None:
        _form, answers, rest = _HEAD.unpack_from(packed)
        last = _HEAD.size + (answers + 2) * _TEXT.size
        told = list(_TEXT.iter_unpack(packed[_HEAD.size : last]))
        self.answers = [
            PackedAnswer(post_id, bool(flags & _SOLVING), bool(flags & _OUTDATED))
            for post_id, flags, _length, _size in told[1:-1]
        ]
        self._packed = packed
        self._lengths: list[int] = [length for _id, _flags, length, _size in told]
        self._ends = list(accumulate((size for *_, size in told), initial=last + rest))

    def text_at(self, place: int) -> str:
        """See `Texts.text_at`."""
        at = place % len(self._lengths)
        return _text(self._packed[self._ends[at] : self._ends[at + 1]])

    def length_at(self, place: int) -> int:
        """See `Texts.length_at`."""
        return self._lengths[place]

    def rest(self) -> bytes:
        """Return the document without these texts."""
        return self._packed[_HEAD.size + len(self._lengths) * _TEXT.size : self._ends[0]]


def pack(document: ThreadDocument) -> bytes:
    """Return the document compressed; `unpack` gives it back."""
    answers = document.answers
    bare = replace(
        document, question="", comments="", answers=tuple(replace(one, text="") for one in answers)
    )
    content = json.dumps(bare.content(), default=datetime.isoformat, ensure_ascii=False)
    rest = _compressed(content)
    flags = [0, *(_SOLVING * one.is_solving + _OUTDATED * one.outdated for one in answers), 0]
    ids = [0, *(one.post_id for one in answers), 0]
    texts = [document.question, *(one.text for one in answers), document.comments]
    packed = [_compressed(text) for text in texts]
    heads = [
        _TEXT.pack(id, flag, len(text), len(bytes_))
        for id, flag, text, bytes_ in zip(ids, flags, texts, packed, strict=True)
    ]
    return b"".join([_HEAD.pack(_FORM, len(answers), len(rest)), *heads, rest, *packed])


def texts(packed: bytes) -> Texts:
    """Return the texts of a packed document."""
    return PackedTexts(packed) if packed[0] == _FORM else unpack(packed)


def unpack(packed: bytes) -> ThreadDocument:
    """Return the document that `pack` was given."""
    apart = PackedTexts(packed) if packed[0] == _FORM else None
    content: dict[str, Any] = json.loads(_text(apart.rest() if apart else packed))
    if apart is not None:
        content |= {"question": apart.text_at(0), "comments": apart.text_at(-1)}
        for place, answer in enumerate(content["answers"], start=1):
            answer["text"] = apart.text_at(place)
    answers = tuple(_with_times(AnswerText, answer, ("created_at",)) for answer in content.pop("answers"))
    for name in ("tags", "asked_as"):
        # Indexes of an older version know nothing of duplicates.
        content[name] = tuple(content.get(name, ()))
    document: ThreadDocument = _with_times(
        ThreadDocument, content | {"answers": answers}, ("created_at", "active_at")
    )
    return document


def _compressed(text: str) -> bytes:
    return zlib.compress(text.encode("utf-8", "surrogatepass"))


def _text(packed: bytes) -> str:
    return zlib.decompress(packed).decode("utf-8", "surrogatepass")


def _with_times(kind: Any, content: dict[str, Any], names: tuple[str, ...]) -> Any:
    return kind(**content | {name: datetime.fromisoformat(content[name]) for name in names})
