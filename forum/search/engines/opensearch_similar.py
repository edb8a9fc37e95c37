"""The query for threads about the same as a question, by the formula of `forum.search.ranking`."""

from dataclasses import dataclass

from forum.search.analysis import Analysis
from forum.search.engine import SimilarQuery
from forum.search.engines.opensearch_queries import about, term
from forum.search.engines.opensearch_schema import microseconds, sequence
from forum.search.engines.opensearch_server import Body, Server
from forum.search.pruning import Sought, informative, telling, terms_of
from forum.search.ranking import TITLE_WEIGHT, idf
from forum.search.records import TEXT, TITLE


@dataclass(frozen=True, slots=True)
class _Rarities:
    """How rare terms are in one field."""

    records: int
    containing: dict[str, int]

    def of(self, text: str) -> float:
        """Return how much the term tells, 0 if no record has it."""
        containing = self.containing.get(text, 0)
        return idf(self.records, containing) if containing else 0.0


def query_for(
    server: Server, index: str, query: SimilarQuery, analysis: Analysis
) -> tuple[tuple[str, ...], Body | None]:
    """Return the terms that are looked for, and the query; None when the site has none of them."""
    terms = terms_of(query, analysis)
    if not terms:
        return (), None
    in_text, in_title = _rarities(server, index, tuple(terms))
    sought = informative(terms, in_text.of)
    clauses = [clause for wanted in sought for clause in _scored(wanted, in_title)]
    required: list[Body] = []
    if query.before is not None:
        required.append({"range": {"created": {"lt": microseconds(query.before)}}})
    if query.only_solved:
        required.append({"term": {"has_accepted": True}})
    refused = [{"terms": {"thread_id": sorted(query.exclude)}}] if query.exclude else []
    texts = telling(sought)
    return texts, about(clauses, required=required, refused=refused) if clauses else None


def _scored(wanted: Sought, in_title: _Rarities) -> list[Body]:
    clauses = [term(TEXT, wanted.term, wanted.weight)]
    if rarity := in_title.of(wanted.term):
        # The server multiplies by the rarity in titles, where the formula has that in the whole text.
        boost = TITLE_WEIGHT * wanted.weight * wanted.rarity / rarity
        clauses.append(term(TITLE, wanted.term, boost))
    return clauses


def _rarities(server: Server, index: str, terms: tuple[str, ...]) -> tuple[_Rarities, _Rarities]:
    """Ask in how many records each term is; one shard answers for all, which hold threads by chance."""
    text = sequence(terms)
    answer = server.read(
        "POST",
        f"/{index}/_termvectors",
        {
            "doc": {TEXT: text, TITLE: text},
            "term_statistics": True,
            "field_statistics": True,
            "positions": False,
            "offsets": False,
            "payloads": False,
        },
    )
    vectors = answer.get("term_vectors", {})
    return _in_field(vectors.get(TEXT, {})), _in_field(vectors.get(TITLE, {}))


def _in_field(vector: Body) -> _Rarities:
    containing = {text: found.get("doc_freq", 0) for text, found in vector.get("terms", {}).items()}
    return _Rarities(vector.get("field_statistics", {}).get("doc_count", 0), containing)
