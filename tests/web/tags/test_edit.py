import pytest

from forum.core.db import Database
from forum.tags.models import Tag
from tests.factories import make_tag
from tests.web.browser import field_of
from tests.web.conftest import SignIn

GOOD = {"excerpt": "Boxes with many ports.", "source": "Use it for **docks** of any make."}


@pytest.fixture
def tag_id(database: Database) -> int:
    with database.transaction() as session:
        return make_tag(session, "docks").id


def _tag(database: Database, tag_id: int) -> Tag:
    with database.reading() as session:
        return session.get_one(Tag, tag_id)


@pytest.mark.parametrize(("reputation", "role"), [(2000, "member"), (1, "moderator")])
def test_people_with_the_privilege_describe_a_tag(
    sign_in: SignIn, database: Database, tag_id: int, reputation: int, role: str
) -> None:
    browser = sign_in("An Editor", reputation=reputation, role=role)
    assert browser.get("/tags/docks/edit").status_code == 200

    response = browser.post("/tags/docks/edit", **GOOD)

    assert response.headers["Location"] == "/tags/docks"
    tag = _tag(database, tag_id)
    assert (tag.excerpt, tag.description_source) == (GOOD["excerpt"], GOOD["source"])
    assert "<strong>docks</strong>" in tag.description_html


def test_others_may_not(sign_in: SignIn, database: Database, tag_id: int) -> None:
    browser = sign_in("A Beginner", reputation=1999)

    assert browser.get("/tags/docks/edit").status_code == 403
    response = browser.post("/tags/docks/edit", **GOOD)
    assert response.status_code == 403
    assert field_of(response, "source") == GOOD["source"]
    assert _tag(database, tag_id).excerpt == ""


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("excerpt", "x" * 301, "at most 300"),
        ("source", "x" * 10_001, "at most 10,000"),
        ("excerpt", "a\x00", "Control characters"),
    ],
)
def test_it_says_what_is_wrong_and_keeps_the_rest(
    sign_in: SignIn, database: Database, tag_id: int, field: str, value: str, message: str
) -> None:
    response = sign_in("An Editor", reputation=2000).post("/tags/docks/edit", **{**GOOD, field: value})

    assert response.status_code == 422
    assert message in response.text
    other = "source" if field == "excerpt" else "excerpt"
    assert field_of(response, other) == GOOD[other]
    assert _tag(database, tag_id).excerpt == ""


def test_a_tag_that_is_not_there_cannot_be_described(sign_in: SignIn) -> None:
    assert sign_in("An Editor", reputation=2000).get("/tags/nothing/edit").status_code == 404
