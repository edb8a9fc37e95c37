"""Building an index anew beside the live one, and the lock that lets only one process do so.

A rebuild fills the index `PREFIX-<number>` after the live one's; one request then moves the alias `PREFIX` to
it. An index that never got the alias was left by a rebuild that was killed, and is removed by the next one.
"""

import re
import secrets
from collections.abc import Iterable
from datetime import timedelta

from forum.core import clock
from forum.search.analysis import Analyses
from forum.search.engine import SearchUnavailable
from forum.search.engines.opensearch_index import OpenSearchIndex
from forum.search.engines.opensearch_learning import keep
from forum.search.engines.opensearch_schema import index_of, microseconds
from forum.search.engines.opensearch_server import Body, Conflict, Missing, Server
from forum.search.engines.opensearch_writing import Present
from forum.search.meaning import learn
from forum.search.threads import ThreadDocument

LEASE = timedelta(minutes=5)
"""How long a rebuild that says nothing still counts as running; a batch of threads takes seconds."""

RUNNING = "The search index is being rebuilt already; wait until that is done."
_LOST = "The rebuild of the search index paused for too long, and another one has begun; try again."

_LOCK_INDEX: Body = {
    "settings": {"index": {"number_of_shards": 1, "auto_expand_replicas": "0-1", "hidden": True}},
    "mappings": {
        "dynamic": "strict",
        "properties": {"holder": {"type": "keyword"}, "until": {"type": "long"}},
    },
}


def lock_of(prefix: str) -> str:
    """Return the name of the index that holds the lease."""
    return f"{prefix}-lock"


class Lease:
    """The right to rebuild, as a document on the server that runs out unless it is renewed."""

    def __init__(self, server: Server, prefix: str) -> None:
        self._server = server
        self._index = lock_of(prefix)
        self._holder = secrets.token_hex(8)
        self._stamp: Body = {}
        self._renew_at = clock.now()

    def take(self) -> None:
        """Take the lease. Raises SearchUnavailable when another process holds it."""
        self._make_index()
        found = self._server.read("GET", f"/{self._index}/_doc/rebuild")
        if not found.get("found"):
            self._write({"op_type": "create"}, refusal=RUNNING)
        elif found["_source"]["until"] < microseconds(clock.now()):
            self._write(_if_unchanged(found), refusal=RUNNING)
        else:
            raise SearchUnavailable(RUNNING)

    def renew(self, *, at_once: bool = False) -> None:
        """Make the lease last again. Raises SearchUnavailable when another process has it by now."""
        if at_once or clock.now() >= self._renew_at:
            self._write(self._stamp, refusal=_LOST)

    def give_back(self) -> None:
        """Let others rebuild; no error if they do already."""
        try:
            self._server.write("DELETE", f"/{self._index}/_doc/rebuild", params=self._stamp)
        except SearchUnavailable:
            # It runs out by itself, or is another's by now.
            return

    def _write(self, condition: Body, *, refusal: str) -> None:
        now = clock.now()
        source = {"holder": self._holder, "until": microseconds(now + LEASE)}
        try:
            answer = self._server.write("PUT", f"/{self._index}/_doc/rebuild", source, condition)
        except Conflict:
            raise SearchUnavailable(refusal) from None
        self._stamp = _if_unchanged(answer)
        self._renew_at = now + LEASE / 10

    def _make_index(self) -> None:
        try:
            self._server.read("GET", f"/{self._index}/_settings")
        except Missing:
            make_index(self._server, self._index, _LOCK_INDEX)


