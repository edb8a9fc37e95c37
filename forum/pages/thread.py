"""What is read of a thread for its page, and kept for the next who has signed in as long as nothing changes.

What differs from person to person (votes, drafts, permissions) is read and added by `forum.pages.question`.
"""

from collections.abc import Mapping
from functools import partial
from itertools import groupby
from typing import NamedTuple, Protocol, TypeAlias

from sqlalchemy.orm import Session

from forum.accounts.rules import Actor
from forum.core.kept_rows import kept_rows
from forum.posts.queries import question as posts
from forum.posts.queries.lists import QuestionTitle
from forum.posts.queries.question import AnswerOrder, CommentRow, PostRow, Question

RELATED_SHOWN = 8
"""Related questions at most; those that are linked anyway are left out."""
_THREAD_BYTES, _AROUND_BYTES = 20_000, 4_000

_Around: TypeAlias = tuple[tuple[QuestionTitle, ...], tuple[QuestionTitle, ...]]

_EVERYTHING = Actor(id=0, name="", role="moderator", reputation=0)
"""The eyes that see what was deleted."""


class Thread(NamedTuple):
    """A page of a thread."""

    question: Question
    view_count: int
    answers: tuple[PostRow, ...]
    answer_count: int
    """How many answers there are on all pages, deleted ones included that the viewer may see."""
    comments: Mapping[int, tuple[CommentRow, ...]]
    """By the post that they are about."""
    linked: tuple[QuestionTitle, ...]
    related: tuple[QuestionTitle, ...]

    @property
    def is_the_same_for_all(self) -> bool:
        """Whether nothing was deleted, which some people see and others don't."""
        moments = (
            self.question.post.deleted_at,
            *(answer.deleted_at for answer in self.answers),
            *(comment.deleted_at for comments in self.comments.values() for comment in comments),
        )
        return self.answer_count == self.question.answer_count and not any(moments)


class Read(Protocol):
    """A way to read a page of a thread; None when the viewer may not see it."""

    def __call__(
        self, session: Session, viewer: Actor | None, question_id: int, *, order: AnswerOrder, page: int
    ) -> Thread | None:
        """Read it in the snapshot of the session."""
        ...


def read(
    session: Session, viewer: Actor | None, question_id: int, *, order: AnswerOrder, page: int
) -> Thread | None:
    """Return a page of a thread as the viewer sees it, or None for none; four statements and the version."""
    found = posts.with_views(session, question_id, viewer)
    if found is None:
        return None
    question, view_count = found
    answers, answer_count = posts.answers(session, question, viewer, order=order, page=page)
    comments = posts.comments(session, [question.post.id, *(answer.id for answer in answers)], viewer)
    linked, related = _around(session, question_id, question.related_ids[:RELATED_SHOWN])
    by_post = {id: tuple(rows) for id, rows in groupby(comments, key=lambda comment: comment.post_id)}
    return Thread(question, view_count, answers, answer_count, by_post, linked, related)


def _around(session: Session, question_id: int, related_ids: tuple[int, ...]) -> _Around:
    """Return linked and related questions, of whom many stand beside many threads."""
    key = "around", question_id, related_ids
    return kept_rows(
        session, key, partial(posts.around, session, question_id, related_ids), size=_AROUND_BYTES
    )


def read_kept(
    session: Session, viewer: Actor | None, question_id: int, *, order: AnswerOrder, page: int
) -> Thread | None:
    """Return what `read` does; only the version is asked for if it is kept and nothing in it was deleted."""

    def read_all() -> Thread | None:
        return read(session, _EVERYTHING, question_id, order=order, page=page)

    found = kept_rows(session, ("thread", question_id, order, page), read_all, size=_THREAD_BYTES)
    if found is not None and found.is_the_same_for_all:
        return found
    return read(session, viewer, question_id, order=order, page=page)
