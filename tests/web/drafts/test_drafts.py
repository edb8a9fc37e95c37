"""Drafts over HTTP: what forms open with, what becomes of the draft, who sees it."""

from uuid import uuid4

import pytest
from sqlalchemy import func, select

from forum.core import clock
from forum.core.db import Database
from forum.drafts.models import Draft
from forum.posts.models import Post
from tests.factories import make_answer, make_comment, make_question
from tests.statements import recorded
from tests.web.browser import Browser, field_of
from tests.web.conftest import SignIn

TEXT = "Switch it off, wait for a minute & switch it on again."
FORM = "5b1d5a5e-0a3c-4b7b-9d0a-1f1c52f3a001"


@pytest.fixture
def question(database: Database, member: Browser) -> Post:
    with database.transaction() as session:
        return make_question(session)


def save(person: Browser, place: str, **fields: str) -> dict[str, str]:
    sent = {"place": place, "submission": FORM, "turn": "1", **fields}
    response = person.send_fragment("/drafts", **sent)
    assert response.status_code == 200
    answer: dict[str, str] = response.json
    return answer


def count(database: Database) -> int:
    with database.reading() as session:
        return session.execute(select(func.count()).select_from(Draft)).scalar_one()


def places(database: Database, author: Browser) -> dict[str, tuple[str, str]]:
    """Each place with the page of its form and the address that the form posts to."""
    with database.transaction() as session:
        own = make_question(session)
        session.get_one(Post, own.id).author_id = author.user_id
        remark = make_comment(session, own)
        remark.author_id = author.user_id
        other = make_question(session)
        return {
            "question": ("/questions/ask", "/questions/ask"),
            f"answer-{other.id}": (f"/questions/{other.id}/{other.slug}", f"/questions/{other.id}/answers"),
            f"edit-{own.id}": (f"/posts/{own.id}/edit", f"/posts/{own.id}/edit"),
            f"comment-{other.id}": (
                f"/questions/{other.id}/{other.slug}",
                f"/posts/{other.id}/comments",
            ),
            f"comment-edit-{remark.id}": (f"/comments/{remark.id}/edit", f"/comments/{remark.id}/edit"),
        }


def test_each_form_opens_with_its_draft_and_posting_ends_it(database: Database, member: Browser) -> None:
    head = {"title": "Why does it beep twice?", "tags": "beeps"}
    for place, (page, action) in places(database, member).items():
        fields = {**(head if place.startswith(("question", "edit")) else {}), "source": TEXT}
        form = str(uuid4())
        based_on = "1" if "edit" in place else "0"
        version = save(member, place, based_on=based_on, submission=form, **fields)["version"]
        opened = member.get(page)
        assert "Your draft is below" in opened.text, place
        assert f"{TEXT.replace('&', '&amp;')}</textarea>" in opened.text, place
        assert f'name="draft_version" value="{version}"' in opened.text, place
        if "title" in fields:
            assert field_of(opened, "title") == head["title"]
            assert field_of(opened, "tags") == head["tags"]

        posted = member.post(action, based_on="1", draft_version=version, submission=form, **fields)

        assert posted.status_code == 303, place
        assert count(database) == 0, place


def test_a_post_that_is_refused_keeps_the_draft_and_shows_what_was_sent(
    database: Database, member: Browser, question: Post
) -> None:
    version = save(member, f"answer-{question.id}", source=TEXT)["version"]

    response = member.post(f"/questions/{question.id}/answers", source="Too", draft_version=version)

    assert response.status_code == 422
    assert field_of(response, "source") == "Too"
    assert f'name="draft_version" value="{version}"' in response.text
    assert "Your draft is below" not in response.text
    assert count(database) == 1


def test_another_text_is_told_as_a_conflict(database: Database, member: Browser, question: Post) -> None:
    place = f"answer-{question.id}"
    save(member, place, source=TEXT)

    response = member.send_fragment("/drafts", place=place, source="Another text.", turn="2")

    assert response.status_code == 409
    assert response.json["fate"] == "overtaken"
    assert response.json["source"] == TEXT
    with database.reading() as session:
        assert session.scalars(select(Draft.source)).all() == [TEXT]


