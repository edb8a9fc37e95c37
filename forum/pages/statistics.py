"""How much a site holds."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from forum.accounts.models import User
from forum.badges.models import BadgeAward
from forum.core.outbox import Job
from forum.posts.models import Comment, Post, Revision
from forum.tags.models import Tag
from forum.votes.models import CommentVote, Vote


@dataclass(frozen=True, slots=True)
class Statistics:
    """Counts of what everybody can see; `open_jobs` is the work that waits for the worker."""

    users: int
    questions: int
    answers: int
    comments: int
    votes: int
    comment_votes: int
    tags: int
    revisions: int
    badges: int
    accepted: int
    unanswered: int
    views: int
    deleted_posts: int
    open_jobs: int


def load(session: Session) -> Statistics:
    """Count the site; each figure is a scan of an index or a table, so this is no call for a page."""
    question = (Post.kind == "question", Post.deleted_at.is_(None))
    answer = (Post.kind == "answer", Post.deleted_at.is_(None))
    counts = {
        "users": select(func.count()).select_from(User),
        "questions": select(func.count()).where(*question),
        "answers": select(func.count()).where(*answer),
        "comments": select(func.count()).where(Comment.deleted_at.is_(None)),
        "votes": select(func.count()).select_from(Vote),
        "comment_votes": select(func.count()).select_from(CommentVote),
        "tags": select(func.count()).select_from(Tag),
        "revisions": select(func.count()).select_from(Revision),
        "badges": select(func.count()).select_from(BadgeAward),
        "accepted": select(func.count()).where(*question, Post.accepted_answer_id.is_not(None)),
        "unanswered": select(func.count()).where(*question, Post.answer_count == 0),
        "views": select(func.coalesce(func.sum(Post.view_count), 0)).where(*question),
        "deleted_posts": select(func.count()).where(Post.deleted_at.is_not(None)),
        "open_jobs": select(func.count()).select_from(Job),
    }
    figures = select(*(count.scalar_subquery().label(name) for name, count in counts.items()))
    return Statistics(**session.execute(figures).one()._mapping)
