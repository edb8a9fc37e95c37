"""What every change of a thread leaves behind: revisions, links, the place in the lists."""

import re

from sqlalchemy import ColumnElement, delete, insert, select
from sqlalchemy.orm import Session

from forum.core import clock, outbox
from forum.core.sending import send
from forum.core.tables import Base
from forum.images.actions import refer
from forum.posts.events import ThreadChanged
from forum.posts.models import Comment, Post, QuestionLink, Revision
from forum.posts.rules import hotness
from forum.tags import actions as tags

_TO_QUESTION = re.compile(r"(?<![\w])/(?:questions|q)/([0-9]{1,18})(?![\w])")
_LINKS_PER_POST = 50
_add_revision = insert(Base.metadata.tables[Revision.__tablename__]).inline()


def add_post_revision(
    session: Session,
    post: Post,
    *,
    editor_id: int | None,
    summary: str = "",
    rolled_back_to: int | None = None,
) -> None:
    """Keep the present text of a locked post as its latest revision."""
    session.add(
        Revision(
            post_id=post.id,
            number=post.revision_count,
            author_id=editor_id,
            created_at=clock.now(),
            summary=summary,
            source=post.source,
            title=post.title,
            tag_names=post.tag_names if post.kind == "question" else None,
            rolled_back_to=rolled_back_to,
        )
    )
    session.flush()
    refer(session, "post", post.id, post.source, keeps_earlier=True)


def add_first_revision(session: Session, post_id: int, *, author_id: int, source: str) -> None:
    """Keep the text of a new answer as its first revision."""
    row = {
        "post_id": post_id, "number": 1, "author_id": author_id, "created_at": clock.now(), "source": source,
    }  # fmt: skip
    send(session, _add_revision, row)
    refer(session, "post", post_id, source, keeps_earlier=True)


def add_comment_revision(
    session: Session, comment: Comment, *, editor_id: int | None, rolled_back_to: int | None = None
) -> None:
    """Keep the present text of a locked comment as its latest revision."""
    session.add(
        Revision(
            comment_id=comment.id,
            number=comment.revision_count,
            author_id=editor_id,
            created_at=clock.now(),
            source=comment.source,
            rolled_back_to=rolled_back_to,
        )
    )
    session.flush()
    refer(session, "comment", comment.id, comment.source, keeps_earlier=True)


def tell_changed(session: Session, question: Post) -> None:
    """Tell that a question has changed, and those that it repeats: they are found by its title too."""
    session.flush()
    repeated = select(QuestionLink.to_id).where(
        QuestionLink.from_id == question.id, QuestionLink.kind == "duplicate"
    )
    ids = [question.id, *session.scalars(repeated.order_by(QuestionLink.to_id))]
    outbox.emit(session, *map(ThreadChanged, ids))


def note_activity(session: Session, question: Post, *, kind: str, by_id: int | None) -> None:
    """Bring a locked question to the top of the active list and of those of its tags."""
    question.active_at, question.active_kind, question.active_by_id = clock.now(), kind, by_id
    tags.note_activity(session, question.id, at=question.active_at)


def refresh_hotness(question: Post) -> None:
    """Set the sort key of the hot list after a locked question's counters moved."""
    question.hot = hotness(
        score=question.score,
        answer_count=question.answer_count,
        upvoted_answer_count=question.upvoted_answer_count,
        created_at=question.created_at,
    )


def link_questions(session: Session, question: Post) -> None:
    """Make the links of a locked question those that the visible posts of its thread mention."""
    visible = (Post.id == question.id) | ((Post.question_id == question.id) & Post.deleted_at.is_(None))
    html = session.scalars(select(Post.html).where(visible))
    there = _questions_among(session, {id for text in html for id in _mentioned(text)} - {question.id})
    known = _known_links(session, question.id)
    if known - there:
        gone = QuestionLink.to_id.in_(known - there)
        session.execute(delete(QuestionLink).where(*_links_of(question.id), gone))
    _add_links(session, question.id, there - known)


def link_mentioned(session: Session, question_id: int, html: str) -> None:
    """Link a locked question to those that a new text of its thread mentions; costs nothing without any."""
    if there := _questions_among(session, _mentioned(html) - {question_id}):
        _add_links(session, question_id, there - _known_links(session, question_id))


def _mentioned(html: str) -> set[int]:
    return {int(number) for number in _TO_QUESTION.findall(html)[:_LINKS_PER_POST]}


def _questions_among(session: Session, ids: set[int]) -> set[int]:
    if not ids:
        return set()
    return set(session.scalars(select(Post.id).where(Post.id.in_(ids), Post.kind == "question")))


def _links_of(question_id: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return QuestionLink.from_id == question_id, QuestionLink.kind == "mention"


def _known_links(session: Session, question_id: int) -> set[int]:
    return set(session.scalars(select(QuestionLink.to_id).where(*_links_of(question_id))))


def _add_links(session: Session, question_id: int, to_ids: set[int]) -> None:
    new = [
        {"from_id": question_id, "to_id": other, "kind": "mention", "created_at": clock.now()}
        for other in sorted(to_ids)
    ]
    if new:
        session.execute(insert(QuestionLink), new)
