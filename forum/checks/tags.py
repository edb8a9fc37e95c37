"""How many questions carry each tag, and when these were last active."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, select

from forum.checks.columns import DerivedColumns, derived_column
from forum.checks.posts import lock_threads
from forum.posts.models import Post
from forum.tags.models import QuestionTag, Tag


def _lock_tags(tag_ids: Sequence[int]) -> Select[Any]:
    return select(Tag.id).where(Tag.id.in_(tag_ids)).order_by(Tag.id).with_for_update(key_share=True)


_questions = (
    select(func.count())
    .select_from(QuestionTag)
    .join(Post, Post.id == QuestionTag.question_id)
    .where(QuestionTag.tag_id == Tag.id, Post.deleted_at.is_(None))
)

TAGS = DerivedColumns(
    name="tags",
    columns=(derived_column(Tag.id, Tag.question_count, _questions.scalar_subquery()),),
    locks=_lock_tags,
)

_active_at = select(Post.active_at).where(Post.id == QuestionTag.question_id)

# By the question, as both lock and window ask for: all tags of a question repeat the same moment.
TAGGED_QUESTIONS = DerivedColumns(
    name="tagged questions",
    columns=(derived_column(QuestionTag.question_id, QuestionTag.active_at, _active_at.scalar_subquery()),),
    locks=lock_threads,
)
