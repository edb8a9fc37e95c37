"""What an index in OpenSearch has learned of the site's words: a document of its own that no search finds."""

import base64
from threading import Lock
from typing import TypeAlias

from forum.search.analysis import TextModel
from forum.search.engines.opensearch_server import Body, Server
from forum.search.meaning import Meaning

_LEARNED = "learned"
_Stamp: TypeAlias = tuple[str, int, int]


def keep(server: Server, index: str, meaning: Meaning) -> None:
    """Write down what an index has learned, before any thread is put into it."""
    server.write(
        "PUT", f"/{index}/_doc/{_LEARNED}", {"packed": base64.b64encode(meaning.to_bytes()).decode("ascii")}
    )


class Learned:
    """What was read last: some ten megabytes, which would take longer to fetch than a search takes."""

    def __init__(self, model: TextModel | None) -> None:
        self._model = model
        self._reading = Lock()
        self._stamp: _Stamp | None = None
        self._meaning = Meaning.none()

    def of(self, server: Server, index: str) -> Meaning:
        """Return what this index, or the one behind this alias, has learned; nothing if it was not taught."""
        found = server.read("GET", f"/{index}/_doc/{_LEARNED}", params={"_source": "false"})
        if not found.get("found"):
            return Meaning.none()
        with self._reading:
            if _stamp(found) != self._stamp:
                whole = server.read("GET", f"/{index}/_doc/{_LEARNED}")
                content = base64.b64decode(whole["_source"]["packed"])
                self._meaning = Meaning.from_bytes(content).with_model(self._model)
                self._stamp = _stamp(whole)
            return self._meaning


def _stamp(found: Body) -> _Stamp:
    """Return what no other document has; an index that was live never comes back under its name."""
    return found["_index"], found["_seq_no"], found["_primary_term"]
