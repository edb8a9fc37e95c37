"""Awarding badges."""

from sqlalchemy.orm import Session

from forum.badges.models import BadgeAward
from forum.core import clock


def award(session: Session, user_id: int, *, name: str, level: str) -> None:
    """Award somebody a badge (gold, silver or bronze), once more if they have it; flushed by the caller."""
    session.add(BadgeAward(user_id=user_id, name=name, level=level, is_for_tag=False, awarded_at=clock.now()))
