"""Making accounts and letting people in."""

from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from forum.accounts import actions, queries
from forum.accounts.models import LoginSession, OneTimeLink, User
from forum.core import clock, passwords
from forum.core.db import Database
from forum.core.errors import Invalid, NotFound, Refused
from tests.votes.test_concurrency import at_once

SECRET = "correct horse battery"


def recognised(session: Session, login: str, password: str = SECRET) -> int | None:
    person = actions.recognise(session, login=login, password=password)
    return person.user_id if person else None


def join(database: Database, name: str = "Ada Lovelace", email: str = "ada@example.org") -> int:
    with database.transaction() as session:
        return actions.register(session, name=name, email=email, password=SECRET)


@pytest.mark.parametrize(
    "login", ["Ada Lovelace", "ada lovelace", "ADALOVELACE", "ada@example.org", "Ada@Example.org"]
)
def test_people_sign_in_by_name_or_address(database: Database, login: str) -> None:
    user_id = join(database)
    with database.transaction() as session:
        assert recognised(session, login) == user_id
        assert recognised(session, login, SECRET + " ") is None


def test_signing_in_costs_the_same_for_known_and_unknown_people(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    join(database)
    checked: list[str | None] = []
    verify = passwords.verify
    monkeypatch.setattr(passwords, "verify", lambda kept, tried: checked.append(kept) or verify(kept, tried))
    with database.transaction() as session:
        recognised(session, "Ada Lovelace", "wrong password")
        known = len(checked)
        recognised(session, "nobody at all", "wrong password")

    assert len(checked) == 2 * known


def test_one_address_may_belong_to_two_accounts_and_both_sign_in(database: Database) -> None:
    first = join(database)
    with database.transaction() as session:
        second = actions.register(session, name="Ada Two", email="ada@example.org", password="another secret")
    with database.transaction() as session:
        assert recognised(session, "ada@example.org") == first
        assert recognised(session, "ada@example.org", "another secret") == second


@pytest.mark.parametrize(
    ("name", "email", "password", "field"),
    [
        ("a", "", SECRET, "name"),
        ("x" * 41, "", SECRET, "name"),
        ("admin", "", SECRET, "name"),
        ("A d-M.i_n".replace("_", ""), "", SECRET, "name"),
        ("evil\u202ename", "", SECRET, "name"),
        ("tab\x00name", "", SECRET, "name"),
        ("...", "", SECRET, "name"),
        ("Bo <b>", "", SECRET, "name"),
        ("Bob", "not an address", SECRET, "email"),
        ("Bob", "", "short", "password"),
        ("Bob", "", "x" * 1025, "password"),
        ("Bob", "", "password1234", "password"),
        ("Bob", "", "aaaaaaaaaaaa", "password"),
        ("Bobby Tables", "", "bobbytables99", "password"),
    ],
)
def test_registering_names_the_field_that_cannot_be_used(
    database: Database, name: str, email: str, password: str, field: str
) -> None:
    with pytest.raises(Invalid) as caught, database.transaction() as session:
        actions.register(session, name=name, email=email, password=password)

    assert caught.value.field == field


@pytest.mark.parametrize(
    "name", ["ada lovelace", "AdaLovelace", "Ada  Lovelace", "Ada-Lovelace", "Ａｄａ Lovelace"]
)
def test_names_that_look_alike_are_taken(database: Database, name: str) -> None:
    join(database)
    with pytest.raises(Invalid) as caught:
        join(database, name=name, email="")

    assert caught.value.field == "name"


def test_twenty_registrations_of_one_name_make_one_account(database: Database) -> None:
    results = at_once(
        database,
        *[lambda s: actions.register(s, name="Grace Hopper", email="", password=SECRET)] * 8,
    )

    assert sorted(type(result).__name__ for result in results) == ["Invalid"] * 7 + ["int"]


def test_a_session_ends_when_it_is_closed_or_old(database: Database) -> None:
    user_id = join(database)
    with database.transaction() as session:
        token = actions.open_session(session, user_id)
    with database.reading() as session:
        signed_in = queries.viewer(session.connection(), token)
        kept = session.execute(select(LoginSession.token_hash)).scalar_one()
        later = datetime.now(UTC) + timedelta(days=91)
        with clock.frozen(later):
            assert queries.viewer(session.connection(), token) is None
    with database.transaction() as session:
        actions.close_session(session, token)
    with database.reading() as session:
        assert queries.viewer(session.connection(), token) is None

    assert signed_in is not None
    assert (signed_in.id, signed_in.role) == (user_id, "member")
    assert token not in kept


def test_changing_the_password_ends_all_other_sessions(database: Database) -> None:
    user_id = join(database)
    with database.transaction() as session:
        here, elsewhere = actions.open_session(session, user_id), actions.open_session(session, user_id)
        with pytest.raises(Invalid):
            actions.change_password(
                session, user_id, current="wrong one", new="fresh secret!", keep_token=here
            )
        actions.change_password(session, user_id, current=SECRET, new="fresh secret!", keep_token=here)
    with database.reading() as session:
        assert queries.viewer(session.connection(), here) is not None
        assert queries.viewer(session.connection(), elsewhere) is None


def test_a_hash_of_older_parameters_is_recognised_and_renewed(database: Database) -> None:
    user_id = join(database)
    weak = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(SECRET)
    with database.transaction() as session:
        session.execute(update(User).where(User.id == user_id).values(password_hash=weak))
    with database.reading() as session:
        assert recognised(session, "Ada Lovelace", "wrong password") is None
        person = actions.recognise(session, login="Ada Lovelace", password=SECRET)
    assert person == actions.Recognised(user_id=user_id, has_outdated_hash=True)

    with database.transaction() as session:
        actions.renew_hash(session, user_id, SECRET)
    with database.reading() as session:
        person = actions.recognise(session, login="Ada Lovelace", password=SECRET)
        kept = session.execute(select(User.password_hash)).scalar_one()

    assert person == actions.Recognised(user_id=user_id, has_outdated_hash=False)
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_the_first_link_makes_one_administrator(database: Database) -> None:
    with database.transaction() as session:
        token = actions.issue_link(session, purpose="first-admin")
    with database.transaction() as session:
        actions.become_first_admin(session, token, name="Ada", email="", password=SECRET)
    with pytest.raises(NotFound), database.transaction() as session:
        actions.become_first_admin(session, token, name="Eve", email="", password=SECRET)
    with database.reading() as session:
        assert queries.admin_count(session) == 1
        assert session.scalar(select(func.count()).select_from(User)) == 1


def test_a_bad_name_does_not_use_the_link_up(database: Database) -> None:
    with database.transaction() as session:
        token = actions.issue_link(session, purpose="first-admin")
    with pytest.raises(Invalid), database.transaction() as session:
        actions.become_first_admin(session, token, name="x", email="", password=SECRET)
    with database.reading() as session:
        assert queries.link_offer(session, token) is not None


def test_imported_people_claim_their_account_by_the_latest_link_only(database: Database) -> None:
    with database.transaction() as session:
        made = insert(User).values(name="Old Hand", name_key="oldhand#7", created_at=clock.now())
        user_id = session.execute(made.returning(User.id)).scalar_one()
        assert recognised(session, "Old Hand", "") is None
        older = actions.issue_link(session, purpose="claim", user_id=user_id)
        token = actions.issue_link(session, purpose="claim", user_id=user_id)
    with pytest.raises(NotFound), database.transaction() as session:
        actions.claim(session, older, name="Old Hand", email="", password=SECRET)
    with database.transaction() as session:
        assert actions.claim(session, token, name="Old Hand Two", email="", password=SECRET) == user_id
        assert recognised(session, "old hand two") == user_id
        with pytest.raises(Refused):
            actions.issue_link(session, purpose="claim", user_id=user_id)


def test_a_link_stops_working_after_its_time(database: Database) -> None:
    with database.transaction() as session:
        token = actions.issue_link(session, purpose="first-admin")
        session.execute(update(OneTimeLink).values(expires_at=clock.now() - timedelta(seconds=1)))
    with pytest.raises(NotFound), database.transaction() as session:
        actions.become_first_admin(session, token, name="Ada", email="", password=SECRET)


def test_the_last_administrator_stays_one(database: Database) -> None:
    user_id = join(database)
    with database.transaction() as session:
        actions.set_role(session, user_id, "admin")
        with pytest.raises(Refused):
            actions.set_role(session, user_id, "member")


@pytest.mark.parametrize(
    "website", ["javascript:alert(1)", "https://", "ftp://example.org", "https://a b.org"]
)
def test_a_profile_links_to_websites_only(database: Database, website: str) -> None:
    user_id = join(database)
    with pytest.raises(Invalid) as caught, database.transaction() as session:
        actions.edit_profile(session, user_id, about="", location="", website=website, email="")

    assert caught.value.field == "website"
