import pytest
from sqlalchemy import select

from forum.accounts import queries
from forum.accounts.actions import recognise
from forum.accounts.models import User
from forum.core.db import Database
from tests.cli.conftest import Run
from tests.factories import make_user

PASSWORD = "four unrelated words here"


def role_of(site: Database, name: str) -> str:
    with site.reading() as session:
        return session.execute(select(User.role).where(User.name == name)).scalar_one()


@pytest.mark.parametrize(
    ("options", "role"), [([], "member"), (["--moderator"], "moderator"), (["--admin"], "admin")]
)
def test_it_makes_an_account(askwell: Run, site: Database, options: list[str], role: str) -> None:
    made = askwell("user", "create", "Ada", *options, "--password-stdin", stdin=f"{PASSWORD}\n")

    assert made.status == 0
    assert made.out.startswith(f"Made {role} Ada with id ")
    assert role_of(site, "Ada") == role
    with site.transaction() as session:
        assert recognise(session, login="ada", password=PASSWORD)


@pytest.mark.parametrize(
    ("name", "password", "reason"),
    [("Ada", "short", "at least 10"), ("a", PASSWORD, "2 to 40"), ("admin", PASSWORD, "reserved")],
)
def test_it_refuses_what_the_rules_refuse(
    askwell: Run, site: Database, name: str, password: str, reason: str
) -> None:
    refused = askwell("user", "create", name, "--password-stdin", stdin=password)

    assert refused.status == 2
    assert reason in refused.err
    with site.reading() as session:
        assert session.scalars(select(User)).all() == []


def test_it_gives_a_new_password(askwell: Run, site: Database) -> None:
    askwell("user", "create", "Ada", "--email", "ada@example.org", "--password-stdin", stdin=PASSWORD)

    changed = askwell("user", "password", "ada@example.org", "--password-stdin", stdin="another few words")

    assert changed.status == 0
    with site.transaction() as session:
        assert recognise(session, login="Ada", password=PASSWORD) is None
        assert recognise(session, login="Ada", password="another few words")


def test_it_gives_a_role(askwell: Run, site: Database) -> None:
    with site.transaction() as session:
        make_user(session, "Ada")

    assert askwell("user", "promote", "ada", "--role", "admin").out == "ada is admin now.\n"
    assert role_of(site, "Ada") == "admin"
    assert askwell("user", "promote", "Ada").status == 2, "the only administrator stays one"


def test_it_prints_the_link_of_an_imported_account(askwell: Run, site: Database) -> None:
    with site.transaction() as session:
        user_id = make_user(session, "Ada").id

    address = askwell("user", "claim-link", str(user_id)).out.strip()

    prefix, _, token = address.rpartition("/")
    assert prefix == "http://127.0.0.1:8000/claim"
    with site.reading() as session:
        offer = queries.link_offer(session, token)
    assert offer is not None
    assert (offer.purpose, offer.user_id) == ("claim", user_id)


@pytest.mark.parametrize("verb", ["promote", "password", "claim-link"])
@pytest.mark.usefixtures("site")
def test_it_says_when_there_is_no_such_person(askwell: Run, verb: str) -> None:
    missing = askwell("user", verb, "nobody")

    assert (missing.status, missing.err) == (2, "askwell: There is nobody called 'nobody' here.\n")


def test_a_password_is_no_argument(askwell: Run) -> None:
    assert askwell("user", "create", "Ada", "--password", PASSWORD).status == 2
