import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from forum.accounts.rules import Actor
from forum.core.db import Database
from forum.posts.actions import answering, asking, commenting
from forum.posts.models import Post, Revision
from tests.web.browser import Browser, field_of
from tests.web.conftest import SignIn

TITLE = "Why does my dock lose the second monitor?"
SOURCE = "It works until the laptop sleeps.\n\nThen it stays black."
CHANGED = {
    "title": TITLE,
    "source": SOURCE.replace("black", "dark"),
    "tags": "docks sleep",
    "summary": "Clearer",
}


@pytest.fixture
def question_id(member: Browser, database: Database) -> int:
    actor = Actor(id=member.user_id, name=member.name, role="member", reputation=1)
    with database.transaction() as session:
        return asking.ask(session, actor, title=TITLE, source=SOURCE, tags=["docks"]).question_id


@pytest.fixture
def answer_id(member: Browser, database: Database, question_id: int) -> int:
    actor = Actor(id=member.user_id, name=member.name, role="member", reputation=1)
    with database.transaction() as session:
        return answering.answer(session, actor, question_id, source="Update the firmware.").post_id


def _post(database: Database, post_id: int) -> Post:
    with database.reading() as session:
        return session.get_one(Post, post_id)


def test_its_author_edits_a_question(member: Browser, database: Database, question_id: int) -> None:
    page = member.get(f"/posts/{question_id}/edit")
    assert 'data-saved="1" hidden>' in page.text, "nothing was saved since"
    assert field_of(page, "title") == TITLE
    assert field_of(page, "source") == SOURCE
    assert field_of(page, "tags") == "docks"

    response = member.post(f"/posts/{question_id}/edit", **CHANGED, based_on=field_of(page, "based_on"))

    assert response.status_code == 303
    assert response.headers["Location"] == f"/questions/{question_id}#question"
    question = _post(database, question_id)
    assert (question.source, question.tag_names) == (CHANGED["source"], "docks sleep")
    with database.reading() as session:
        latest = session.execute(select(Revision).where(Revision.number == 2)).scalar_one()
    assert (latest.summary, latest.author_id) == ("Clearer", member.user_id)


def test_an_answer_has_neither_title_nor_tags(member: Browser, database: Database, answer_id: int) -> None:
    page = member.get(f"/posts/{answer_id}/edit")
    assert field_of(page, "title") is None
    assert field_of(page, "tags") is None

    response = member.post(
        f"/posts/{answer_id}/edit", source="Update it to 1.8.", title="Injected", based_on="1"
    )

    assert response.headers["Location"] == f"/answers/{answer_id}"
    answer = _post(database, answer_id)
    assert (answer.source, answer.title) == ("Update it to 1.8.", None)


@pytest.mark.parametrize("reputation", [1, 1999])
def test_others_without_the_privilege_may_not(
    sign_in: SignIn, database: Database, question_id: int, reputation: int
) -> None:
    other = sign_in("Somebody Else", reputation=reputation)

    assert other.get(f"/posts/{question_id}/edit").status_code == 403
    response = other.post(f"/posts/{question_id}/edit", **CHANGED, based_on="1")
    assert response.status_code == 403
    assert "2,000 reputation" in response.text
    assert field_of(response, "source") == CHANGED["source"]
    assert _post(database, question_id).source == SOURCE


@pytest.mark.parametrize(("reputation", "role"), [(2000, "member"), (1, "moderator"), (1, "admin")])
def test_others_with_the_privilege_may(
    sign_in: SignIn, database: Database, question_id: int, reputation: int, role: str
) -> None:
    other = sign_in("Somebody Else", reputation=reputation, role=role)

    assert other.post(f"/posts/{question_id}/edit", **CHANGED, based_on="1").status_code == 303
    question = _post(database, question_id)
    assert question.editor_id == other.user_id
    assert question.author_id != other.user_id


def test_visitors_are_asked_to_sign_in(visitor: Browser, question_id: int) -> None:
    assert (
        visitor.get(f"/posts/{question_id}/edit").headers["Location"]
        == f"/sign-in?next=/posts/{question_id}/edit"
    )


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("title", "Short", "at least 10"),
        ("source", "Short", "at least 20"),
        ("tags", "", "1 to 5 tags"),
        ("summary", "x" * 301, "at most 300"),
        ("summary", "a\x00b", "Control characters"),
    ],
)
def test_it_says_what_is_wrong_and_keeps_all_that_was_typed(
    member: Browser, database: Database, question_id: int, field: str, value: str, message: str
) -> None:
    response = member.post(f"/posts/{question_id}/edit", **{**CHANGED, field: value}, based_on="1")

    assert response.status_code == 422
    assert message in response.text
    for name, text in {**CHANGED, field: value.replace("\x00", "")}.items():
        assert field_of(response, name) == text
    assert _post(database, question_id).revision_count == 1


