"""What an index in OpenSearch is made of, and what is sent of each thread.

The server doesn't take texts apart: it is sent our own terms, so that all engines find the same. Terms at one
position are joined by tabs, positions by line feeds, and two filters of the server undo that. Each record of
`forum.search.records` is a document. Those of answers stand for `is:answer`; inside the thread's document
its answers are nested once more, for what must be found in a single answer.
"""

import base64
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from forum.search.analysis import Analyses
from forum.search.engines.opensearch_server import Body
from forum.search.ranking import K1, B
from forum.search.records import (
    ANSWER,
    CODE,
    QUESTION,
    TEXT,
    TITLE,
    Positions,
    Record,
    records_of,
    vocabulary_of,
)
from forum.search.stored import pack
from forum.search.threads import ThreadDocument

VERSION = 2
"""Of the mapping and of what is written into it; an index of another one is built anew."""

ANSWERS = "answers"
"""In a thread's document, the texts of its answers one by one."""

_TERM, _POSITION = "\t", "\n"
_MOST_ANSWERS = 100_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TEXT = {"type": "text", "analyzer": "terms", "position_increment_gap": 100}
_KEYWORD = {"type": "keyword"}
_NUMBER = {"type": "long"}
_FLAG = {"type": "boolean"}


def index_of(analyses: Analyses, *, server_version: str) -> Body:
    """Return the settings and the mapping of a new index."""
    # From 3.0 on, the formula under the old name lacks a constant factor that ours has.
    has_legacy = int(server_version.partition(".")[0]) >= 3
    similarity = {
        "type": "LegacyBM25" if has_legacy else "BM25",
        "k1": K1,
        "b": B,
        "discount_overlaps": False,
    }
    return {
        "settings": {
            "index": {
                # Nobody reads it before it is full. Templates of the cluster decide how many shards it has.
                "refresh_interval": "-1",
                "auto_expand_replicas": "0-1",
                "similarity": {"default": similarity},
                "mapping": {"nested_objects": {"limit": _MOST_ANSWERS}},
            },
            "analysis": {
                "tokenizer": {"positions": {"type": "pattern", "pattern": _POSITION}},
                "filter": {
                    "alternatives": {
                        "type": "pattern_capture",
                        "preserve_original": False,
                        "patterns": [f"([^{_TERM}]+)"],
                    }
                },
                "analyzer": {
                    "terms": {"type": "custom", "tokenizer": "positions", "filter": ["alternatives"]}
                },
            },
        },
        "mappings": {
            "dynamic": "strict",
            "_meta": made_by(analyses),
            "_source": {"includes": ["packed"]},
            "properties": _properties(),
        },
    }


def made_by(analyses: Analyses) -> Body:
    """Return what an index is labelled with; one with another label is built anew."""
    return {"schema": VERSION, "language": analyses.language}


def _properties() -> Body:
    return {
        **dict.fromkeys((TEXT, TITLE, QUESTION, ANSWER, CODE), _TEXT),
        ANSWERS: {"type": "nested", "properties": {ANSWER: _TEXT, CODE: _TEXT}},
        **dict.fromkeys(("tags", "author", "people", "words", "headings"), _KEYWORD),
        **dict.fromkeys(("thread_id", "post_id", "ordinal", "author_id", "score"), _NUMBER),
        **dict.fromkeys(("answer_count", "created", "active"), _NUMBER),
        **dict.fromkeys(("is_answer", "has_accepted", "is_accepted", "is_solved"), _FLAG),
        # What threads are put in order by, without reading their documents.
        "heading": {"type": "keyword", "index": False},
        "meaning": {"type": "binary", "doc_values": True},
        "question_words": {"type": "long", "index": False},
        "mark": {"type": "keyword", "index": False},
        "packed": {"type": "binary"},
    }


def sources_of(document: ThreadDocument, analyses: Analyses, direction: bytes) -> Iterator[tuple[str, Body]]:
    """Yield the documents that a thread becomes, each with its id; the thread's own comes last.

    `direction` is that of its meaning.
    """
    thread, *answers = records_of(document, analyses)
    for answer in answers:
        yield id_of(answer.thread_id, answer.ordinal), _source(answer)
    heading = {written.forms.exact for written in analyses.prose.written_forms(document.title)}
    yield (
        id_of(thread.thread_id),
        _source(thread)
        | {
            ANSWERS: [
                {ANSWER: _texts(answer.fields[ANSWER]), CODE: _texts(answer.fields[CODE])}
                for answer in answers
            ],
            "people": _clean_all(thread.people),
            "words": sorted(vocabulary_of(document, analyses.prose)),
            "headings": sorted(heading),
            "heading": clean(document.title),
            "meaning": base64.b64encode(direction).decode("ascii"),
            "question_words": sum(map(len, thread.fields[QUESTION].values())),
            "mark": document.fingerprint(),
            "packed": base64.b64encode(pack(document)).decode("ascii"),
        },
    )


def id_of(thread_id: int, ordinal: int = 0) -> str:
    """Return the id of a thread's document, or of that of one of its answers."""
    return f"{thread_id}.{ordinal}"


def thread_of(document_id: str) -> int:
    """Return the thread that a document belongs to."""
    return int(document_id.partition(".")[0])


def microseconds(moment: datetime) -> int:
    """Return the moment as it is indexed: the server's own times are only good to the millisecond."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def clean(text: str) -> str:
    """Return the text without halves of characters, which can't be sent."""
    return text.encode("utf-8", "replace").decode("utf-8")


def sequence(terms: tuple[str, ...]) -> str:
    """Return terms at consecutive positions as the server takes them."""
    return _POSITION.join(terms)


def _source(record: Record) -> Body:
    return {
        **{name: _texts(positions) for name, positions in record.fields.items()},
        "thread_id": record.thread_id,
        "post_id": record.post_id or 0,
        "ordinal": record.ordinal,
        "is_answer": record.post_id is not None,
        "tags": _clean_all(record.tags),
        "author_id": record.author_id,
        "author": _clean_all(record.author),
        "score": record.score,
        "answer_count": record.answer_count,
        "created": microseconds(record.created_at),
        "active": microseconds(record.active_at),
        "has_accepted": record.has_accepted,
        "is_accepted": record.is_accepted,
        "is_solved": record.is_solved,
    }


def _texts(positions: Positions) -> list[str]:
    """Return the terms in order of their positions, a new text where positions are left out."""
    terms: dict[int, list[str]] = {}
    for term, places in positions.items():
        for place in places:
            terms.setdefault(place, []).append(term)
    texts: list[list[str]] = []
    last: int | None = None
    for place in sorted(terms):
        if last is None or place != last + 1:
            texts.append([])
        texts[-1].append(_TERM.join(terms[place]))
        last = place
    return [_POSITION.join(text) for text in texts]


def _clean_all(texts: frozenset[str]) -> list[str]:
    return sorted(map(clean, texts))
