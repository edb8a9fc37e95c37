"""Counting who comes by a shared link."""

from collections.abc import Collection, Mapping

from sqlalchemy import literal, select
from sqlalchemy.orm import Session

from forum.accounts.models import User
from forum.badges import actions as badges
from forum.core import clock
from forum.core.inserts import insert_into
from forum.posts.models import Post
from forum.shares import rules
from forum.shares.models import Share


def count_visitors(session: Session, visits: Mapping[tuple[int, int], Collection[int]]) -> None:
    """Count visitors, by the places of their bits, for each link of a post and whoever shared it.

    Those who came before count no more. Links to posts or of people that don't exist are left out, because
    anybody can write an address. Rows are locked in the same order everywhere, so that processes which count
    the same links at once lose nothing and don't wait for each other in a circle.
    """
    for (post_id, user_id), places in sorted(visits.items()):
        _make(session, post_id, user_id)
        share = session.execute(
            select(Share).where(Share.post_id == post_id, Share.user_id == user_id).with_for_update()
        ).scalar_one_or_none()
        if share is None:
            continue
        before = share.visitor_count
        share.visitors = rules.with_visitors(share.visitors, places)
        share.visitor_count = rules.visitor_count(share.visitors)
        for badge in rules.badges_earned(before=before, after=share.visitor_count):
            badges.award(session, user_id, name=badge.name, level=badge.level)
    session.flush()


def _make(session: Session, post_id: int, user_id: int) -> None:
    columns = (Post.id, User.id, literal(b""), literal(0), literal(clock.now(), Share.first_at.type))
    both = select(*columns).join(User, User.id == user_id).where(Post.id == post_id)
    names = ["post_id", "user_id", "visitors", "visitor_count", "first_at"]
    session.execute(insert_into(session, Share).from_select(names, both).on_conflict_do_nothing())