def _edit_as_somebody_else(sign_in: SignIn, question_id: int, **theirs: str) -> None:
    other = sign_in("Somebody Else", reputation=2000)
    sent = {"title": TITLE, "source": SOURCE, "tags": "docks", **theirs}
    assert other.post(f"/posts/{question_id}/edit", based_on="1", **sent).status_code == 303


def _as_shown(response: TestResponse) -> dict[str, str]:
    names = ("title", "source", "tags", "summary", "based_on")
    return {name: field_of(response, name) or "" for name in names}


def test_two_edits_that_fit_together_are_joined_and_saved_by_one_click(
    member: Browser, sign_in: SignIn, database: Database, question_id: int
) -> None:
    added = "\n\nIt is the USB-C port on the left."
    title = TITLE.replace("second", "other")
    _edit_as_somebody_else(sign_in, question_id, source=SOURCE + added, title=title, tags="docks usb-c")

    response = member.post(f"/posts/{question_id}/edit", **CHANGED, based_on="1")

    assert response.status_code == 409
    assert f"<ins>{added}</ins>" in response.text
    assert "fit together" in response.text
    assert _post(database, question_id).source == SOURCE + added
    joined = _as_shown(response)
    assert joined == {
        "title": title,
        "source": CHANGED["source"] + added,
        "tags": "docks sleep usb-c",
        "summary": CHANGED["summary"],
        "based_on": "2",
    }
    assert member.post(f"/posts/{question_id}/edit", **joined).status_code == 303
    post = _post(database, question_id)
    assert (post.source, post.title) == (joined["source"], title)
    assert post.tag_names == "docks sleep usb-c"


@pytest.mark.parametrize(
    ("choice", "ending"),
    [
        ("mine", "Then it stays dark."),
        ("theirs", "Then it stays grey."),
        ("both", "Then it stays grey.\nThen it stays dark."),
    ],
)
def test_what_both_changed_is_saved_only_once_it_is_decided(
    member: Browser, sign_in: SignIn, database: Database, question_id: int, choice: str, ending: str
) -> None:
    theirs = SOURCE.replace("black", "grey")
    title = TITLE.replace("dock", "hub")
    _edit_as_somebody_else(sign_in, question_id, source=theirs, title=title)
    mine = {**CHANGED, "title": TITLE.replace("dock", "box")}

    response = member.post(f"/posts/{question_id}/edit", **mine, based_on="1")

    assert response.status_code == 409
    assert response.text.count('type="radio" name="place-1"') == 3
    assert response.text.count('type="radio" name="place-title"') == 2
    undecided = _as_shown(response)
    for partly in ({}, {"place-1": choice}, {"place-title": "mine"}, {"place-1": "nonsense"}):
        refused = member.post(f"/posts/{question_id}/edit", **undecided, **partly)
        assert refused.status_code == 422
        assert "changed the same words" in refused.text
        assert 'type="radio"' in refused.text
    assert _post(database, question_id).source == theirs

    decided = {"place-1": choice, "place-title": "mine"}
    assert member.post(f"/posts/{question_id}/edit", **undecided, **decided).status_code == 303
    post = _post(database, question_id)
    assert post.source == SOURCE.replace("Then it stays black.", ending)
    assert post.title == mine["title"]


def test_a_draft_of_an_edit_that_others_overtook_is_joined_when_it_is_saved(
    member: Browser, sign_in: SignIn, database: Database, question_id: int
) -> None:
    place = f"edit-{question_id}"
    member.send_fragment("/drafts", place=place, turn="1", **CHANGED, based_on="1")
    _edit_as_somebody_else(sign_in, question_id, source=f"{SOURCE}\n\nIt is new.")

    page = member.get(f"/posts/{question_id}/edit")
    assert "Another version was saved after this text was begun" in page.text
    assert f'href="/posts/{question_id}/revisions"' in page.text
    assert 'data-saved="2">' in page.text
    opened = _as_shown(page)
    assert (opened["source"], opened["based_on"]) == (CHANGED["source"], "1")
    response = member.post(f"/posts/{question_id}/edit", **opened)

    assert response.status_code == 409
    assert field_of(response, "source") == f"{CHANGED['source']}\n\nIt is new."


