"""The numbers of reputation and how they add up, without a database."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.reputation import rules
from forum.reputation.rules import Cause, Day, Entry, Key

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


def entries(*steps: tuple[Cause, int]) -> list[Entry]:
    """Make one person's entries: a cause and the hours after noon for each."""
    return [
        Entry(
            id=number,
            key=Key(user_id=1, cause=cause, subject=f"{number}/2"),
            turn=1,
            points=rules.POINTS[cause],
            earned_at=NOON + timedelta(hours=hours, seconds=number),
            post_id=number,
        )
        for number, (cause, hours) in enumerate(steps)
    ]


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        pytest.param([], 1, id="everybody starts at 1"),
        pytest.param([(Cause.QUESTION_UPVOTED, 0)], 11, id="question up +10"),
        pytest.param([(Cause.ANSWER_UPVOTED, 0)], 11, id="answer up +10"),
        pytest.param([(Cause.ANSWER_ACCEPTED, 0)], 16, id="accepted +15"),
        pytest.param([(Cause.ACCEPTED_AN_ANSWER, 0)], 3, id="accepting +2"),
        pytest.param([(Cause.QUESTION_DOWNVOTED, 0)], 1, id="never below 1"),
        pytest.param([(Cause.ANSWER_UPVOTED, 0), (Cause.ANSWER_DOWNVOTED, 1)], 9, id="down -2"),
        pytest.param([(Cause.ANSWER_UPVOTED, 0), (Cause.DOWNVOTED_AN_ANSWER, 1)], 10, id="casting one -1"),
        pytest.param(
            [(Cause.ANSWER_DOWNVOTED, 0), (Cause.ANSWER_UPVOTED, 1)], 11, id="a loss at 1 is no debt"
        ),
        pytest.param([(Cause.ANSWER_UPVOTED, 0)] * 25, 201, id="200 a day"),
        pytest.param(
            [(Cause.ANSWER_UPVOTED, 0)] * 25 + [(Cause.ANSWER_ACCEPTED, 1)], 216, id="accepts beyond"
        ),
        pytest.param(
            [(Cause.ANSWER_ACCEPTED, 0)] + [(Cause.ANSWER_UPVOTED, 1)] * 25, 216, id="and not into it"
        ),
        pytest.param(
            [(Cause.ANSWER_UPVOTED, 0)] * 25 + [(Cause.ANSWER_UPVOTED, 24)], 211, id="a new day, a new cap"
        ),
        pytest.param(
            [(Cause.ANSWER_UPVOTED, 0)] * 25 + [(Cause.ANSWER_DOWNVOTED, 1), (Cause.ANSWER_UPVOTED, 2)],
            201,
            id="a loss makes room below the cap",
        ),
    ],
)
def test_it_adds_up_as_stack_exchange_does(steps: list[tuple[Cause, int]], expected: int) -> None:
    assert rules.replay(entries(*steps)) == expected


@given(st.lists(st.integers(-300, 300)), st.lists(st.integers(-300, 300)), st.integers(1, 500))
def test_it_composes_days_as_if_every_change_came_alone(
    first: list[int], second: list[int], start: int
) -> None:
    expected = start
    for change in first + second:
        expected = max(1, expected + change)
    days = []
    for changes in (first, second):
        day = Day()
        for change in changes:
            day = day.then(change)
        days.append(day)
    reputation = start
    for day in days:
        reputation = max(day.floor, reputation + day.gain)

    assert reputation == expected


@given(st.permutations(entries(*[(Cause.ANSWER_UPVOTED, n % 40) for n in range(30)])))
def test_it_does_not_depend_on_the_order_of_entering(shuffled: list[Entry]) -> None:
    assert rules.replay(shuffled) == rules.replay(sorted(shuffled, key=lambda entry: entry.place))


def test_it_gives_nothing_for_accepting_ones_own_answer() -> None:
    assert rules.accept_grants(answer_id=1, answerer_id=5, asker_id=5, accepted_at=NOON) == []


def test_it_charges_the_voter_for_a_downvote_on_an_answer_only() -> None:
    def voters(kind: str) -> list[int]:
        grants = rules.vote_grants(post_id=1, kind=kind, author_id=5, voter_id=6, value=-1, cast_at=NOON)
        return [grant.key.user_id for grant in grants]

    assert voters("answer") == [5, 6]
    assert voters("question") == [5]


@pytest.mark.parametrize(
    ("score", "days", "keeps"), [(3, 60, True), (2, 60, False), (3, 59, False), (9, 400, True)]
)
def test_it_keeps_what_long_useful_posts_earned(score: int, days: int, keeps: bool) -> None:
    deleted_at = NOON + timedelta(days=days)

    assert rules.keeps_reputation(score=score, created_at=NOON, deleted_at=deleted_at) is keeps
