"""A thread's document as bytes: what an index keeps of it for snippets, and for moving to a new index."""

import json
import zlib
from datetime import datetime
from typing import Any

from forum.search.threads import AnswerText, ThreadDocument


def pack(document: ThreadDocument) -> bytes:
    """Return the document compressed; `unpack` gives it back."""
    content = json.dumps(document.content(), default=datetime.isoformat, ensure_ascii=False)
    return zlib.compress(content.encode("utf-8", "surrogatepass"))


def unpack(packed: bytes) -> ThreadDocument:
    """Return the document that `pack` was given."""
    content: dict[str, Any] = json.loads(zlib.decompress(packed).decode("utf-8", "surrogatepass"))
    answers = tuple(_with_times(AnswerText, answer, ("created_at",)) for answer in content.pop("answers"))
    for name in ("tags", "asked_as"):
        # Indexes of an older version know nothing of duplicates.
        content[name] = tuple(content.get(name, ()))
    document: ThreadDocument = _with_times(
        ThreadDocument, content | {"answers": answers}, ("created_at", "active_at")
    )
    return document


def _with_times(kind: Any, content: dict[str, Any], names: tuple[str, ...]) -> Any:
    return kind(**content | {name: datetime.fromisoformat(content[name]) for name in names})
