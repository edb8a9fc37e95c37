"""Counting who looks."""

from collections.abc import Mapping

from sqlalchemy import update
from sqlalchemy.orm import Session

from forum.core.page_version import UNSEEN
from forum.posts.models import Post


def count_views(session: Session, views: Mapping[int, int]) -> None:
    """Add views to questions, given by their ids; ids that are not questions are passed over."""
    for question_id, more in sorted(views.items()):
        viewed = update(Post).where(Post.id == question_id, Post.kind == "question")
        counted = viewed.values(view_count=Post.view_count + more)
        # Kept pages may show how often they were seen a minute late; else each look would end them all.
        session.execute(counted, execution_options={UNSEEN: True})
