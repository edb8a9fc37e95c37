"""Correcting words by those that threads have, and completing words of titles."""

import re
from collections.abc import Iterable, Mapping

from forum.search.analysis import MAX_TERM, fold
from forum.search.engines.opensearch_schema import clean
from forum.search.engines.opensearch_server import Body, Server
from forum.search.spelling import MIN_LETTERS, likeliest, slips_in

_CANDIDATES = 50
"""Near words that are looked at for each one: the nearest, and the commonest of those."""

_THREADS = {"term": {"is_answer": False}}


def corrections(server: Server, index: str, words: Iterable[str]) -> Mapping[str, str]:
    """Return for the words that no thread has the likeliest one that threads have."""
    doubtful = {word: fold(word) for word in words if slips_in(fold(word))}
    if not doubtful:
        return {}
    near = _near(server, index, sorted(set(doubtful.values())))
    # Near words still hold removed threads for a while; these counts don't.
    known = _threads_with(
        server, index, {*doubtful.values(), *(one for ones in near.values() for one in ones)}
    )
    found = {
        word: likeliest(folded, [one for one in near[folded] if known[one]], lambda one: known[one])
        for word, folded in doubtful.items()
        if not known[folded]
    }
    return {word: correction for word, correction in found.items() if correction}


def completions(server: Server, index: str, prefix: str, limit: int) -> tuple[str, ...]:
    """Return the commonest words of titles that begin with the prefix, commonest first."""
    beginning = clean(fold(prefix.strip()))
    if not 0 < len(beginning) <= MAX_TERM:
        return ()
    # Every sign that has a meaning in a pattern of the server is one of ASCII.
    pattern = re.sub(r"([^\w\s]|_)", r"\\\1", beginning) + ".*"
    order = [{"_count": "desc"}, {"_key": "asc"}]
    answer = server.read(
        "POST",
        f"/{index}/_search",
        {
            "size": 0,
            "query": {"bool": {"filter": [_THREADS, {"prefix": {"headings": beginning}}]}},
            "aggs": {
                "words": {"terms": {"field": "headings", "include": pattern, "size": limit, "order": order}}
            },
        },
    )
    return tuple(bucket["key"] for bucket in answer["aggregations"]["words"]["buckets"])


def _near(server: Server, index: str, words: list[str]) -> dict[str, list[str]]:
    suggesters = {str(number): _suggester(word) for number, word in enumerate(words)}
    answer = server.read("POST", f"/{index}/_search", {"size": 0, "suggest": suggesters})
    return {
        word: [option["text"] for entry in answer["suggest"][str(number)] for option in entry["options"]]
        for number, word in enumerate(words)
    }


def _suggester(word: str) -> Body:
    return {
        "text": word,
        "term": {
            "field": "words",
            "analyzer": "keyword",
            "suggest_mode": "always",
            "max_edits": slips_in(word),
            "prefix_length": 0,
            "min_word_length": MIN_LETTERS,
            "string_distance": "damerau_levenshtein",
            "accuracy": 0.1,
            # A correction is welcome however common it is.
            "max_term_freq": 2**31 - 1,
            "size": _CANDIDATES,
            "shard_size": _CANDIDATES,
        },
    }


def _threads_with(server: Server, index: str, words: Iterable[str]) -> Mapping[str, int]:
    """Return the number of threads that have each word."""
    asked = sorted(words)
    filters = {str(number): {"term": {"words": word}} for number, word in enumerate(asked)}
    answer = server.read(
        "POST",
        f"/{index}/_search",
        {"size": 0, "query": _THREADS, "aggs": {"known": {"filters": {"filters": filters}}}},
    )
    buckets = answer["aggregations"]["known"]["buckets"]
    return {word: buckets[str(number)]["doc_count"] for number, word in enumerate(asked)}
