"""Reputation worked out the slow and obvious way, from what stands in the tables of votes and posts.

Shares nothing with forum.reputation.rules but the numbers: one event after the other, no days that compose.
"""

from collections import defaultdict
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.posts.models import Post
from forum.reputation import rules
from forum.votes.models import Vote

Event = tuple[datetime, str, str, int, bool]


def recount(session: Session, user_ids: list[int]) -> dict[int, int]:
    """Return the reputation that present votes and acceptances give these people."""
    events: dict[int, list[Event]] = defaultdict(list)
    posts = {post.id: post for post in session.scalars(select(Post))}
    for vote in session.scalars(select(Vote)):
        post = posts[vote.post_id]
        if not _counts(post, posts):
            continue
        points = 10 if vote.value > 0 else -2
        direction = "upvoted" if vote.value > 0 else "downvoted"
        subject = f"{post.id}/{vote.user_id}"
        if post.author_id:
            events[post.author_id].append((vote.cast_at, f"{post.kind} {direction}", subject, points, True))
        if post.kind == "answer" and vote.value < 0 and vote.user_id:
            events[vote.user_id].append((vote.cast_at, "downvoted an answer", subject, -1, True))
    for question in posts.values():
        answer = posts.get(question.accepted_answer_id or 0)
        if answer is None or not question.accepted_at or not _counts(answer, posts):
            continue
        if answer.author_id != question.author_id:
            at, subject = question.accepted_at, str(answer.id)
            events[answer.author_id or 0].append((at, "answer accepted", subject, 15, False))
            events[question.author_id or 0].append((at, "accepted an answer", subject, 2, False))
    return {user_id: _add_up(sorted(events[user_id])) for user_id in user_ids}


def _counts(post: Post, posts: dict[int, Post]) -> bool:
    question = posts[post.question_id] if post.question_id else post
    deleted_at = post.deleted_at or question.deleted_at
    if deleted_at is None:
        return True
    return post.score >= 3 and (deleted_at - post.created_at).days >= 60


def _add_up(events: list[Event]) -> int:
    reputation = 1
    from_votes: dict[date, int] = defaultdict(int)
    for at, _cause, _subject, points, is_capped in events:
        change = points
        if is_capped:
            change = min(rules.DAILY_CAP - from_votes[at.date()], points)
            from_votes[at.date()] += change
        reputation = max(1, reputation + change)
    return reputation
