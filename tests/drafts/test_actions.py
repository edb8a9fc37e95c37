"""Saving drafts: nothing is written over that another tab or device has saved."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

import forum.wiring
from forum.accounts.models import User
from forum.accounts.rules import Actor
from forum.core import clock
from forum.core.db import Database
from forum.core.errors import Conflict, NotFound, Refused
from forum.drafts import actions, queries, rules
from forum.drafts.actions import Fate, Saving, Writer
from forum.drafts.models import Draft
from forum.drafts.rules import Kind, Place, Wording
from forum.posts.actions import answering, commenting, editing
from forum.posts.models import Post
from tests.at_once import at_once
from tests.drafts.saving import save, texts, version
from tests.factories import make_answer, make_comment, make_question, make_user

assert forum.wiring.metadata.tables
TEXT = "Switch it off and on again, then look."


def test_a_draft_is_kept_with_all_its_fields(database: Database, person: Actor) -> None:
    wording = Wording(source="It beeps.", title="Why?", tags="beeps", summary="none")
    with database.transaction() as session:
        saving = actions.save(session, person, Place(Kind.QUESTION), wording, writer=Writer("a"))

    with database.reading() as session:
        draft = queries.one(session, person.id, Place(Kind.QUESTION))
    assert draft == saving.draft
    assert draft is not None
    assert draft.wording == wording


def test_each_save_goes_on_from_the_one_before(database: Database, person: Actor, place: Place) -> None:
    first = save(database, person, place, "one", Writer("a"))

    second = save(database, person, place, "one two", Writer("b", version=version(first)))

    assert second.fate is Fate.SAVED
    assert version(second) != version(first)
    assert texts(database) == ["one two"]


def test_another_tab_overwrites_nothing_and_is_told_what_is_there(
    database: Database, person: Actor, place: Place
) -> None:
    first = save(database, person, place, "one", Writer("a"))
    save(database, person, place, "newer", Writer("b", version=version(first)))

    overtaken = [
        save(database, person, place, "other", Writer("a", version=version(first))),
        save(database, person, place, "", Writer("a", version=version(first))),
        save(database, person, place, "blank start", Writer("c")),
    ]

    assert {saving.fate for saving in overtaken} == {Fate.OVERTAKEN}
    assert {saving.draft.wording.source for saving in overtaken if saving.draft} == {"newer"}
    assert texts(database) == ["newer"]


def test_the_same_text_from_elsewhere_is_no_conflict(database: Database, person: Actor, place: Place) -> None:
    first = save(database, person, place, "one", Writer("a", turn=1))

    again = save(database, person, place, "one", Writer("b"))

    assert (again.fate, version(again)) == (Fate.SAVED, version(first))
    assert save(database, person, place, "one two", Writer("b", version=version(again))).fate is Fate.SAVED


def test_a_form_whose_answer_was_lost_goes_on(database: Database, person: Actor, place: Place) -> None:
    save(database, person, place, "one", Writer("a", turn=1))

    again = save(database, person, place, "one two", Writer("a", turn=2))

    assert again.fate is Fate.SAVED
    assert texts(database) == ["one two"]


def test_an_older_text_of_the_same_form_that_arrives_late_changes_nothing(
    database: Database, person: Actor, place: Place
) -> None:
    newest = save(database, person, place, "one two", Writer("a", turn=2))

    late = save(database, person, place, "one", Writer("a", turn=1))

    assert late.fate is Fate.SAVED
    assert version(late) == version(newest)
    assert texts(database) == ["one two"]


def test_without_scripts_the_same_form_sent_again_is_asked_about(
    database: Database, person: Actor, place: Place
) -> None:
    save(database, person, place, "one", Writer("a"))

    assert save(database, person, place, "one, changed", Writer("a")).fate is Fate.OVERTAKEN


def test_a_discarded_draft_that_is_still_open_elsewhere_begins_anew(
    database: Database, person: Actor, place: Place
) -> None:
    first = save(database, person, place, "one", Writer("a"))
    with database.transaction() as session:
        actions.discard(session, person, place, version=version(first))
    assert texts(database) == []

    assert save(database, person, place, "one two", Writer("a", version=version(first))).fate is Fate.SAVED
    assert texts(database) == ["one two"]


def test_what_changed_meanwhile_is_not_discarded(database: Database, person: Actor, place: Place) -> None:
    first = save(database, person, place, "one", Writer("a"))
    save(database, person, place, "two", Writer("b", version=version(first)))

    with pytest.raises(Conflict), database.transaction() as session:
        actions.discard(session, person, place, version=version(first))

    assert texts(database) == ["two"]


def test_an_emptied_form_leaves_no_draft(database: Database, person: Actor, place: Place) -> None:
    first = save(database, person, place, "one", Writer("a"))

    assert save(database, person, place, " \n", Writer("a", version=version(first))).fate is Fate.EMPTIED
    assert texts(database) == []


def test_of_many_tabs_at_the_same_instant_one_saves_and_the_others_are_told(
    database: Database, person: Actor, place: Place
) -> None:
    def saving(known: str, name: str, session: Session) -> Saving:
        writer = Writer(name, version=known)
        return actions.save(session, person, place, Wording(source=name), writer=writer)

    known = ""
    for round_of in range(3):
        names = [f"{round_of}-{number}" for number in range(6)]
        outcomes = at_once(database, *(partial(saving, known, name) for name in names))

        assert all(isinstance(outcome, Saving) for outcome in outcomes)
        saved = [
            outcome for outcome in outcomes if isinstance(outcome, Saving) and outcome.fate is Fate.SAVED
        ]
        (winner,) = saved
        assert winner.draft is not None
        assert texts(database) == [winner.draft.wording.source]
        known = winner.draft.version
        others = [outcome for outcome in outcomes if outcome is not winner]
        assert {outcome.fate for outcome in others if isinstance(outcome, Saving)} == {Fate.OVERTAKEN}


@pytest.mark.parametrize("is_last", [True, False])
def test_posting_ends_the_draft_of_the_posted_text_only(
    database: Database, person: Actor, place: Place, is_last: bool
) -> None:
    first = save(database, person, place, "one", Writer("a"))
    if not is_last:
        save(database, person, place, "more, from elsewhere", Writer("b", version=version(first)))

    with database.transaction() as session:
        writer = Writer("a", version=version(first))
        actions.finish(session, person, place, writer=writer, source=TEXT)

    assert texts(database) == ([] if is_last else ["more, from elsewhere"])


def test_a_draft_with_the_posted_text_ends_wherever_it_was_saved(
    database: Database, person: Actor, place: Place
) -> None:
    save(database, person, place, TEXT, Writer("b"))

    with database.transaction() as session:
        actions.finish(session, person, place, writer=Writer("a"), source=f"{TEXT}\r\n")

    assert texts(database) == []


def test_a_text_that_arrives_after_its_form_has_posted_it_is_no_draft(
    database: Database, person: Actor, place: Place
) -> None:
    with database.transaction() as session:
        answer = answering.answer(session, person, place.subject_id, source=TEXT, submission="form-1").post_id
        remark = commenting.comment(session, person, answer, source="Which one?", submission="form-2")
        editing.edit_post(session, person, answer, source=f"{TEXT} Wait.", based_on=1)
        commenting.edit_comment(session, person, remark.comment_id, source="Which model?", based_on=1)

    late = [
        save(database, person, place, "Switch", Writer("form-1")),
        save(database, person, Place(Kind.COMMENT, answer), "Which", Writer("form-2")),
        save(database, person, Place(Kind.EDIT, answer), f"{TEXT} Wait.\n", Writer("x"), based_on=1),
        save(database, person, Place(Kind.COMMENT_EDIT, remark.comment_id), "Which model?", Writer("x")),
    ]

    assert {saving.fate for saving in late} == {Fate.POSTED}
    assert texts(database) == []


def test_there_are_no_drafts_of_what_is_not_there(database: Database, person: Actor, place: Place) -> None:
    with database.transaction() as session:
        answer = make_answer(session, session.get_one(Post, place.subject_id))
    for kind, subject_id in ((Kind.EDIT, 4711), (Kind.COMMENT_EDIT, 4711), (Kind.ANSWER, answer.id)):
        with pytest.raises(NotFound):
            save(database, person, Place(kind, subject_id), "one", Writer("a"))


def test_the_oldest_draft_makes_room_and_todays_never_do(database: Database, person: Actor) -> None:
    with database.transaction() as session:
        ids = [make_question(session).id for _ in range(rules.MOST_DRAFTS + 2)]
    began = clock.now() - timedelta(days=3)
    for number, id in enumerate(ids[:-2]):
        age = began + timedelta(seconds=number)
        with clock.frozen(age if number == 0 else clock.now()):
            save(database, person, Place(Kind.ANSWER, id), f"text {number}", Writer("a"))

    assert save(database, person, Place(Kind.ANSWER, ids[-2]), "one more", Writer("a")).fate is Fate.SAVED
    assert len(texts(database)) == rules.MOST_DRAFTS
    assert "text 0" not in texts(database)
    with pytest.raises(Refused, match="Discard some"):
        save(database, person, Place(Kind.ANSWER, ids[-1]), "too much", Writer("a"))
    assert len(texts(database)) == rules.MOST_DRAFTS


def test_drafts_go_after_their_time_and_with_their_author(database: Database, place: Place) -> None:
    with database.transaction() as session:
        leaving, staying = (make_user(session) for _ in range(2))
        authors = [Actor(id=user.id, name="", role="member", reputation=1) for user in (leaving, staying)]
    old = clock.now() - timedelta(days=rules.KEPT_DAYS, minutes=1)
    for author in authors:
        save(database, author, place, "new", Writer("a"))
        with clock.frozen(old):
            save(database, author, Place(Kind.QUESTION), "old", Writer("a"))

    with database.transaction() as session:
        actions.forget_old(session)
    assert texts(database) == ["new", "new"]
    with database.transaction() as session:
        session.execute(delete(User).where(User.id == leaving.id))

    with database.reading() as session:
        assert session.scalars(select(Draft.user_id)).all() == [staying.id]
        assert session.scalar(select(func.count()).select_from(Draft)) == 1


def test_the_list_names_what_may_be_seen_only(database: Database, person: Actor) -> None:
    with database.transaction() as session:
        there, closed = make_question(session, title="Still there here"), make_question(session)
        gone = make_question(session, title="A secret by now", deleted_at=clock.now())
        closed.closed_at = clock.now()
        answer = make_answer(session, there)
        remark = make_comment(session, answer)
        places = {
            "new": Place(Kind.QUESTION),
            "answer": Place(Kind.ANSWER, there.id),
            "closed": Place(Kind.ANSWER, closed.id),
            "gone": Place(Kind.ANSWER, gone.id),
            "comment": Place(Kind.COMMENT, answer.id),
            "remark": Place(Kind.COMMENT_EDIT, remark.id),
        }
    for place in places.values():
        save(database, person, place, "begun", Writer("a"))

    with database.reading() as session:
        listed = {draft.place: draft for draft in queries.of_person(session, person)}
        other = Actor(id=person.id + 1, name="", role="admin", reputation=1)
        assert queries.of_person(session, other) == ()

    assert {name for name, place in places.items() if listed[place].is_open} == {
        "new",
        "answer",
        "comment",
        "remark",
    }
    assert listed[places["gone"]].title == ""
    assert listed[places["remark"]].title == "Still there here"
    assert listed[places["comment"]].question_id == there.id
