import pytest
from sqlalchemy import select

from forum.core.db import Database
from forum.posts.models import Post, Revision
from tests.factories import make_answer, make_question
from tests.web.browser import Browser, field_of
from tests.web.conftest import SignIn

SHORT = "Dark."
"""A text that the form of an edit would not accept any more, as imports bring some."""


@pytest.fixture
def member(sign_in: SignIn) -> Browser:
    """Somebody who may edit what others wrote."""
    return sign_in("Mary Member", reputation=2000)


@pytest.fixture
def question(database: Database) -> Post:
    with database.transaction() as session:
        question = make_question(session, title="Why dark?", text=SHORT, tags=("docks",))
        first = {"number": 1, "source": SHORT, "title": question.title, "tag_names": "docks"}
        session.add(Revision(post_id=question.id, created_at=question.created_at, **first))
        return question


@pytest.fixture
def path(question: Post) -> str:
    return f"/questions/{question.id}/tags"


def _latest(database: Database, question_id: int) -> Revision:
    latest = select(Revision).where(Revision.post_id == question_id).order_by(Revision.number.desc())
    with database.reading() as session:
        return session.execute(latest.limit(1)).scalar_one()


def test_whoever_may_edit_finds_the_way_beside_the_tags(
    visitor: Browser, member: Browser, sign_in: SignIn, question: Post, path: str
) -> None:
    def offers(browser: Browser) -> bool:
        return f'href="{path}"' in browser.get(f"/questions/{question.id}/{question.slug}").text

    assert offers(member)
    assert not offers(visitor)
    assert not offers(sign_in("Somebody New"))


def test_the_small_page_changes_nothing_but_the_tags(
    member: Browser, database: Database, question: Post, path: str
) -> None:
    page = member.get(path)
    assert field_of(page, "tags") == "docks"
    assert field_of(page, "source") is None

    response = member.post(path, tags="Docks, sleep", based_on=field_of(page, "based_on"))

    assert response.status_code == 303
    assert response.headers["Location"] == f"/questions/{question.id}#question"
    with database.reading() as session:
        post = session.get_one(Post, question.id)
    latest = _latest(database, question.id)
    assert (post.tag_names, post.title, post.source) == ("docks sleep", "Why dark?", SHORT)
    assert (post.html, post.excerpt, post.slug) == (question.html, question.excerpt, question.slug)
    assert (latest.number, latest.tag_names, latest.source) == (2, "docks sleep", SHORT)
    assert latest.author_id == member.user_id


def test_a_script_gets_the_form_and_then_the_tags(member: Browser, path: str) -> None:
    form = member.get(path, headers={"HX-Request": "true"})
    assert "<html" not in form.text
    assert field_of(form, "tags") == "docks"

    shown = member.send_fragment(path, tags="sleep", based_on="1")

    assert shown.status_code == 200
    assert "<html" not in shown.text
    assert 'href="/tags/sleep"' in shown.text
    assert "docks" not in shown.text


def test_a_script_that_gives_up_gets_the_tags_as_they_are(member: Browser, path: str) -> None:
    assert 'href="/tags/docks"' in member.get(f"{path}/saved", headers={"HX-Request": "true"}).text
    assert member.get(f"{path}/saved").headers["Location"] == path.replace("/tags", "#question")


@pytest.mark.parametrize("as_script", [True, False])
@pytest.mark.parametrize(
    ("tags", "message"),
    [("", "1 to 5 tags; you gave 0"), ("a b c d e f", "you gave 6"), ("!", "can&#39;t be a tag")],
)
def test_it_says_what_is_wrong_beside_what_was_typed(
    member: Browser, database: Database, question: Post, path: str, tags: str, message: str, as_script: bool
) -> None:
    send = member.send_fragment if as_script else member.post

    response = send(path, tags=tags, based_on="1")

    assert response.status_code == 422
    assert message in response.text
    assert field_of(response, "tags") == tags
    assert response.headers.get("HX-Reswap") == ("outerHTML" if as_script else None)
    assert _latest(database, question.id).number == 1


@pytest.mark.parametrize("as_script", [True, False])
def test_tags_of_two_people_are_joined_and_saved_by_one_click(
    member: Browser, sign_in: SignIn, database: Database, question: Post, path: str, as_script: bool
) -> None:
    other = sign_in("Somebody Else", reputation=2000)
    assert other.post(path, tags="docks usb-c", based_on="1").status_code == 303
    send = member.send_fragment if as_script else member.post

    response = send(path, tags="sleep", based_on="1")

    assert response.status_code == 409
    assert "Somebody saved another version while you were writing" in response.text
    assert _latest(database, question.id).tag_names == "docks usb-c"
    joined = {name: field_of(response, name) for name in ("tags", "based_on")}
    assert joined == {"tags": "sleep usb-c", "based_on": "2"}
    assert send(path, **joined).status_code == (200 if as_script else 303)
    assert _latest(database, question.id).tag_names == "sleep usb-c"


def test_the_rules_of_editing_hold(
    visitor: Browser, member: Browser, sign_in: SignIn, database: Database, question: Post, path: str
) -> None:
    with database.transaction() as session:
        answer_id = make_answer(session, session.get_one(Post, question.id)).id
    newcomer = sign_in("Somebody New", reputation=1999)

    refused = newcomer.post(path, tags="sleep", based_on="1")
    assert refused.status_code == newcomer.get(path).status_code == 403
    assert "2,000 reputation" in refused.text
    assert visitor.get(path).headers["Location"] == f"/sign-in?next={path}"
    assert member.get(f"/questions/{answer_id}/tags").status_code == 404
    assert member.post(f"/questions/{answer_id}/tags", tags="x", based_on="1").status_code == 404
    assert member.get("/questions/4711/tags").status_code == 404
    sign_in("Mo Derator", role="moderator").post(f"/posts/{question.id}/delete")
    assert member.get(path).status_code == 404
    assert _latest(database, question.id).number == 1


def test_the_same_tags_make_no_version(
    member: Browser, database: Database, question: Post, path: str
) -> None:
    assert member.post(path, tags="docks", based_on="1").status_code == 303
    assert _latest(database, question.id).number == 1
