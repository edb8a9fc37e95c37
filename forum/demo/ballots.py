"""Votes that are counted some at a time.

`votes.actions.cast` takes twenty statements, because any two votes may race. Nobody else is here while the
demo happens, so the votes of some days are written at once, by the same rules and with the same result.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from forum.core import clock
from forum.posts.actions.recording import refresh_hotness
from forum.posts.models import Comment, Post
from forum.reputation import actions as reputation
from forum.reputation.rules import Grant, vote_grants
from forum.votes.models import CommentVote, Vote


@dataclass(frozen=True, slots=True)
class _Ballot:
    subject_id: int
    user_id: int
    value: int
    cast_at: datetime


class Ballots:
    """Votes that were cast and not counted yet, the earliest first."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._on_posts: list[_Ballot] = []
        self._on_comments: list[_Ballot] = []

    @property
    def since(self) -> datetime | None:
        """When the first vote was cast that is not counted yet."""
        return min(
            (ballots[0].cast_at for ballots in (self._on_posts, self._on_comments) if ballots), default=None
        )

    def cast(self, post_id: int, user_id: int, value: int) -> None:
        """Let somebody vote on a question or an answer now."""
        self._on_posts.append(_Ballot(post_id, user_id, value, clock.now()))

    def cast_on_comment(self, comment_id: int, user_id: int) -> None:
        """Let somebody find a comment useful now."""
        self._on_comments.append(_Ballot(comment_id, user_id, 1, clock.now()))

    def count(self) -> None:
        """Write the votes, the scores and what they are worth."""
        if self._on_posts:
            self._count_on_posts(self._on_posts)
        if self._on_comments:
            self._count_on_comments(self._on_comments)
        self._on_posts, self._on_comments = [], []

    def _count_on_posts(self, ballots: list[_Ballot]) -> None:
        posts = self._posts(ballot.subject_id for ballot in ballots)
        posts |= self._posts(post.question_id for post in posts.values() if post.question_id)
        grants: list[Grant] = []
        for ballot in ballots:
            post = posts[ballot.subject_id]
            question = posts[post.question_id or post.id]
            was_upvoted = post.score > 0
            post.score += ballot.value
            if post is not question:
                question.upvoted_answer_count += (post.score > 0) - was_upvoted
            refresh_hotness(question)
            grants += _grants(ballot, post)
        rows = [
            {
                "post_id": ballot.subject_id,
                "user_id": ballot.user_id,
                "value": ballot.value,
                "cast_at": ballot.cast_at,
            }
            for ballot in ballots
        ]
        self._session.execute(insert(Vote), rows)
        self._session.flush()
        reputation.record(self._session, grant=grants)

    def _count_on_comments(self, ballots: list[_Ballot]) -> None:
        ids = {ballot.subject_id for ballot in ballots}
        comments = {row.id: row for row in self._session.scalars(select(Comment).where(Comment.id.in_(ids)))}
        for ballot in ballots:
            comments[ballot.subject_id].score += 1
        rows = [
            {"comment_id": ballot.subject_id, "user_id": ballot.user_id, "cast_at": ballot.cast_at}
            for ballot in ballots
        ]
        self._session.execute(insert(CommentVote), rows)
        self._session.flush()

    def _posts(self, ids: Iterable[int]) -> dict[int, Post]:
        found = self._session.scalars(select(Post).where(Post.id.in_(set(ids))))
        return {post.id: post for post in found}


def _grants(ballot: _Ballot, post: Post) -> list[Grant]:
    return vote_grants(
        post_id=post.id,
        kind=post.kind,
        author_id=post.author_id,
        voter_id=ballot.user_id,
        value=ballot.value,
        cast_at=ballot.cast_at,
    )
