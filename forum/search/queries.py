"""What the database says about posts that a search found."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session, aliased

from forum.accounts.models import User
from forum.core import clock
from forum.core.outbox import Job
from forum.core.prepared import Prepared
from forum.core.reading import rows
from forum.posts.models import Post
from forum.posts.rules import is_outdated
from forum.search.indexer import QUEUE


class FoundPost(NamedTuple):
    """A visible question or answer, with the head of its thread; of a question `id` is `question_id`."""

    tags: tuple[str, ...]
    id: int
    score: int
    created_at: datetime
    author_id: int | None
    author_name: str | None
    author_reputation: int | None
    question_id: int
    title: str
    slug: str
    excerpt: str
    question_score: int
    answer_count: int
    accepted_answer_id: int | None
    active_at: datetime
    is_closed: bool
    accepted_outdated_count: int

    @property
    def is_answer(self) -> bool:
        """Whether it is an answer."""
        return self.id != self.question_id

    @property
    def is_accepted(self) -> bool:
        """Whether it is the accepted answer."""
        return self.id == self.accepted_answer_id

    @property
    def is_solved(self) -> bool:
        """Whether its thread has an accepted answer that still works, as far as enough people say."""
        return self.accepted_answer_id is not None and not is_outdated(self.accepted_outdated_count)


_thread = aliased(Post, name="thread")
_accepted = aliased(Post, name="accepted")
_found = Prepared(
    select(
        _thread.tag_names, Post.id, Post.score, Post.created_at, Post.author_id,
        func.coalesce(User.name, Post.author_name), User.reputation, _thread.id, _thread.title, _thread.slug,
        _thread.excerpt, _thread.score, _thread.answer_count, _thread.accepted_answer_id, _thread.active_at,
        _thread.closed_at.is_not(None), func.coalesce(_accepted.outdated_count, 0),
    )
    .join(_thread, _thread.id == func.coalesce(Post.question_id, Post.id))
    .outerjoin(User, User.id == Post.author_id)
    .outerjoin(_accepted, _accepted.id == _thread.accepted_answer_id)
    .where(
        Post.id.in_(bindparam("ids", expanding=True)),
        Post.deleted_at.is_(None),
        _thread.deleted_at.is_(None),
    )
)  # fmt: skip
# What the index is told of later, as votes, changes no text that it shows.
_changed = Prepared(
    select(Job.subject_id).where(
        Job.queue == QUEUE,
        Job.subject_id.in_(bindparam("ids", expanding=True)),
        Job.created_at <= bindparam("now"),
    )
)


def found_posts(session: Session, post_ids: Iterable[int]) -> dict[int, FoundPost]:
    """Return those of the posts that everybody can see, by their ids; one statement."""
    found = rows(session, _found, ids=list(post_ids))
    posts = (FoundPost(tuple(row[0].split()), *row[1:]) for row in found)
    return {post.id: post for post in posts}


def changed_since_indexed(session: Session, thread_ids: Iterable[int]) -> frozenset[int]:
    """Return those of the threads whose latest change is not in the index yet; one statement."""
    found = rows(session, _changed, ids=list(thread_ids), now=clock.now())
    return frozenset(row[0] for row in found)
