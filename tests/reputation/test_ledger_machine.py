"""Any sequence of votes, acceptances, deletions and their undoing leaves total = replay = recount."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

import forum.wiring
from forum.accounts.rules import Actor
from forum.core import clock
from forum.core.db import Database
from forum.core.errors import NotFound, Refused
from forum.posts.actions.accepting import accept, unaccept
from forum.posts.actions.answering import answer
from forum.posts.actions.asking import ask
from forum.posts.actions.deleting import delete_post, undelete_post
from forum.reputation import rules
from forum.votes.actions import cast
from tests.reputation.ledgers import assert_ledgers_are_right, join

PEOPLE, QUESTIONS = 4, 2
people = st.integers(0, PEOPLE - 1)
posts = st.integers(0, QUESTIONS * 3 - 1)


class LedgerMachine(RuleBasedStateMachine):
    """A few people and threads, and everything that moves reputation, at times that pass midnight."""

    database: Database

    @initialize()
    def begin(self) -> None:
        self.now = datetime(2026, 3, 1, 22, tzinfo=UTC)
        self.posts: list[int] = []
        with clock.frozen(self.now), self.database.transaction() as session:
            self.people = join(session, PEOPLE)
            for number in range(QUESTIONS):
                asker = self.people[number]
                text = "It beeps twice, and then nothing."
                asked = ask(session, asker, title="Why does it not start?", source=text, tags=["x"])
                self.posts.append(asked.question_id)
                for step in (1, 2):
                    by = self.people[(number + step) % PEOPLE]
                    replied = answer(session, by, asked.question_id, source="Open it and look inside.")
                    self.posts.append(replied.post_id)

    @rule(hours=st.sampled_from([0, 1, 5, 30, 24 * 61]))
    def wait(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule(person=people, post=posts, value=st.sampled_from([-1, 0, 1, 1]))
    def vote(self, person: int, post: int, value: int) -> None:
        self.attempt(cast, person, self.posts[post], value)

    @rule(post=posts, value=st.sampled_from([-1, 1]))
    def everybody_votes(self, post: int, value: int) -> None:
        for person in range(PEOPLE):
            self.attempt(cast, person, self.posts[post], value)

    @rule(person=people, post=posts, back=st.booleans())
    def accept_or_not(self, person: int, post: int, back: bool) -> None:
        self.attempt(unaccept if back else accept, person, self.posts[post])

    @rule(person=people, post=posts, as_moderator=st.booleans(), back=st.booleans())
    def delete_or_bring_back(self, person: int, post: int, as_moderator: bool, back: bool) -> None:
        action = undelete_post if back else delete_post
        self.attempt(action, person, self.posts[post], as_moderator=as_moderator)

    def attempt(
        self, action: Callable[..., object], person: int, *values: int, as_moderator: bool = False
    ) -> None:
        self.now += timedelta(seconds=7)
        actor = self.people[person]
        if as_moderator:
            actor = Actor(id=actor.id, name=actor.name, role="moderator", reputation=1)
        try:
            with clock.frozen(self.now), self.database.transaction() as session:
                action(session, actor, *values)
        except (Refused, NotFound):
            return

    @invariant()
    def ledgers_are_right(self) -> None:
        if hasattr(self, "people"):
            with self.database.reading() as session:
                assert_ledgers_are_right(session, self.people)


def test_it_keeps_total_replay_and_recount_equal(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    # A low cap is met often; the rule is the same at 200.
    monkeypatch.setattr(rules, "DAILY_CAP", 25)
    assert forum.wiring.SEARCH
    machine = type("Machine", (LedgerMachine,), {"database": database})
    checks = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=12, stateful_step_count=25, deadline=None, suppress_health_check=checks
        ),
    )