def test_without_scripts_a_button_saves_and_a_conflict_shows_both(
    database: Database, member: Browser, question: Post
) -> None:
    place = f"answer-{question.id}"
    page = f"/questions/{question.id}/{question.slug}"
    assert 'formaction="/drafts"' in member.get(page).text
    saved = member.post("/drafts", place=place, source=TEXT)
    assert saved.headers["Location"] == f"/questions/{question.id}#your-answer"
    assert "Your draft is saved." in member.get(page).text

    conflict = member.post("/drafts", place=place, source="Another text.")

    assert conflict.status_code == 409
    assert TEXT.replace("&", "&amp;") in conflict.text
    assert "Another text." in conflict.text
    version = conflict.text.partition('name="draft_version" value="')[2].partition('"')[0]
    kept = member.post("/drafts", place=place, source="Another text.", draft_version=version)
    assert kept.status_code == 303
    with database.reading() as session:
        assert session.scalars(select(Draft.source)).all() == ["Another text."]


def test_a_draft_is_discarded_from_the_form_and_from_the_list(
    database: Database, member: Browser, question: Post
) -> None:
    place = f"answer-{question.id}"
    for next_page in (f"/questions/{question.id}#your-answer", "/drafts"):
        version = save(member, place, source=TEXT)["version"]
        assert TEXT.replace("&", "&amp;") in member.get("/drafts").text

        response = member.post(f"/drafts/{place}/discard", draft_version=version, next=next_page)

        assert response.headers["Location"] == next_page
        assert count(database) == 0
    assert "You have no drafts" in member.get("/drafts").text
    assert member.get(f"/drafts/{place}").status_code == 404


def test_discarding_is_undone_where_it_happened(database: Database, member: Browser, question: Post) -> None:
    place = f"answer-{question.id}"
    page = f"/questions/{question.id}/{question.slug}"
    for next_page in (page, "/drafts"):
        version = save(member, place, source=TEXT)["version"]
        member.post(f"/drafts/{place}/discard", draft_version=version, next=next_page)

        landed = member.get(next_page)
        assert "Draft discarded." in landed.text
        assert f'action="/drafts/{place}/undo-discard"' in landed.text
        assert "Your draft is below" not in landed.text
        assert (field_of(landed, "next") or "").endswith("#your-answer" if next_page == page else "/drafts")
        assert "Draft discarded." not in member.get(next_page).text, "it is said once"
        assert count(database) == 0
        assert "Bring back" in member.get("/drafts").text

        undone = member.post(f"/drafts/{place}/undo-discard", draft_version=version, next=next_page)

        assert undone.headers["Location"] == next_page
        assert "Your draft is back." in member.get(next_page).text
        assert TEXT.replace("&", "&amp;") in member.get(page).text
        assert "Bring back" not in member.get("/drafts").text


def test_a_script_gets_the_way_back_in_the_place_of_the_draft(
    database: Database, member: Browser, question: Post
) -> None:
    place = f"answer-{question.id}"
    version = save(member, place, source=TEXT)["version"]

    for _ in range(2):
        part = member.send_fragment(f"/drafts/{place}/discard", draft_version=version)
        assert part.text.strip().startswith("<li")
        assert f'action="/drafts/{place}/undo-discard"' in part.text
        assert "Draft discarded." in part.headers["HX-Trigger"]


def test_what_was_typed_since_the_last_save_comes_back_too(
    database: Database, member: Browser, question: Post
) -> None:
    place = f"answer-{question.id}"
    version = save(member, place, source=TEXT)["version"]
    typed = {"source": f"{TEXT} More.", "submission": FORM, "turn": "2"}

    member.post(f"/drafts/{place}/discard", draft_version=version, **typed)
    assert count(database) == 0
    undo = field_of(member.get("/drafts"), "draft_version") or ""
    member.post(f"/drafts/{place}/undo-discard", draft_version=undo)

    with database.reading() as session:
        assert session.scalars(select(Draft.source)).all() == [f"{TEXT} More."]


def test_undoing_where_another_text_was_begun_shows_both(
    database: Database, member: Browser, question: Post
) -> None:
    place = f"answer-{question.id}"
    version = save(member, place, source=TEXT)["version"]
    member.post(f"/drafts/{place}/discard", draft_version=version)
    save(member, place, source="Another text.", submission=str(uuid4()))

    both = member.post(f"/drafts/{place}/undo-discard", draft_version=version)

    assert both.status_code == 409
    assert "What you discarded" in both.text
    assert TEXT.replace("&", "&amp;") in both.text
    assert "Another text." in both.text
    assert "Bring back" in member.get("/drafts").text
    sent = {name: field_of(both, name) or "" for name in ("draft_version", "based_on", "submission")}
    assert member.post("/drafts", place=place, source=TEXT, **sent).status_code == 303
    with database.reading() as session:
        assert session.scalars(select(Draft.source)).all() == [TEXT]


