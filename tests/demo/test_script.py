"""The demo's files hold together, without a database."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from forum.accounts.rules import check_name, check_website, name_key
from forum.demo.script import Person, Writing, read_script
from forum.demo.timeline import Timeline
from forum.tags.rules import check_names

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
SCRIPT = read_script(NOW)
PEOPLE = {person.key: person for person in SCRIPT.people}


def test_the_community_is_large_enough_to_look_inhabited() -> None:
    assert len(SCRIPT.questions) >= 60
    assert len(SCRIPT.people) >= 20
    assert sum(len(question.answers) for question in SCRIPT.questions) >= 120


def test_keys_are_unique() -> None:
    writings = [writing.key for writing in _writings()]
    remarks = [remark.key for writing in _writings() for remark in writing.comments]

    assert len(set(writings)) == len(writings)
    assert len(set(remarks)) == len(remarks)
    assert len({name_key(person.name) for person in SCRIPT.people}) == len(SCRIPT.people)


@pytest.mark.parametrize("person", SCRIPT.people, ids=lambda person: person.key)
def test_people_have_names_and_addresses_that_could_be_registered(person: Person) -> None:
    assert check_name(person.name) == person.name
    assert check_website(person.website) == person.website


def test_nobody_acts_before_joining_or_on_what_is_their_own() -> None:
    for writing in _writings():
        voters = [*writing.up, *writing.down]
        assert PEOPLE[writing.author].joined_at < writing.at, writing.key
        assert len(set(voters)) == len(voters), writing.key
        assert writing.author not in voters, writing.key
        for remark in writing.comments:
            assert PEOPLE[remark.author].joined_at < remark.at, remark.key
            assert remark.author not in remark.up, remark.key


def test_tags_of_questions_are_described() -> None:
    described = {tag.name for tag in SCRIPT.tags}

    for question in SCRIPT.questions:
        assert set(check_names(question.tags)) <= described, question.writing.key


def test_duplicates_name_questions_that_exist() -> None:
    keys = {question.writing.key for question in SCRIPT.questions}

    assert {question.duplicate_of for question in SCRIPT.questions} - {None} <= keys


def test_everything_happens_in_the_order_of_time_and_nothing_later_than_now() -> None:
    moments = [happening.at for happening in Timeline(SCRIPT, NOW).happenings]

    assert moments == sorted(moments)
    assert moments[-1] <= NOW


def test_every_demo_has_the_same_times() -> None:
    first, second = (Timeline(read_script(NOW), NOW).happenings for _ in range(2))

    assert [happening.at for happening in first] == [happening.at for happening in second]


def _writings() -> Iterator[Writing]:
    for question in SCRIPT.questions:
        yield question.writing
        yield from (answer.writing for answer in question.answers)
