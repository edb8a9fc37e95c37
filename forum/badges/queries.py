"""The badges somebody has."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import Select, bindparam, case, func, select
from sqlalchemy.orm import Session

from forum.badges.models import BadgeAward

_Statement: TypeAlias = Select[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Badge:
    """A badge of a person, and how often it was awarded."""

    name: str
    level: str
    is_for_tag: bool
    count: int
    awarded_at: datetime


_RANK = case({"gold": 0, "silver": 1}, value=BadgeAward.level, else_=2)
_latest = func.max(BadgeAward.awarded_at)
_badges: _Statement = (
    select(BadgeAward.name, BadgeAward.level, BadgeAward.is_for_tag, func.count(), _latest)
    .where(BadgeAward.user_id == bindparam("user_id"))
    .group_by(BadgeAward.name, BadgeAward.level, BadgeAward.is_for_tag)
    .order_by(_RANK, _latest.desc(), BadgeAward.name)
)


def badges_of(session: Session, user_id: int) -> tuple[Badge, ...]:
    """Return a person's badges, gold first and then the latest first; one statement."""
    return tuple(Badge(*row) for row in session.execute(_badges, {"user_id": user_id}))
