"""One index in OpenSearch: documents put in, found, and told about."""

import base64
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from forum.search.analysis import Analyses
from forum.search.engine import Hit, Hits, Kind, SearchQuery, SearchUnavailable, SimilarQuery, Snippet, Sort
from forum.search.engines.opensearch_counting import counted, facets_from
from forum.search.engines.opensearch_learning import Learned
from forum.search.engines.opensearch_queries import matching, order
from forum.search.engines.opensearch_schema import id_of, sources_of, thread_of
from forum.search.engines.opensearch_server import Body, Server
from forum.search.engines.opensearch_similar import most_similar
from forum.search.engines.opensearch_words import completions, corrections
from forum.search.engines.opensearch_writing import NEAREST_SHARDS, Present, Sources, present, scan, write
from forum.search.plan import Plan, order_of, plan
from forum.search.pruning import finished
from forum.search.snippets import Sought, snippet_of, sought_in, sought_terms
from forum.search.stored import unpack
from forum.search.threads import ThreadDocument

_ATTEMPTS = 5
"""How often a thread is written again because another process wrote it at the same time."""

_READ_AT_ONCE = 500
"""Stored documents that are fetched in one request."""

_THREADS = {"term": {"is_answer": False}}


SEEN_AT_ONCE = {"refresh": "true", "require_alias": "true"}
"""What is asked of a write to the live index: that it is seen at once, and makes no index by mistake."""


