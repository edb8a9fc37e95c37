from forum.core import clock
from forum.core.db import Database
from forum.tags.models import TagSynonym
from tests.factories import make_question, make_tag
from tests.web.browser import Browser
from tests.web.conftest import SignIn


def test_a_tag_page_describes_the_tag(visitor: Browser, database: Database) -> None:
    with database.transaction() as session:
        tag = make_tag(session, "c++", excerpt="A language & its library.")
        tag.description_html = "<p>Long <em>form</em>.</p>"
        make_question(session, tags=("c++",))

    page = visitor.get("/tags/c++")
    assert page.status_code == 200
    assert "A language &amp; its library." in page.text
    assert "<p>Long <em>form</em>.</p>" in page.text
    assert "1 question" in page.text
    assert "/edit" not in page.text


def test_a_synonym_leads_to_its_tag(visitor: Browser, database: Database) -> None:
    with database.transaction() as session:
        tag = make_tag(session, "c#")
        session.add(TagSynonym(name="csharp", tag_id=tag.id, created_at=clock.now()))

    page = visitor.get("/tags/csharp")
    assert (page.status_code, page.location) == (301, "/tags/c%23")


def test_an_unknown_tag_is_not_found(visitor: Browser) -> None:
    assert visitor.get("/tags/nothing").status_code == 404


def test_only_those_who_may_edit_see_the_button(member: Browser, sign_in: SignIn, database: Database) -> None:
    with database.transaction() as session:
        make_tag(session, "dock")

    assert "/tags/dock/edit" not in member.get("/tags/dock").text
    assert "/tags/dock/edit" in sign_in("Ed", reputation=2000).get("/tags/dock").text
