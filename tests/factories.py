"""Rows for tests, legal by default and counted where they must be; written directly, past the rules.

Each function adds one thing to a session that the caller ends (`with database.transaction() as session`).
"""

import itertools
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.accounts.models import User
from forum.accounts.rules import name_key
from forum.core import clock
from forum.follows.models import Follow
from forum.posts.models import Comment, OutdatedMark, Post
from forum.posts.rules import hotness, slugify
from forum.tags.actions import note_activity
from forum.tags.models import QuestionTag, Tag
from forum.votes.models import CommentVote, Vote

Row = TypeVar("Row")
_numbers = itertools.count(1)


def make_user(
    session: Session,
    name: str | None = None,
    *,
    reputation: int = 1,
    role: str = "member",
    created_at: datetime | None = None,
) -> User:
    """Add a person who can't sign in."""
    name = name or f"Person {next(_numbers)}"
    user = User(
        name=name,
        name_key=name_key(name),
        reputation=reputation,
        role=role,
        created_at=created_at or clock.now(),
    )
    return _added(session, user)


def make_tag(session: Session, name: str, *, excerpt: str = "") -> Tag:
    """Add a tag that no question carries yet, or return the one of this name."""
    known = session.execute(select(Tag).where(Tag.name == name)).scalar_one_or_none()
    return known or _added(
        session,
        Tag(name=name, excerpt=excerpt, description_html="", question_count=0, created_at=clock.now()),
    )


def make_question(
    session: Session,
    author: User | None = None,
    *,
    title: str | None = None,
    text: str = "It worked yesterday and does not work today.",
    tags: Sequence[str] = ("wifi",),
    score: int = 0,
    created_at: datetime | None = None,
    deleted_at: datetime | None = None,
) -> Post:
    """Add a question, with its tags counted; without an author it belongs to an account that is gone."""
    title = title or f"Why does number {next(_numbers)} not work?"
    created_at = created_at or clock.now()
    question = Post(
        kind="question",
        title=title,
        slug=slugify(title),
        excerpt=text[:200],
        tag_names=" ".join(tags),
        hot=hotness(score=score, answer_count=0, upvoted_answer_count=0, created_at=created_at),
        active_by_id=author.id if author else None,
        **_written(author, text, score=score, created_at=created_at, deleted_at=deleted_at),
    )
    _added(session, question)
    for position, name in enumerate(tags):
        tag = make_tag(session, name)
        tag.question_count += deleted_at is None
        session.add(
            QuestionTag(
                question_id=question.id, tag_id=tag.id, position=position, active_at=question.active_at
            )
        )
    session.flush()
    return question


def make_answer(
    session: Session,
    question: Post,
    author: User | None = None,
    *,
    text: str = "Switch it off, wait a minute, switch it on again.",
    score: int = 0,
    created_at: datetime | None = None,
    deleted_at: datetime | None = None,
    accepted: bool = False,
) -> Post:
    """Add an answer, counted with its question unless it is deleted; accept it if told."""
    created_at = created_at or max(clock.now(), question.created_at + timedelta(minutes=1))
    answer = Post(
        kind="answer",
        question_id=question.id,
        **_written(author, text, score=score, created_at=created_at, deleted_at=deleted_at),
    )
    _added(session, answer)
    if deleted_at is None:
        question.answer_count += 1
        question.upvoted_answer_count += score > 0
        if created_at >= question.active_at:
            question.active_at, question.active_kind = created_at, "answered"
            question.active_by_id = answer.author_id
            note_activity(session, question.id, at=created_at)
    if accepted:
        question.accepted_answer_id, question.accepted_at = answer.id, created_at
    question.hot = hotness(
        score=question.score,
        answer_count=question.answer_count,
        upvoted_answer_count=question.upvoted_answer_count,
        created_at=question.created_at,
    )
    session.flush()
    return answer


def make_comment(
    session: Session,
    post: Post,
    author: User | None = None,
    *,
    text: str = "Which model is it?",
    score: int = 0,
    created_at: datetime | None = None,
    deleted_at: datetime | None = None,
) -> Comment:
    """Add a comment, counted with its post unless it is deleted."""
    comment = Comment(
        post_id=post.id,
        author_id=author.id if author else None,
        author_name=None if author else "Somebody",
        source=text,
        html=f"<p>{text}</p>",
        render_version=1,
        created_at=created_at or clock.now(),
        deleted_at=deleted_at,
        base_score=score,
        score=score,
    )
    post.comment_count += deleted_at is None
    return _added(session, comment)


def make_vote(session: Session, post: Post, voter: User, value: int = 1) -> Vote:
    """Add a vote and count it in the score; no reputation moves."""
    post.score += value
    return _added(session, Vote(post_id=post.id, user_id=voter.id, value=value, cast_at=clock.now()))


def make_outdated_mark(session: Session, answer: Post, person: User) -> OutdatedMark:
    """Let somebody say that an answer no longer works, and count it."""
    answer.outdated_count += 1
    return _added(session, OutdatedMark(post_id=answer.id, user_id=person.id, marked_at=clock.now()))


def make_follow(
    session: Session, question: Post, person: User | int, *, seen_until: datetime | None = None
) -> Follow:
    """Let somebody follow a question, of which they have seen all that happened up to now, and count it."""
    question.follower_count += 1
    follow = Follow(
        user_id=person if isinstance(person, int) else person.id,
        question_id=question.id,
        is_on=True,
        seen_until=seen_until or max(clock.now(), question.active_at),
    )
    return _added(session, follow)


def make_comment_vote(session: Session, comment: Comment, voter: User) -> CommentVote:
    """Add a vote on a comment and count it."""
    comment.score += 1
    return _added(session, CommentVote(comment_id=comment.id, user_id=voter.id, cast_at=clock.now()))


def _written(
    author: User | None, text: str, *, score: int, created_at: datetime, deleted_at: datetime | None
) -> dict[str, Any]:
    # What an insert leaves out is not known to the object afterwards, so counters are given.
    return {
        "author_id": author.id if author else None,
        "author_name": None if author else "Somebody",
        "source": text,
        "html": f"<p>{text}</p>",
        "render_version": 1,
        "created_at": created_at,
        "active_at": created_at,
        "active_kind": "asked",
        "deleted_at": deleted_at,
        "base_score": score,
        "score": score,
        "answer_count": 0,
        "upvoted_answer_count": 0,
        "comment_count": 0,
        "outdated_count": 0,
        "view_count": 0,
        "follower_count": 0,
        "revision_count": 1,
    }


def _added(session: Session, row: Row) -> Row:
    session.add(row)
    session.flush()
    return row
