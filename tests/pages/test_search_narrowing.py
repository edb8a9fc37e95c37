"""What narrows a search, with what is left then."""

import pytest
from sqlalchemy import delete, update

import forum.wiring
from forum.accounts.models import User
from forum.accounts.rules import Actor
from forum.core import clock
from forum.core.db import Database
from forum.pages.search_narrowing import Choice
from forum.pages.search_results import SearchPage
from forum.posts.models import Post
from forum.search.engine import SearchUnavailable
from tests.factories import make_question
from tests.pages.found_site import FoundSite, fill
from tests.statements import recorded

assert forum.wiring.SEARCH
assert SearchUnavailable


@pytest.fixture
def site(database: Database) -> FoundSite:
    """A site without threads."""
    return FoundSite(database)


@pytest.fixture
def ids(site: FoundSite) -> dict[str, int]:
    """The ids of two people and a solved thread."""
    return fill(site)


def choices(page: SearchPage, title: str) -> dict[str, Choice]:
    return {
        choice.label: choice
        for facet in page.narrowing.facets
        if facet.title == title
        for choice in facet.choices
    }


def counts(page: SearchPage, title: str) -> dict[str, int | None]:
    return {label: choice.count for label, choice in choices(page, title).items()}


def test_results_are_counted_by_what_could_narrow_them(site: FoundSite, ids: dict[str, int]) -> None:
    page = site.search("fan")

    assert counts(page, "Tags") == {"fans": 3, "docks": 1, "printing": 1}
    assert counts(page, "State") == {"Solved": 1, "Unsolved": 3, "Answered": 1, "Unanswered": 3}
    assert counts(page, "Asked") == {"Last 7 days": 1, "Last 30 days": 2, "Last 365 days": 3}
    assert counts(page, "Asked by") == {"Otto": 2, "Eve Long Name": 1}
    assert counts(page, "Search in") == {"Threads": None, "Questions only": None, "Answers only": None}


@pytest.mark.parametrize("title", ["Tags", "State", "Asked"])
def test_each_choice_leads_to_as_many_results_as_it_says(
    site: FoundSite, ids: dict[str, int], title: str
) -> None:
    offered = choices(site.search("fan"), title)

    assert offered
    assert {label: site.search(choice.text).total for label, choice in offered.items()} == {
        label: choice.count for label, choice in offered.items()
    }


def test_a_filter_is_an_operator_of_the_text(site: FoundSite, ids: dict[str, int]) -> None:
    page = site.search("fan")

    assert choices(page, "Tags")["docks"].text == "[docks] fan"
    assert choices(page, "State")["Solved"].text == "hasaccepted:yes fan"
    assert choices(page, "Asked")["Last 7 days"].text == "created:7d fan"
    assert choices(page, "Asked by")["Otto"].text == f"user:{ids['otto']} fan"
    assert choices(page, "Search in")["Answers only"].text == "is:answer fan"


def test_what_all_results_have_is_not_offered(site: FoundSite, ids: dict[str, int]) -> None:
    page = site.search("[fans] created:1m fan")

    assert counts(page, "Tags") == {"docks": 1}
    assert counts(page, "Asked") == {"Last 7 days": 1}
    assert counts(page, "Asked by") == {}


def test_a_shorter_age_takes_the_place_of_a_longer_one(site: FoundSite, ids: dict[str, int]) -> None:
    assert choices(site.search("created:1m fan"), "Asked")["Last 7 days"].text == "created:7d fan"


def test_the_kind_that_is_searched_is_marked_and_can_be_changed(site: FoundSite, ids: dict[str, int]) -> None:
    kinds = choices(site.search("is:answer fan"), "Search in")

    assert [label for label, choice in kinds.items() if choice.is_on] == ["Answers only"]
    assert kinds["Threads"].text == "fan"
    assert kinds["Questions only"].text == "is:question fan"


def test_answers_are_counted_by_who_wrote_them(site: FoundSite, ids: dict[str, int]) -> None:
    with site.database.transaction() as session:
        session.execute(update(Post).where(Post.kind == "answer").values(author_id=ids["otto"]))
    titles = [facet.title for facet in site.search("is:answer fan").narrowing.facets]

    assert "Asked by" not in titles


def test_filters_that_are_on_are_told_in_words_and_can_be_taken_off(
    site: FoundSite, ids: dict[str, int]
) -> None:
    filters = f'[fans] -[docks] user:{ids["otto"]} user:"Bob B" hasaccepted:no'
    text = f"{filters} answers:0 answers:2..5 created:7d fan"

    applied = {one.label: one.text for one in site.search(text).narrowing.applied}

    assert list(applied) == [
        "Tag: fans",
        "Not: Tag: docks",
        "By Otto",
        "By Bob B",
        "Unsolved",
        "Unanswered",
        "answers:2..5",
        "Last 7 days",
    ]
    assert applied["Tag: fans"] == text.removeprefix("[fans] ")
    assert site.search(text).narrowing.bare_text == "fan"


def test_one_s_own_posts_are_told_by_name(site: FoundSite, ids: dict[str, int]) -> None:
    otto = Actor(id=ids["otto"], name="Otto", role="member", reputation=1)

    (applied,) = site.search("user:me fan", viewer=otto).narrowing.applied

    assert (applied.label, applied.text) == ("By Otto", "fan")


@pytest.mark.parametrize("user_id", [987654, 10**18 - 1])
def test_people_that_are_not_there_stay_numbers(site: FoundSite, ids: dict[str, int], user_id: int) -> None:
    (applied,) = site.search(f"user:{user_id} fan").narrowing.applied

    assert applied.label == f"user:{user_id}"


def test_people_who_are_gone_are_not_named(site: FoundSite, ids: dict[str, int]) -> None:
    assert "Otto" in choices(site.search("fan"), "Asked by")

    with site.database.transaction() as session:
        session.execute(update(Post).where(Post.author_id == ids["otto"]).values(author_id=None))
        session.execute(update(Post).where(Post.active_by_id == ids["otto"]).values(active_by_id=None))
        session.execute(delete(User).where(User.id == ids["otto"]))

    assert "Otto" not in choices(site.search("fan"), "Asked by")


def test_a_deleted_thread_is_not_counted(site: FoundSite, ids: dict[str, int]) -> None:
    with site.database.transaction() as session:
        session.execute(update(Post).where(Post.id == ids["solved"]).values(deleted_at=clock.now()))

    # Until the index has caught up nothing is counted that could tell of the thread.
    before = site.search("fan")
    site.index()
    after = site.search("fan")

    assert (before.total, before.narrowing.facets) == (3, ())
    assert counts(after, "Tags") == {"fans": 2, "printing": 1}
    assert counts(after, "State") == {}


def test_without_results_there_is_nothing_to_narrow(site: FoundSite, ids: dict[str, int]) -> None:
    page = site.search("[fans] zeppelin")

    assert page.narrowing.facets == ()
    assert [one.label for one in page.narrowing.applied] == ["Tag: fans"]


def test_narrowing_takes_one_statement_more(site: FoundSite, ids: dict[str, int]) -> None:
    with site.database.transaction() as session:
        for number in range(8):
            make_question(session, title=f"Fan number {number}", tags=(f"tag{number}",))
    site.index()

    with recorded(site.database) as statements:
        assert site.search(f"user:{ids['otto']} fan").narrowing.applied
    assert len(statements) == 3
