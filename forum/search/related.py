"""Questions that are about the same as another, found by its title, text and tags."""

from forum.posts.queries.related import Asked
from forum.search.engine import SearchEngine, SimilarQuery
from forum.search.plain_text import plain_text

FOUND = 16
"""Questions that are looked for; those that are linked anyway are left out of what is shown."""
TEXT_LENGTH = 4_000
"""Characters of a text that are looked at; pasted logs go on for longer and say no more."""
NEAR = 0.15
"""What a question must score to be near, as a part of what the question scores itself. Of the pairs that
helpers linked by hand on archives of support forums, seven to eight in ten score more; what shares but a
common word scores less."""


def related_to(question: Asked, engine: SearchEngine) -> tuple[int, ...] | None:
    """Return the ids of the questions related to one, the most similar first.

    Return None while the question itself is not in the index, as what it scores is the measure of nearness.
    Raises SearchUnavailable. The ids come from the index: whoever shows them checks in the database who may
    see them.
    """
    query = SimilarQuery(
        question.title,
        plain_text(question.html).text[:TEXT_LENGTH],
        tags=question.tags,
        with_passages=False,
        limit=FOUND + 1,
    )
    scores = {hit.thread_id: hit.score for hit in engine.similar(query)}
    own = scores.pop(question.id, None)
    if own is None:
        return None
    return tuple(id for id, score in scores.items() if score >= NEAR * own)[:FOUND]
