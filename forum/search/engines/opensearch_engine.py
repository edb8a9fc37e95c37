"""The site's search index in an OpenSearch cluster, for sites that outgrow one server.

Searches and writes go through an alias, so that every process follows a rebuild at its next request.
Processes may write at the same time; see `opensearch_writing` for how they keep out of each other's way.
"""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from forum.core.errors import Misconfigured
from forum.core.i18n import marked
from forum.search.analysis import Analyses
from forum.search.carrying import carry_over
from forum.search.engine import SearchUnavailable
from forum.search.engines.opensearch_index import OpenSearchIndex
from forum.search.engines.opensearch_rebuild import Generations, Lease, RebuiltIndex, new_index
from forum.search.engines.opensearch_schema import made_by
from forum.search.engines.opensearch_server import Missing, Server
from forum.search.state import IndexState

EXAMINED_SECONDS = 5.0
"""How long an index that could be used counts as usable without another look."""

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}")
MISSING = marked(
    "There is no search index yet. "
    "Run `askwell reindex` to build it from the database, or wait for the worker to do so."
)
OUTDATED = marked(
    "The search index was made by another version of the program. "
    "Run `askwell reindex` to build it from the database, or wait for the worker to do so."
)


class OpenSearchEngine(OpenSearchIndex):
    """The live index of a cluster. Opening it asks the server nothing."""

    def __init__(self, server: Server, prefix: str, analyses: Analyses) -> None:
        if not _NAME.fullmatch(prefix):
            raise Misconfigured("ASKWELL_OPENSEARCH_INDEX: write lower-case letters, digits, - and _ only.")
        super().__init__(server, prefix, analyses)
        self._generations = Generations(server, prefix)
        self._usable_until = 0.0

    def needs_rebuild(self) -> str | None:
        """See `SearchEngine.needs_rebuild`.

        Raises SearchUnavailable when the server doesn't answer, for which a rebuild would be no cure.
        """
        return self.unusable() or self._learned.of(self.server, self.name).outgrown(
            self.count(), self._analyses.model
        )

    def unusable(self) -> str | None:
        """See `SearchEngine.unusable`. Raises SearchUnavailable when the server doesn't answer."""
        try:
            found = self.server.read("GET", f"/_alias/{self.name}")
            mappings = self.server.read("GET", f"/{self.name}/_mapping") if found else {}
        except Missing:
            return MISSING
        labels = [mapping["mappings"].get("_meta") for mapping in mappings.values()]
        return None if labels == [made_by(self._analyses)] else OUTDATED

    def examine(self) -> None:
        """Raise SearchUnavailable when the live index can't be used."""
        if time.monotonic() < self._usable_until:
            return
        if reason := self.unusable():
            raise SearchUnavailable(reason)
        self._usable_until = time.monotonic() + EXAMINED_SECONDS

    def state(self) -> IndexState:
        """See `SearchEngine.state`. Bytes and segments are those of the first copy, without replicas."""
        threads = self.count()
        stats = self.server.read("GET", f"/{self.name}/_stats/store,segments")["_all"]["primaries"]
        label = made_by(self._analyses)
        return IndexState(
            threads,
            bytes=stats["store"]["size_in_bytes"],
            segments=stats["segments"]["count"],
            version=f"opensearch {label['schema']}",
        )

    @contextmanager
    def rebuilding(self) -> Iterator[RebuiltIndex]:
        """See `SearchEngine.rebuilding`."""
        lease = Lease(self.server, self.name)
        lease.take()
        try:
            before = {} if self.unusable() else self.fingerprints()
            name = self._generations.make_next(new_index(self._analyses, self.server))
            try:
                fresh = RebuiltIndex(self.server, name, self._analyses, lease)
                yield fresh
                fresh.finish()
                self._switch(fresh, dict(before), lease)
            except BaseException:
                if name != self._live_now():
                    with suppress(SearchUnavailable):
                        self._generations.remove(name)
                raise
        finally:
            lease.give_back()

    def _live_now(self) -> str | None:
        try:
            return self._generations.live()
        except SearchUnavailable:
            # The next rebuild removes what was left.
            return self.name

    def _switch(self, fresh: RebuiltIndex, before: dict[int, str], lease: Lease) -> None:
        """Let the fresh index take the live one's place, with what changed there since `before`."""
        live = self._generations.live()
        old = None
        if live is not None and not self.unusable():
            old = OpenSearchIndex(self.server, live, self._analyses)
            between = old.fingerprints()
            carry_over(old, before, fresh)
            fresh.examine()
        lease.renew(at_once=True)
        self._generations.switch_to(fresh.name)
        self._usable_until = 0.0
        if old is not None:
            # Writes are never held up, so some may have come in while the changes were copied.
            self.server.write("POST", f"/{old.name}/_refresh")
            carry_over(old, between, fresh)
            fresh.examine()
        if live is not None:
            self._generations.remove(live)

    def discard(self) -> None:
        """See `Discardable.discard`."""
        self._generations.discard()

    def close(self) -> None:
        """See `SearchEngine.close`."""
        self.server.close()