def test_nobody_else_brings_a_draft_back(
    database: Database, sign_in: SignIn, member: Browser, question: Post
) -> None:
    place = f"answer-{question.id}"
    version = save(member, place, source="A secret so far.")["version"]
    member.post(f"/drafts/{place}/discard", draft_version=version)

    other = sign_in("Ada Admin", role="admin")
    assert other.post(f"/drafts/{place}/undo-discard", draft_version=version).status_code == 404
    assert "secret" not in other.get("/drafts").text
    assert member.post("/drafts/question/undo-discard", draft_version=version).status_code == 404
    assert count(database) == 0


def test_a_stale_page_discards_nothing(database: Database, member: Browser, question: Post) -> None:
    save(member, f"answer-{question.id}", source=TEXT)

    assert member.post(f"/drafts/answer-{question.id}/discard", draft_version=FORM).status_code == 409
    assert count(database) == 1


@pytest.mark.parametrize("change", ["closed_at", "deleted_at"])
def test_the_draft_of_a_closed_or_deleted_question_can_be_copied(
    database: Database, member: Browser, question: Post, change: str
) -> None:
    save(member, f"answer-{question.id}", source=TEXT)
    with database.transaction() as session:
        setattr(session.get_one(Post, question.id), change, clock.now())

    listed = member.get("/drafts")

    assert "still here to copy" in listed.text
    assert "Go on writing" not in listed.text
    assert (question.title in listed.text) == (change == "closed_at")
    assert TEXT.replace("&", "&amp;") in member.get(f"/drafts/answer-{question.id}").text


def test_nobody_else_sees_a_draft(sign_in: SignIn, member: Browser, question: Post) -> None:
    place = f"answer-{question.id}"
    save(member, place, source="A secret so far.")

    for other in (sign_in("Ada Admin", role="admin"), Browser(member.app)):
        for path in ("/drafts", f"/drafts/{place}", f"/questions/{question.id}/{question.slug}"):
            response = other.get(path)
            assert "secret" not in response.text
            assert response.status_code in {200, 302, 404}


@pytest.mark.parametrize("place", ["", "answer", "answer-4711", "nowhere-1", "edit-0"])
def test_a_text_of_no_place_is_refused_and_given_back(
    database: Database, member: Browser, place: str
) -> None:
    response = member.post("/drafts", place=place, source=TEXT)

    assert response.status_code == 404
    assert field_of(response, "source") == TEXT
    assert count(database) == 0


def test_visitors_are_asked_to_sign_in_and_lose_nothing(visitor: Browser, question: Post) -> None:
    place = f"answer-{question.id}"

    assert visitor.send_fragment("/drafts", place=place, source=TEXT).status_code == 403
    refused = visitor.post("/drafts", place=place, source=TEXT)
    assert refused.status_code == 403
    assert field_of(refused, "kept-source") == TEXT
    assert visitor.get("/drafts").headers["Location"] == "/sign-in?next=/drafts"


def test_saving_has_a_limit_that_says_so(member: Browser, question: Post) -> None:
    limits = member.app.extensions["askwell"].limits
    for _ in range(120):
        limits.count("120 per 5 minutes", "drafts", str(member.user_id), message="Too many.")

    response = member.send_fragment("/drafts", place=f"answer-{question.id}", source=TEXT)

    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) > 0


def test_a_page_of_a_question_costs_one_statement_more_when_signed_in_and_none_otherwise(
    database: Database, member: Browser, visitor: Browser, question: Post
) -> None:
    with database.transaction() as session:
        asked = session.get_one(Post, question.id)
        for _ in range(3):
            make_comment(session, make_answer(session, asked))
    path = f"/questions/{question.id}/{question.slug}"
    for number in range(2):
        for place in (f"answer-{question.id}", f"comment-{question.id}")[:number]:
            save(member, place, source=TEXT)
        with recorded(database) as signed_in:
            member.get(path)
        with recorded(database) as signed_out:
            visitor.get(path)

        assert sum(" draft" in sql for sql, _ in signed_in.sent) == 1
        assert not any(" draft" in sql for sql, _ in signed_out.sent)


def test_the_list_takes_one_statement_however_many_drafts_there_are(
    database: Database, member: Browser, question: Post
) -> None:
    for place in ("question", f"answer-{question.id}", f"comment-{question.id}", f"edit-{question.id}"):
        save(member, place, source=TEXT)

        with recorded(database) as statements:
            member.get("/drafts")

        assert len(statements) == 3, "one for who is looking, one for the drafts, one for the discarded ones"
