"""What is read of a thread for its page, and kept for the next who has signed in as long as nothing changes.

What differs from person to person (votes, drafts, permissions) is read and added by `forum.pages.question`.
"""

import time
from collections.abc import Mapping
from itertools import groupby
from typing import NamedTuple, Protocol

from sqlalchemy.orm import Session

from forum.accounts.rules import Actor
from forum.core import page_version
from forum.core.kept import Kept
from forum.posts.queries import question as posts
from forum.posts.queries.lists import QuestionTitle
from forum.posts.queries.question import AnswerOrder, CommentRow, PostRow, Question

RELATED_SHOWN = 8
"""Related questions at most; those that are linked anyway are left out."""
LONGEST = 60.0
"""Seconds for which a thread is kept at most: how often it was looked at moves no version."""
MOST_BYTES = 8 * 1024 * 1024
"""How much each process keeps: some 400 threads, whose rows pages are kept by, too."""
_THREAD_BYTES = 20_000

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
    """Return a page of a thread as the viewer sees it, or None for none; four statements."""
    found = posts.with_views(session, question_id, viewer)
    if found is None:
        return None
    question, view_count = found
    answers, answer_count = posts.answers(session, question, viewer, order=order, page=page)
    comments = posts.comments(session, [question.post.id, *(answer.id for answer in answers)], viewer)
    linked, related = posts.around(session, question_id, question.related_ids[:RELATED_SHOWN])
    by_post = {id: tuple(rows) for id, rows in groupby(comments, key=lambda comment: comment.post_id)}
    return Thread(question, view_count, answers, answer_count, by_post, linked, related)


class KeptThreads:
    """Threads of one process, each with the version of what pages show; see `forum.core.page_version`."""

    def __init__(self) -> None:
        self._kept: Kept[tuple[int, float, Thread]] = Kept(most_bytes=MOST_BYTES)

    def read(
        self, session: Session, viewer: Actor | None, question_id: int, *, order: AnswerOrder, page: int
    ) -> Thread | None:
        """Return a page of a thread as the viewer sees it, or None for none.

        One statement if it is kept, as all are in which nothing was deleted.
        """
        key, version = (question_id, order, page), page_version.current(session)
        found = self._kept.get(key)
        if found is not None and found[0] == version and time.monotonic() < found[1]:
            return found[2]
        thread = read(session, _EVERYTHING, question_id, order=order, page=page)
        if thread is None or not thread.is_the_same_for_all:
            return read(session, viewer, question_id, order=order, page=page)
        self._kept.keep(key, (version, time.monotonic() + LONGEST, thread), size=_THREAD_BYTES)
        return thread
