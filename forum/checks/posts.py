"""Scores and counters of posts and comments."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import aliased

from forum.checks.columns import DerivedColumns, derived_column
from forum.follows.models import Follow
from forum.posts.models import Comment, OutdatedMark, Post, Revision
from forum.votes.models import CommentVote, Vote

_answer = aliased(Post)
_IS_QUESTION = Post.kind == "question"


def lock_threads(post_ids: Sequence[int]) -> Select[Any]:
    """Return the statement that locks the threads of posts, in the order of their ids."""
    questions = select(func.coalesce(Post.question_id, Post.id)).where(Post.id.in_(post_ids))
    return select(Post.id).where(Post.id.in_(questions)).order_by(Post.id).with_for_update(key_share=True)


def lock_threads_of_comments(comment_ids: Sequence[int]) -> Select[Any]:
    """Return the statement that locks the threads of comments, in the order of their ids."""
    posts = select(Comment.post_id).where(Comment.id.in_(comment_ids))
    questions = select(func.coalesce(Post.question_id, Post.id)).where(Post.id.in_(posts))
    return select(Post.id).where(Post.id.in_(questions)).order_by(Post.id).with_for_update(key_share=True)


_votes = select(func.coalesce(func.sum(Vote.value), 0)).where(Vote.post_id == Post.id)
_comments = select(func.count()).where(Comment.post_id == Post.id, Comment.deleted_at.is_(None))
_outdated = select(func.count()).where(OutdatedMark.post_id == Post.id)
_followers = select(func.count()).where(Follow.question_id == Post.id, Follow.is_on)
_answers = select(func.count()).where(_answer.question_id == Post.id, _answer.deleted_at.is_(None))
# A post whose history did not come with an import has no revisions and is its own first one.
_latest_revision = select(func.coalesce(func.max(Revision.number), 1)).where(Revision.post_id == Post.id)

_accepted = aliased(Post)
_visible_answer = (
    select(_accepted.id)
    .where(_accepted.id == Post.accepted_answer_id, _accepted.question_id == Post.id)
    .where(_accepted.deleted_at.is_(None))
)
_answered_at = select(_accepted.created_at).where(_accepted.id == Post.accepted_answer_id)
_moment_of_acceptance = case(
    (Post.accepted_answer_id.is_not(None), func.coalesce(Post.accepted_at, _answered_at.scalar_subquery()))
)

# The order matters to the repair: counts of upvoted answers need right scores, and the moment of an
# acceptance needs to know whether there is one.
POSTS = DerivedColumns(
    name="posts",
    columns=(
        derived_column(Post.id, Post.score, Post.base_score + _votes.scalar_subquery()),
        derived_column(Post.id, Post.comment_count, _comments.scalar_subquery()),
        derived_column(Post.id, Post.outdated_count, _outdated.scalar_subquery()),
        derived_column(Post.id, Post.revision_count, _latest_revision.scalar_subquery()),
        derived_column(Post.id, Post.follower_count, _followers.scalar_subquery(), where=_IS_QUESTION),
        derived_column(Post.id, Post.answer_count, _answers.scalar_subquery(), where=_IS_QUESTION),
        derived_column(
            Post.id,
            Post.upvoted_answer_count,
            _answers.where(_answer.score > 0).scalar_subquery(),
            where=_IS_QUESTION,
        ),
        derived_column(
            Post.id, Post.accepted_answer_id, _visible_answer.scalar_subquery(), where=_IS_QUESTION
        ),
        derived_column(Post.id, Post.accepted_at, _moment_of_acceptance, where=_IS_QUESTION),
    ),
    locks=lock_threads,
)

_comment_votes = select(func.count()).where(CommentVote.comment_id == Comment.id)
_comment_revision = select(func.coalesce(func.max(Revision.number), 1)).where(
    Revision.comment_id == Comment.id
)

COMMENTS = DerivedColumns(
    name="comments",
    columns=(
        derived_column(Comment.id, Comment.score, Comment.base_score + _comment_votes.scalar_subquery()),
        derived_column(Comment.id, Comment.revision_count, _comment_revision.scalar_subquery()),
    ),
    locks=lock_threads_of_comments,
)
