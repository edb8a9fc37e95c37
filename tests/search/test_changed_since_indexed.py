"""Which threads the index says something outdated of, as pages ask before they show its passages."""

from datetime import timedelta

import pytest

import forum.wiring
from forum.accounts.rules import Actor
from forum.core import clock, outbox
from forum.core.db import Database
from forum.posts.events import ThreadChanged
from forum.search.queries import changed_since_indexed
from forum.votes import rules
from forum.votes.actions import cast
from tests.factories import make_question, make_user

assert forum.wiring.metadata.tables


def test_a_text_that_changed_is_outdated_at_once_and_a_score_is_not(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.transaction() as session:
        voter = make_user(session)
        voted, changed = (make_question(session, make_user(session)) for _ in range(2))
        actor = Actor(id=voter.id, name=voter.name, role="member", reputation=1)
        cast(session, actor, voted.id, 1)
        outbox.emit(session, ThreadChanged(changed.id))

    with database.reading() as session:
        assert changed_since_indexed(session, [voted.id, changed.id]) == {changed.id}
        # By then the worker is to know of both.
        later = clock.now() + rules.SCORE_IS_FOUND_AFTER + timedelta(seconds=1)
        monkeypatch.setattr(clock, "now", lambda: later)
        assert changed_since_indexed(session, [voted.id, changed.id]) == {voted.id, changed.id}
