"""Loading what an action is about to change, locked."""

from dataclasses import dataclass

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session, aliased

from forum.core.errors import NotFound
from forum.core.i18n import gettext
from forum.core.reading import connection_of
from forum.core.sending import send
from forum.posts.models import Comment, Post, Revision

_GREATEST_ID = 2**63 - 1

_question_of = select(func.coalesce(Post.question_id, Post.id)).where(Post.id == bindparam("post_id"))
_post = select(Post).where(Post.id == bindparam("post_id"))
_locked = _post.with_for_update(key_share=True)
_submitted = select(Post.id, func.coalesce(Post.question_id, Post.id)).where(
    Post.author_id == bindparam("author"), Post.submission == bindparam("number")
)
_asked = aliased(Post)
# To which question a post belongs never changes, so it may be read before the lock.
_lock_question = (
    select(_asked.id).where(_asked.id == _question_of.scalar_subquery()).with_for_update(key_share=True)
)


@dataclass(frozen=True, slots=True)
class Thread:
    """A locked question, with the post of its thread that an action is about."""

    question: Post
    post: Post

    @property
    def is_visible(self) -> bool:
        """Whether everybody can see the post."""
        return self.question.deleted_at is None and self.post.deleted_at is None


def lock_only(session: Session, post_id: int) -> None:
    """Lock the thread of a question or an answer without loading it; raise NotFound for no possible post.

    What is read afterwards, by another statement, is what the transaction before has left.
    """
    if not 0 < post_id <= _GREATEST_ID:
        raise NotFound(gettext("There is no such post here."))
    # On SQLite the transaction itself is the lock.
    if connection_of(session).dialect.name != "sqlite":
        send(session, _lock_question, {"post_id": post_id})


def lock_thread(session: Session, post_id: int) -> Thread:
    """Lock the thread of a question or an answer until the transaction ends; raise NotFound without one."""
    if not 0 < post_id <= _GREATEST_ID:
        raise NotFound(gettext("There is no such post here."))
    question_id = connection_of(session).execute(_question_of, {"post_id": post_id}).scalar_one_or_none()
    if question_id is None:
        raise NotFound(gettext("There is no such post here."))
    # What another transaction changed while this one waited must be seen, hence populate_existing.
    fresh = {"populate_existing": True}
    question = session.execute(_locked, {"post_id": question_id}, execution_options=fresh).scalar_one()
    if question_id == post_id:
        return Thread(question=question, post=question)
    post = session.execute(_post, {"post_id": post_id}, execution_options=fresh).scalar_one()
    return Thread(question=question, post=post)


def lock_visible_thread(session: Session, post_id: int) -> Thread:
    """Lock the thread of a post that everybody can see; raise NotFound otherwise."""
    thread = lock_thread(session, post_id)
    if not thread.is_visible:
        raise NotFound(gettext("This post was deleted."))
    return thread


def lock_comment(session: Session, comment_id: int) -> tuple[Thread, Comment]:
    """Lock the thread of a comment under a visible post; raise NotFound without one."""
    if not 0 < comment_id <= _GREATEST_ID:
        raise NotFound(gettext("There is no such comment here."))
    post_id = session.execute(select(Comment.post_id).where(Comment.id == comment_id)).scalar_one_or_none()
    if post_id is None:
        raise NotFound(gettext("There is no such comment here."))
    thread = lock_visible_thread(session, post_id)
    statement = select(Comment).where(Comment.id == comment_id)
    return thread, session.execute(statement, execution_options={"populate_existing": True}).scalar_one()


def submitted_post(session: Session, *, author_id: int, submission: str | None) -> tuple[int, int] | None:
    """Return the ids of the post that this submission of a form has made already, and of its question."""
    if not submission:
        return None
    values = {"author": author_id, "number": submission}
    row = connection_of(session).execute(_submitted, values).one_or_none()
    return (row[0], row[1]) if row else None


def submitted_comment(session: Session, *, author_id: int, submission: str | None) -> Comment | None:
    """Return the comment that this submission of a form has made already."""
    if not submission:
        return None
    same = (Comment.author_id == author_id, Comment.submission == submission)
    return session.execute(select(Comment).where(*same)).scalar_one_or_none()


def post_revision(session: Session, *, post_id: int, number: int) -> Revision:
    """Return a revision of a post; raise NotFound without one."""
    statement = select(Revision).where(Revision.post_id == post_id, Revision.number == number)
    return _found(session.execute(statement).scalar_one_or_none())


def comment_revision(session: Session, *, comment_id: int, number: int) -> Revision:
    """Return a revision of a comment; raise NotFound without one."""
    statement = select(Revision).where(Revision.comment_id == comment_id, Revision.number == number)
    return _found(session.execute(statement).scalar_one_or_none())


def _found(revision: Revision | None) -> Revision:
    if revision is None:
        raise NotFound(gettext("There is no such revision."))
    return revision
