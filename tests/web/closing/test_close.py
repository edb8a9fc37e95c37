"""Moderators close questions, above all those that were asked before, and open them again."""

import pytest
from lxml import html
from werkzeug.test import TestResponse

from forum.core import clock
from forum.core.db import Database
from forum.core.errors import Invalid
from forum.posts.models import Post
from forum.search.engine import Hit, SearchUnavailable, SimilarQuery
from forum.search.engines.memory_engine import MemoryEngine
from forum.search.indexer import Indexer
from forum.web.forms.closing import question_number
from tests.factories import make_answer, make_question, make_user
from tests.statements import recorded
from tests.web.browser import Browser
from tests.web.conftest import SignIn

SITES = ("https://help.example.org", "http://localhost:8000")


@pytest.fixture
def moderator(sign_in: SignIn) -> Browser:
    return sign_in("Mo Derator", role="moderator")


@pytest.fixture
def engine(moderator: Browser) -> MemoryEngine:
    found: MemoryEngine = moderator.app.extensions["askwell"].engine
    return found


@pytest.fixture
def questions(database: Database, engine: MemoryEngine) -> tuple[int, int]:
    """An earlier question with an answer, and one that repeats it."""
    with database.transaction() as session:
        first = make_question(session, make_user(session), title="Dock <loses> the network")
        make_answer(session, first, make_user(session), text="Disable suspend.", accepted=True)
        ids = first.id, make_question(session, make_user(session), title="My dock loses its network").id
    Indexer(database, engine).reindex()
    return ids


def _post(database: Database, id: int) -> Post:
    with database.reading() as session:
        found = session.get_one(Post, id)
        session.expunge(found)
        return found


def _errors(page: TestResponse) -> str:
    [notice] = html.fromstring(page.text).find_class("notice-error")
    return str(notice.text_content())


def test_the_dialogue_shows_reasons_and_what_may_be_repeated(
    moderator: Browser, questions: tuple[int, int]
) -> None:
    page = moderator.get(f"/questions/{questions[1]}/close")

    assert page.status_code == 200
    fields = list(html.fromstring(page.text).iter("input"))
    assert [field.get("value") for field in fields if field.get("name") == "of"] == [str(questions[0])]
    assert [field.get("value") for field in fields if field.get("checked") is not None] == ["duplicate"]
    for shown in ("Dock &lt;loses&gt; the network", "solved", "Off-topic", "Opinion-based"):
        assert shown in page.text


def test_later_questions_come_after_earlier_ones(
    moderator: Browser, database: Database, engine: MemoryEngine, questions: tuple[int, int]
) -> None:
    with database.transaction() as session:
        same = make_question(session, title="My dock loses its network", created_at=clock.now()).id
    Indexer(database, engine).reindex()

    page = moderator.get(f"/questions/{questions[1]}/close")

    offered = [field.get("value") for field in html.fromstring(page.text).xpath("//input[@name='of']")]
    assert offered == [str(questions[0]), str(same)]


def test_a_chosen_question_becomes_the_original(
    moderator: Browser, visitor: Browser, database: Database, questions: tuple[int, int]
) -> None:
    response = moderator.post(f"/questions/{questions[1]}/close", reason="duplicate", of=questions[0])

    assert response.status_code == 303
    assert response.headers["Location"] == f"/questions/{questions[1]}#question"
    assert _post(database, questions[1]).duplicate_of_id == questions[0]
    page = visitor.client.get(f"/questions/{questions[1]}", follow_redirects=True)
    assert "This has been asked before" in page.text
    assert "Dock &lt;loses&gt; the network" in page.text


@pytest.mark.parametrize(
    "link",
    [
        "{}",
        "#{}",
        "/questions/{}/dock",
        "http://127.0.0.1:8000/questions/{}",
        " http://localhost/q/{}?a=1#b ",
    ],
)
def test_a_pasted_link_counts_more_than_a_choice(
    moderator: Browser, database: Database, questions: tuple[int, int], link: str
) -> None:
    with database.transaction() as session:
        other = make_question(session).id

    moderator.post(
        f"/questions/{questions[1]}/close", reason="duplicate", of=questions[0], link=link.format(other)
    )

    assert _post(database, questions[1]).duplicate_of_id == other


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({}, "Choose the question that was asked before, or paste its link."),
        ({"of": "x"}, "Choose the question that was asked before"),
        ({"of": "999"}, "There is no question 999 here"),
        ({"link": "2"}, "There is no question 2 here"),
        ({"link": "3"}, "can't be a duplicate of itself"),
        ({"link": "somewhere"}, "Paste the link of a question"),
        ({"link": "https://elsewhere.example/questions/1"}, "leads to another site"),
        ({"link": "x\x00"}, "Control characters"),
        ({"reason": "because"}, "Choose one of the reasons."),
    ],
)
def test_what_can_not_be_done_is_told_and_nothing_is_closed(
    moderator: Browser, database: Database, questions: tuple[int, int], fields: dict[str, str], message: str
) -> None:
    page = moderator.post(f"/questions/{questions[1]}/close", **{"reason": "duplicate", **fields})

    assert page.status_code == 422
    assert message in _errors(page)
    assert _post(database, questions[1]).closed_at is None