class Generations:
    """The numbered indexes of a site."""

    def __init__(self, server: Server, prefix: str) -> None:
        self._server = server
        self._prefix = prefix
        self._numbered = re.compile(re.escape(prefix) + r"-(\d{6,})")

    def live(self) -> str | None:
        """Return the name of the index that has the alias, or None."""
        try:
            found = self._server.read("GET", f"/_alias/{self._prefix}")
        except Missing:
            return None
        return max(found, default=None)

    def make_next(self, body: Body) -> str:
        """Make an empty index after the live one and return its name; the lease must be held."""
        live = self.live()
        self._sweep(live)
        match = self._numbered.fullmatch(live or "")
        name = f"{self._prefix}-{int(match[1]) + 1 if match else 1:06}"
        make_index(self._server, name, body)
        return name

    def switch_to(self, name: str) -> None:
        """Move the alias to this index, for all processes at the same moment."""
        live = self.live()
        actions = [{"remove": {"index": live, "alias": self._prefix}}] if live else []
        actions.append({"add": {"index": name, "alias": self._prefix}})
        self._server.write("POST", "/_aliases", {"actions": actions})

    def remove(self, name: str) -> None:
        """Remove an index; no error if it is gone."""
        self._server.write("DELETE", f"/{name}", params={"ignore_unavailable": "true"})

    def discard(self) -> None:
        """Remove all of them, and the lock, over which wildcards pass because it is hidden."""
        for name in self._server.read("GET", f"/{self._prefix}-*/_settings/index.uuid"):
            if self._numbered.fullmatch(name):
                self.remove(name)
        self.remove(lock_of(self._prefix))

    def _sweep(self, live: str | None) -> None:
        found = self._server.read("GET", f"/{self._prefix}-*/_settings/index.uuid")
        for name in found:
            if name != live and self._numbered.fullmatch(name):
                self.remove(name)


class RebuiltIndex(OpenSearchIndex):
    """An index that nobody else sees yet, so that it is only made visible to searches when somebody looks."""

    def __init__(self, server: Server, name: str, analyses: Analyses, lease: Lease) -> None:
        super().__init__(server, name, analyses, written_with={"refresh": "false"})
        self._lease = lease
        self._unseen = False
        self._given: set[int] = set()

    def has_learned(self) -> bool:
        """See `Teachable.has_learned`."""
        return not self._learned.of(self.server, self.name).is_empty

    def learn(self, sample: Iterable[ThreadDocument], *, threads: int) -> None:
        """See `Teachable.learn`."""
        keep(self.server, self.name, learn(sample, self._analyses, threads=threads))
        self._lease.renew()

    def index(self, documents: Iterable[ThreadDocument]) -> None:
        """See `SearchIndex.index`."""
        self._lease.renew()
        batch = list(documents)
        super().index(batch)
        self._given.update(document.thread_id for document in batch)
        self._unseen = True

    def remove(self, thread_ids: Iterable[int]) -> None:
        """See `SearchIndex.remove`."""
        self._lease.renew()
        super().remove(thread_ids)
        self._unseen = True

    def present(self, thread_ids: Iterable[int]) -> Present:
        """Return the documents that these threads have; threads that were never given have none."""
        again = self._given.intersection(thread_ids)
        if not again:
            return {}
        self.examine()
        return super().present(again)

    def examine(self) -> None:
        """Show what was written, since somebody looks."""
        if self._unseen:
            self.server.write("POST", f"/{self.name}/_refresh")
            self._unseen = False

    def finish(self) -> None:
        """Let the server show what is written by itself from now on, and show all that is there."""
        self.server.write("PUT", f"/{self.name}/_settings", {"index": {"refresh_interval": None}})
        self._unseen = True
        self.examine()


def new_index(analyses: Analyses, server: Server) -> Body:
    """Return the body of a new index on this server."""
    about = server.read("GET", "/")
    return index_of(analyses, server_version=about["version"]["number"])


def make_index(server: Server, name: str, body: Body) -> None:
    """Make an index. Raises SearchUnavailable when it can't be made."""
    server.write("PUT", f"/{name}", body)


def _if_unchanged(document: Body) -> Body:
    return {"if_seq_no": document["_seq_no"], "if_primary_term": document["_primary_term"]}
