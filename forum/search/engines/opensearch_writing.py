"""Writing threads, each of which is several documents, when several processes may write at once.

A thread's own document comes last and only goes through if nobody changed it since it was looked at; so
whoever comes second sees what the first wrote, removes the answers that are no more, and writes his own.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from forum.search.engine import SearchUnavailable
from forum.search.engines.opensearch_schema import id_of, thread_of
from forum.search.engines.opensearch_server import Body, Missing, Server

Sources: TypeAlias = tuple[tuple[str, Body], ...]
"""The documents of a thread, each with its id; none to remove the thread."""

PORTION_BYTES = 8_000_000
"""What is sent at once; servers refuse more than 100 MB."""

_PAGE = 5_000
_NOT_THERE = 404
_FASTER = 409


@dataclass(frozen=True, slots=True)
class Stamp:
    """The state of a document on the server, by which a write tells whether somebody was faster."""

    number: int
    term: int


Present: TypeAlias = Mapping[str, Stamp]
"""The documents of some threads that are on the server."""


def present(server: Server, index: str, thread_ids: Iterable[int]) -> dict[str, Stamp]:
    """Return the documents that these threads have, as of the last refresh."""
    found: dict[str, Stamp] = {}
    query = {"terms": {"thread_id": sorted(thread_ids)}}
    for hit in scan(server, index, query, {"seq_no_primary_term": True}):
        found[hit["_id"]] = Stamp(hit["_seq_no"], hit["_primary_term"])
    return found


def scan(server: Server, index: str, query: Body, wanted: Body) -> Iterator[Body]:
    """Yield everything that the query finds, by thread and ordinal, in pages."""
    body: Body = {
        "query": {"bool": {"filter": [query]}},
        "size": _PAGE,
        "sort": ["thread_id", "ordinal"],
        "track_total_hits": False,
        "_source": False,
        **wanted,
    }
    while True:
        hits = server.read("POST", f"/{index}/_search", body, COMPLETE)["hits"]["hits"]
        yield from hits
        if len(hits) < _PAGE:
            return
        body["search_after"] = hits[-1]["sort"]


COMPLETE = {"allow_partial_search_results": "false"}
"""Results without those of a part that is away would be wrong without saying so."""

NEAREST_SHARDS = {**COMPLETE, "search_type": "dfs_query_then_fetch"}
"""Rarities are those of the whole index, so that it ranks the same however it is cut in pieces."""


def write(
    server: Server, index: str, wanted: Mapping[int, Sources], there: Present, params: Mapping[str, Any]
) -> set[int]:
    """Put the threads in the state that is wanted; return those that somebody else changed at the same time.

    Raises SearchUnavailable when a document is refused; the others may be written by then.
    """
    faster: set[int] = set()
    portion: list[str] = []
    for thread_id, sources in wanted.items():
        portion.extend(_lines(thread_id, sources, there))
        if sum(map(len, portion)) > PORTION_BYTES:
            faster |= _send(server, index, portion, params)
            portion = []
    return faster | _send(server, index, portion, params)


def _lines(thread_id: int, sources: Sources, there: Present) -> Iterator[str]:
    own = id_of(thread_id)
    kept = {document_id for document_id, _source in sources}
    gone = [
        document_id
        for document_id in there
        if thread_of(document_id) == thread_id and document_id not in kept
    ]
    for document_id in sorted(gone, key=lambda gone: gone == own):
        yield _action("delete", document_id, there[own] if document_id == own else None)
    for document_id, source in sources:
        if document_id != own:
            yield _action("index", document_id, None)
        elif own in there:
            yield _action("index", own, there[own])
        else:
            yield _action("create", own, None)
        yield json.dumps(source) + "\n"


def _action(verb: str, document_id: str, stamp: Stamp | None) -> str:
    action: Body = {"_id": document_id, "routing": str(thread_of(document_id))}
    if stamp is not None:
        action |= {"if_seq_no": stamp.number, "if_primary_term": stamp.term}
    return json.dumps({verb: action}) + "\n"


def _send(server: Server, index: str, lines: list[str], params: Mapping[str, Any]) -> set[int]:
    if not lines:
        return set()
    answer = server.write("POST", f"/{index}/_bulk", "".join(lines), params)
    faster: set[int] = set()
    for item in answer["items"]:
        (result,) = item.values()
        if "error" not in result:
            continue
        if result["status"] == _FASTER:
            faster.add(thread_of(result["_id"]))
        elif result["status"] == _NOT_THERE:
            raise Missing(f"The search server has no index {index}.")
        else:
            reason = result["error"].get("reason", result["error"])
            raise SearchUnavailable(f"The search server refused thread {thread_of(result['_id'])}: {reason}.")
    return faster