def test_a_question_is_closed_for_another_reason_whatever_was_chosen_below(
    moderator: Browser, visitor: Browser, database: Database, questions: tuple[int, int]
) -> None:
    moderator.post(f"/questions/{questions[1]}/close", reason="off-topic", of=questions[0])

    assert _post(database, questions[1]).closed_reason == "off-topic"
    assert _post(database, questions[1]).duplicate_of_id is None
    page = visitor.client.get(f"/questions/{questions[1]}", follow_redirects=True)
    assert "This question is closed" in page.text


def test_what_is_closed_is_not_closed_otherwise(
    moderator: Browser, database: Database, questions: tuple[int, int]
) -> None:
    moderator.post(f"/questions/{questions[1]}/close", reason="off-topic")

    page = moderator.get(f"/questions/{questions[1]}/close")
    response = moderator.post(f"/questions/{questions[1]}/close", reason="duplicate", of=questions[0])

    assert "It is closed already" in page.text
    assert 'name="of"' not in page.text
    assert response.status_code == 409
    assert "closed already, as off-topic" in response.text
    assert _post(database, questions[1]).closed_reason == "off-topic"


def test_a_closed_question_is_opened_from_its_page(
    moderator: Browser, database: Database, questions: tuple[int, int]
) -> None:
    address = f"/questions/{questions[1]}"
    assert f'href="{address}/close"' in moderator.client.get(address, follow_redirects=True).text
    moderator.post(f"{address}/close", reason="duplicate", of=questions[0])
    closed = moderator.client.get(address, follow_redirects=True).text
    assert f'href="{address}/close"' not in closed
    assert f'action="{address}/reopen"' in closed

    assert moderator.post(f"{address}/reopen").status_code == 303

    assert _post(database, questions[1]).closed_at is None
    assert "The question is open again." in moderator.client.get(address, follow_redirects=True).text


def test_nobody_else_may(
    member: Browser, visitor: Browser, database: Database, questions: tuple[int, int]
) -> None:
    address = f"/questions/{questions[1]}"

    assert member.get(f"{address}/close").status_code == 403
    assert member.post(f"{address}/close", reason="duplicate", of=questions[0]).status_code == 403
    assert member.post(f"{address}/reopen").status_code == 403
    assert visitor.get(f"{address}/close").headers["Location"] == f"/sign-in?next={address}/close"
    assert "/close" not in member.client.get(address, follow_redirects=True).text
    assert _post(database, questions[1]).closed_at is None


def test_without_an_index_the_link_can_still_be_pasted(
    moderator: Browser, engine: MemoryEngine, questions: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(query: SimilarQuery) -> tuple[Hit, ...]:
        raise SearchUnavailable("There is no search index.")

    monkeypatch.setattr(engine, "similar", away)

    page = moderator.get(f"/questions/{questions[1]}/close")

    assert page.status_code == 200
    assert "Similar questions can't be looked up at present." in page.text
    assert 'name="link"' in page.text


def test_the_dialogue_takes_four_statements(
    moderator: Browser, database: Database, questions: tuple[int, int]
) -> None:
    with recorded(database) as statements:
        moderator.get(f"/questions/{questions[1]}/close")

    assert len(statements) == 4


@pytest.mark.parametrize("id", ["999", "2"])
def test_what_is_no_question_is_not_closed(moderator: Browser, questions: tuple[int, int], id: str) -> None:
    assert moderator.get(f"/questions/{id}/close").status_code == 404
    assert moderator.post(f"/questions/{id}/close", reason="off-topic").status_code == 404
    assert moderator.post(f"/questions/{id}/reopen").status_code == 404


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("42", 42),
        ("#42", 42),
        ("/questions/42", 42),
        ("questions/42/why-does-it-beep", 42),
        ("https://help.example.org/questions/42/why?sort=newest#answer-7", 42),
        ("http://localhost:8000/q/42", 42),
    ],
)
def test_links_and_numbers_name_a_question(text: str, number: int) -> None:
    assert question_number(text, sites=SITES) == number


@pytest.mark.parametrize(
    "text",
    [
        "4.2",
        "-1",
        "9" * 30,
        "/answers/42",
        "/questions/42nd",
        "https://help.example.org.evil.example/questions/42",
        "https://other.example/questions/42",
        "javascript://questions/42",
    ],
)
def test_anything_else_names_none(text: str) -> None:
    with pytest.raises(Invalid):
        question_number(text, sites=SITES)
