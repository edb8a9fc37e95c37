"""Discarded drafts: they come back for a while, whole, and over nothing else."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.accounts.rules import Actor
from forum.core import clock
from forum.core.db import Database
from forum.core.errors import NotFound, Refused
from forum.drafts import actions, queries, rules
from forum.drafts.actions import Fate, Saving, Writer
from forum.drafts.models import DiscardedDraft
from forum.drafts.rules import Kind, Place, Wording
from forum.images.models import ImageReference
from tests.at_once import at_once
from tests.drafts.saving import save, texts, version


def discard(database: Database, person: Actor, place: Place, known: str) -> None:
    with database.transaction() as session:
        assert actions.discard(session, person, place, version=known)


def bring_back(database: Database, person: Actor, place: Place, known: str) -> Saving:
    with database.transaction() as session:
        return actions.bring_back(session, person, place, version=known)


def test_a_discarded_draft_is_brought_back_whole(database: Database, person: Actor) -> None:
    place, wording = Place(Kind.QUESTION), Wording(source="It beeps.", title="Why?", tags="beeps")
    with database.transaction() as session:
        draft = actions.save(session, person, place, wording, writer=Writer("a", turn=7)).draft
    assert draft is not None

    for _ in range(2):
        discard(database, person, place, draft.version)
        assert texts(database) == []
        with database.reading() as session:
            (listed,) = queries.discarded_of_person(session, person)
            assert (listed.title, listed.excerpt, listed.version) == ("Why?", "It beeps.", draft.version)
        # The second of two clicks finds it done.
        for _ in range(2):
            saving = bring_back(database, person, place, draft.version)
            assert (saving.fate, saving.draft) == (Fate.SAVED, draft)
        with database.reading() as session:
            assert queries.discarded_of_person(session, person) == ()
    # The form in which it was written goes on.
    assert save(database, person, place, "It beeps. Loud.", Writer("a", turn=8)).fate is Fate.SAVED


def test_bringing_back_writes_over_nothing(database: Database, person: Actor, place: Place) -> None:
    first = save(database, person, place, "one", Writer("a"))
    discard(database, person, place, version(first))
    save(database, person, place, "two", Writer("a", turn=5))

    saving = bring_back(database, person, place, version(first))

    assert saving.fate is Fate.OVERTAKEN
    assert texts(database) == ["two"]
    with database.reading() as session:
        assert queries.discarded(session, person.id, version(first)) is not None


def test_of_undoing_twice_and_saving_at_the_same_instant_nothing_is_lost(
    database: Database, person: Actor, place: Place
) -> None:
    for number in range(3):
        first = save(database, person, place, "one", Writer(f"a{number}"))
        known = version(first)
        discard(database, person, place, known)

        def undo(session: Session, known: str = known) -> Saving:
            return actions.bring_back(session, person, place, version=known)

        def other(session: Session) -> Saving:
            return actions.save(session, person, place, Wording(source="two"), writer=Writer("b"))

        outcomes = at_once(database, undo, undo, other)

        assert all(isinstance(outcome, Saving) for outcome in outcomes), outcomes
        with database.reading() as session:
            there = queries.one(session, person.id, place)
            kept = queries.discarded(session, person.id, known)
        assert there is not None
        assert (there.wording.source == "one") == (kept is None)
        discard(database, person, place, there.version)


def test_a_discarded_draft_is_gone_after_its_time(database: Database, person: Actor, place: Place) -> None:
    old = save(database, person, place, "one", Writer("a"))
    with clock.frozen(clock.now() - timedelta(hours=rules.DISCARDED_HOURS, minutes=1)):
        discard(database, person, place, version(old))
    new = save(database, person, place, "two", Writer("a"))
    discard(database, person, place, version(new))

    with pytest.raises(NotFound, match="24 hours"):
        bring_back(database, person, place, version(old))
    with database.transaction() as session:
        actions.forget_old(session)

    with database.reading() as session:
        assert session.scalars(select(DiscardedDraft.source)).all() == ["two"]


def test_of_many_discarded_drafts_the_latest_are_kept(
    database: Database, person: Actor, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "MOST_DISCARDED", 3)
    began = clock.now() - timedelta(hours=1)
    for number in range(5):
        with clock.frozen(began + timedelta(seconds=number)):
            discard(database, person, place, version(save(database, person, place, f"{number}", Writer("a"))))

    with database.reading() as session:
        listed = queries.discarded_of_person(session, person)
    assert [draft.excerpt for draft in listed] == ["4", "3", "2"]


def test_discarded_drafts_take_no_room(
    database: Database, person: Actor, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "MOST_DRAFTS", 1)
    first = save(database, person, place, "one", Writer("a"))
    discard(database, person, place, version(first))

    assert save(database, person, Place(Kind.QUESTION), "two", Writer("b")).fate is Fate.SAVED
    with pytest.raises(Refused, match="Discard some"):
        bring_back(database, person, place, version(first))
    assert texts(database) == ["two"]


def test_images_of_drafts_are_wanted_until_the_draft_is_gone(database: Database, person: Actor) -> None:
    one, two = (f"![a](/images/{digit * 32}-10x10.png)" for digit in "ab")
    first = save(database, person, Place(Kind.QUESTION), f"{one} {two}", Writer("a"))
    assert wanted_after_the_sweep(database, person) == {"a" * 32, "b" * 32}

    second = save(database, person, Place(Kind.QUESTION), one, Writer("a", version=version(first)))
    assert wanted_after_the_sweep(database, person) == {"a" * 32}
    discard(database, person, Place(Kind.QUESTION), version(second))
    assert wanted_after_the_sweep(database, person) == {"a" * 32}

    with clock.frozen(clock.now() + timedelta(hours=rules.DISCARDED_HOURS, minutes=1)):
        assert wanted_after_the_sweep(database, person) == set()


def wanted_after_the_sweep(database: Database, person: Actor) -> set[str]:
    with database.transaction() as session:
        actions.forget_old(session)
    with database.reading() as session:
        rows = session.execute(select(ImageReference.key, ImageReference.place, ImageReference.place_id))
        return {key for key, place, id in rows if (place, id) == ("draft", person.id)}
