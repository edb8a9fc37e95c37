from datetime import UTC, datetime

import pytest

from forum.accounts.models import User
from forum.core.db import Database
from forum.reputation.models import ReputationDay, ReputationEntry
from tests.factories import make_answer, make_question, make_user
from tests.statements import recorded
from tests.web.browser import Browser
from tests.web.conftest import SignIn

START = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def person(database: Database) -> User:
    """Somebody with a question, an answer and a line in the ledger."""
    with database.transaction() as session:
        person = make_user(session, "Zoë O'Neill", reputation=11, created_at=START)
        person.location, person.website = "Graz <Austria>", "https://zoe.example.org/me"
        person.about_html = "<p>About <b>me</b>.</p>"
        question = make_question(session, person, title="How is it done here?", tags=("dock",))
        make_answer(session, make_question(session, title="What was answered?"), person)
        entry = {"user_id": person.id, "cause": "question upvoted", "turn": 1, "post_id": question.id}
        gained = ReputationEntry(
            **entry, subject="1/2", is_reversal=False, points=10, change=10,
            earned_at=START, earned_on=START.date(), recorded_at=START,
        )  # fmt: skip
        session.add(gained)
        session.flush()
        session.add(
            ReputationEntry(
                **entry, subject="1/2", is_reversal=True, reverses_id=gained.id, points=-10, change=-10,
                earned_at=START, earned_on=START.date(), recorded_at=START,
            )
        )  # fmt: skip
        session.add(ReputationDay(user_id=person.id, day=START.date(), gain=10, floor=1))
        return person


def _path(person: User, tab: str = "") -> str:
    return f"/users/{person.id}/zoe-oneill" + (f"?tab={tab}" if tab else "")


def test_the_summary_tells_who_it_is_and_what_was_best(visitor: Browser, person: User) -> None:
    page = visitor.get(_path(person))

    assert page.status_code == 200
    assert "<title>Zoë O&#39;Neill · Askwell</title>" in page.text
    assert "Graz &lt;Austria&gt;" in page.text
    assert 'href="https://zoe.example.org/me" rel="nofollow ugc noopener"' in page.text
    assert "<p>About <b>me</b>.</p>" in page.text
    assert "How is it done here?" in page.text
    assert "What was answered?" in page.text
    assert 'href="/tags/dock"' in page.text
    assert "1 January 2026" in page.text


@pytest.mark.parametrize("path", ["", "/someone-else"])
def test_other_spellings_lead_to_the_one_address(visitor: Browser, person: User, path: str) -> None:
    page = visitor.get(f"/users/{person.id}{path}?tab=answers")

    assert (page.status_code, page.location) == (301, _path(person, "answers"))


def test_the_ledger_shows_what_was_taken_back(visitor: Browser, person: User) -> None:
    page = visitor.get(_path(person, "reputation")).text

    assert page.count("question upvoted") == 2
    assert page.count("taken back") == 1
    assert "+10" in page
    assert "−10" in page
    assert "How is it done here?" in page


def test_the_graph_is_drawn_without_inline_styles_and_has_a_table(visitor: Browser, person: User) -> None:
    page = visitor.get(_path(person, "reputation")).text

    assert 'role="img" aria-labelledby="graph-title graph-text"' in page
    assert "From 1 on 31 December 2025 to 11" in page
    assert '<th scope="row">January 2026</th><td>+10</td><td>11</td>' in page
    assert "style=" not in page


def test_the_calendar_says_in_words_what_it_draws(visitor: Browser, person: User) -> None:
    page = visitor.get(_path(person)).text

    assert "<b>2 contributions</b>: 1 question, 1 answer. Something on 1 day." in page
    assert ": 1 question, 1 answer</title>" in page
    assert page.count('class="step-2"') == 2
    assert "style=" not in page


@pytest.mark.parametrize("tab", ["summary", "questions", "answers", "reputation", "badges"])
def test_somebody_new_has_empty_tabs_with_a_next_step(visitor: Browser, database: Database, tab: str) -> None:
    with database.transaction() as session:
        user_id = make_user(session, "New Comer").id

    with recorded(database) as statements:
        page = visitor.get(f"/users/{user_id}/new-comer?tab={tab}")
    assert page.status_code == 200
    assert 'class="empty"' in page.text
    assert len(statements) <= 7


def test_only_an_administrator_is_offered_a_claim_link(
    member: Browser, sign_in: SignIn, person: User
) -> None:
    form = f'action="/users/{person.id}/claim-link"'

    assert form in sign_in("Ad Ministrator", role="admin").get(_path(person)).text
    assert form not in sign_in("Mo Derator", role="moderator").get(_path(person)).text
    assert form not in member.get(_path(person)).text


def test_there_is_nobody_with_another_number(visitor: Browser) -> None:
    assert visitor.get("/users/7").status_code == 404
    assert visitor.get("/users/99999999999999999999").status_code == 404