def test_a_comment_changed_in_its_place_says_the_same_of_its_draft(
    member: Browser, database: Database, question_id: int
) -> None:
    actor = Actor(id=member.user_id, name=member.name, role="member", reputation=1)
    with database.transaction() as session:
        id = commenting.comment(session, actor, question_id, source="Which model is it?").comment_id
    address, place = f"/comments/{id}/edit", f"comment-edit-{id}"
    fragment = {"headers": {"HX-Request": "true"}}
    assert "Your draft is below" not in member.get(address, **fragment).text
    member.send_fragment("/drafts", place=place, turn="1", source="Which one is it?", based_on="1")
    with database.transaction() as session:
        commenting.edit_comment(session, actor, id, source="Which model is it, please?", based_on=1)

    part = member.get(address, **fragment).text

    assert "Your draft is below" in part
    assert f'action="/drafts/{place}/discard"' in part
    assert 'data-saved="2">' in part
    assert f'href="/comments/{id}/revisions"' in part


def test_two_edits_of_a_comment_are_joined_in_its_place(
    member: Browser, database: Database, question_id: int
) -> None:
    actor = Actor(id=member.user_id, name=member.name, role="member", reputation=1)
    with database.transaction() as session:
        id = commenting.comment(
            session, actor, question_id, source="Which model is it?\n\nAnd when?"
        ).comment_id
        theirs = "Which model is it, please?\n\nAnd when?"
        commenting.edit_comment(session, actor, id, source=theirs, based_on=1)

    sent = {"source": "Which model is it?\n\nAnd since when?", "based_on": "1"}
    part = member.send_fragment(f"/comments/{id}/edit", **sent)

    assert part.status_code == 409
    assert part.headers["HX-Retarget"] == f"#comment-{id}"
    assert "fit together" in part.text
    assert field_of(part, "source") == "Which model is it, please?\n\nAnd since when?"
    assert field_of(part, "based_on") == "2"
    clash = {"source": "Which model is it, really?\n\nAnd when?", "based_on": "1"}
    assert 'type="radio" name="place-1"' in member.send_fragment(f"/comments/{id}/edit", **clash).text


@pytest.mark.parametrize("based_on", ["", "0", "-1", "x", "9" * 40, "\x00"])
def test_a_made_up_revision_is_a_conflict_and_no_defect(
    member: Browser, database: Database, question_id: int, based_on: str
) -> None:
    response = member.post(f"/posts/{question_id}/edit", **CHANGED, based_on=based_on)

    assert response.status_code == 409
    # Nobody knows what it began with, so nothing is joined without asking.
    for words in ("Then it stays dark.", "Then it stays black.", "<<<<<<<"):
        assert words in (field_of(response, "source") or "")
    assert field_of(response, "based_on") == "1"
    assert _post(database, question_id).source == SOURCE


def test_the_preview_button_shows_the_text_and_saves_nothing(
    member: Browser, database: Database, question_id: int
) -> None:
    response = member.post(
        f"/posts/{question_id}/edit", **{**CHANGED, "source": "**loud**"}, preview="1", based_on="1"
    )

    assert response.status_code == 200
    assert "<strong>loud</strong>" in response.text
    assert field_of(response, "based_on") == "1"
    assert _post(database, question_id).source == SOURCE


def test_more_fields_than_the_form_has_change_nothing(
    member: Browser, database: Database, question_id: int
) -> None:
    more = {
        "author_id": "1000",
        "score": "99",
        "deleted_at": "2001-01-01",
        "kind": "answer",
        "view_count": "5",
    }

    member.post(f"/posts/{question_id}/edit", **CHANGED, based_on="1", **more)

    question = _post(database, question_id)
    assert (question.author_id, question.score, question.kind) == (member.user_id, 0, "question")
    assert (question.deleted_at, question.view_count) == (None, 0)


def test_a_post_that_is_not_there_cannot_be_edited(member: Browser) -> None:
    assert member.get("/posts/4711/edit").status_code == 404
    response = member.post("/posts/4711/edit", **CHANGED, based_on="1")
    assert response.status_code == 404
    assert field_of(response, "source") == CHANGED["source"]


def test_a_deleted_post_comes_back_before_it_is_edited(member: Browser, question_id: int) -> None:
    member.post(f"/posts/{question_id}/delete")

    assert member.get(f"/posts/{question_id}/edit").status_code == 403
    assert member.post(f"/posts/{question_id}/edit", **CHANGED, based_on="1").status_code == 403