class OpenSearchIndex:
    """An index by its name, or by an alias for it."""

    def __init__(
        self, server: Server, name: str, analyses: Analyses, *, written_with: Mapping[str, str] = SEEN_AT_ONCE
    ) -> None:
        self.server = server
        self.name = name
        self._analyses = analyses
        self._learned = Learned(analyses.model)
        self._written_with = written_with

    def examine(self) -> None:
        """Do what must be done before each access; here nothing."""

    def index(self, documents: Iterable[ThreadDocument]) -> None:
        """See `SearchIndex.index`."""
        meaning = self._learned.of(self.server, self.name)
        batch = list(documents)
        directions = meaning.packed(batch, self._analyses.prose)
        wanted = {
            document.thread_id: tuple(sources_of(document, self._analyses, direction))
            for document, direction in zip(batch, directions, strict=True)
        }
        self._write(wanted)

    def remove(self, thread_ids: Iterable[int]) -> None:
        """See `SearchIndex.remove`."""
        self._write(dict.fromkeys(thread_ids, ()))

    def _write(self, wanted: Mapping[int, Sources]) -> None:
        left = dict(wanted)
        for _ in range(_ATTEMPTS):
            if not left:
                return
            self.examine()
            faster = write(self.server, self.name, left, self.present(left), self._written_with)
            left = {thread_id: left[thread_id] for thread_id in faster}
            if left:
                self.server.write("POST", f"/{self.name}/_refresh")
        if left:
            raise SearchUnavailable(f"Other processes keep writing the threads {sorted(left)}; try again.")

    def present(self, thread_ids: Iterable[int]) -> Present:
        """Return the documents that these threads have so far."""
        return present(self.server, self.name, thread_ids)

    def search(self, query: SearchQuery) -> Hits:
        """See `SearchIndex.search`."""
        planned = plan(query, self._analyses)
        if planned.is_empty:
            return Hits(0, (), ignored=planned.ignored)
        self.examine()
        sort = order_of(query, planned)
        answer, relaxed = self._found(planned, query, sort), None
        if not _total(answer) and (relaxed := planned.relaxed()):
            answer = self._found(relaxed, query, sort)
        total = _total(answer)
        return Hits(
            total,
            self._hits(answer["hits"]["hits"], sought_in(planned), planned.kind),
            relaxed=bool(relaxed and total),
            ignored=planned.ignored,
            facets=facets_from(answer["aggregations"], total) if query.with_facets else None,
        )

    def _found(self, planned: Plan, query: SearchQuery, sort: Sort) -> Body:
        body: Body = {
            "query": matching(planned),
            "from": query.offset,
            "size": query.limit,
            "sort": order(sort),
            "track_scores": True,
            "track_total_hits": True,
            "_source": ["packed"],
        }
        if query.with_facets:
            body["aggs"] = counted()
        return self.server.read("POST", f"/{self.name}/_search", body, NEAREST_SHARDS)

    def _hits(self, found: list[Body], sought: Sought, kind: Kind) -> tuple[Hit, ...]:
        if kind is Kind.ANSWER:
            documents = {
                document.thread_id: document
                for document in self._stored(dict.fromkeys(thread_of(hit["_id"]) for hit in found))
            }
        else:
            documents = {thread_of(hit["_id"]): _unpacked(hit) for hit in found}
        return tuple(self._hit(hit, documents, sought, kind) for hit in found)

    def _hit(self, found: Body, documents: Mapping[int, ThreadDocument], sought: Sought, kind: Kind) -> Hit:
        thread_id, post = found["sort"][-2:]
        owner: int | None = post or None
        snippet: Snippet = ()
        # Between the two requests for an answer, its thread may have been removed.
        if document := documents.get(thread_id):
            owner, snippet = snippet_of(document, sought, self._analyses.prose, kind=kind, post_id=owner)
        return Hit(thread_id, owner, found["_score"], snippet)

    def similar(self, query: SimilarQuery) -> tuple[Hit, ...]:
        """See `SearchIndex.similar`."""
        self.examine()
        query = finished(query, lambda beginning: self.suggest(beginning, 1))
        meaning = self._learned.of(self.server, self.name)
        terms, threads = most_similar(self.server, self.name, query, self._analyses.prose, meaning)
        if not query.with_passages:
            return tuple(Hit(thread_id, None, score, ()) for thread_id, score in threads.items())
        documents = {document.thread_id: document for document in self._stored(threads)}
        # Between the two requests a thread may have been removed.
        return tuple(
            self._shown(documents[thread_id], score, sought_terms(terms))
            for thread_id, score in threads.items()
            if thread_id in documents
        )

    def _shown(self, document: ThreadDocument, score: float, sought: Sought) -> Hit:
        post_id, snippet = snippet_of(document, sought, self._analyses.prose, kind=Kind.ANY, post_id=None)
        return Hit(document.thread_id, post_id, score, snippet)

    def correct(self, words: Iterable[str]) -> Mapping[str, str]:
        """See `SearchIndex.correct`."""
        self.examine()
        return corrections(self.server, self.name, words)

    def suggest(self, prefix: str, limit: int = 10) -> tuple[str, ...]:
        """See `SearchIndex.suggest`."""
        self.examine()
        return completions(self.server, self.name, prefix, limit)

    def count(self) -> int:
        """See `SearchIndex.count`."""
        self.examine()
        answer = self.server.read("POST", f"/{self.name}/_count", {"query": _THREADS})
        return int(answer["count"])

    def thread_ids(self) -> Iterator[int]:
        """See `SearchIndex.thread_ids`."""
        self.examine()
        return (thread_of(hit["_id"]) for hit in scan(self.server, self.name, _THREADS, {}))

    def fingerprints(self) -> Mapping[int, str]:
        """See `SearchIndex.fingerprints`."""
        self.examine()
        found = scan(self.server, self.name, _THREADS, {"docvalue_fields": ["mark"]})
        return {thread_of(hit["_id"]): hit["fields"]["mark"][0] for hit in found}

    def documents(self, thread_ids: Iterable[int]) -> list[ThreadDocument]:
        """See `Readable.documents`."""
        self.examine()
        return list(self._stored(thread_ids))

    def _stored(self, thread_ids: Iterable[int]) -> Iterator[ThreadDocument]:
        left = iter(thread_ids)
        while batch := list(islice(left, _READ_AT_ONCE)):
            asked = [{"_id": id_of(thread_id), "routing": str(thread_id)} for thread_id in batch]
            answer = self.server.read("POST", f"/{self.name}/_mget", {"docs": asked})
            yield from (_unpacked(found) for found in answer["docs"] if found.get("found"))


def _total(answer: Body) -> int:
    return int(answer["hits"]["total"]["value"])


def _unpacked(found: Body) -> ThreadDocument:
    return unpack(base64.b64decode(found["_source"]["packed"]))
