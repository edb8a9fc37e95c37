"""Keeping which questions are about the same as others."""

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from forum.core import clock
from forum.core.inserts import insert_into
from forum.posts.models import RelatedQuestions


def keep_related(session: Session, found: Mapping[int, Sequence[int]]) -> None:
    """Keep the ids of the related questions of some, the most similar first, in the place of earlier ones."""
    now = clock.now()
    rows = [
        {"question_id": id, "ids": " ".join(map(str, related)), "found_at": now}
        for id, related in sorted(found.items())
    ]
    statement = insert_into(session, RelatedQuestions)
    named = {"ids": statement.excluded.ids, "found_at": statement.excluded.found_at}
    session.execute(statement.on_conflict_do_update(index_elements=["question_id"], set_=named), rows)
