from datetime import UTC, datetime

import pytest

from forum.importers.stackexchange.attributes import Attributes, BadRow
from forum.importers.stackexchange.reading import READERS
from forum.importers.stackexchange.rows import PostRow, PostType, UserRow, VoteType
from tests.importers.dumps import answer, comment, person, question, vote

LATEST = datetime(2026, 1, 2, tzinfo=UTC)


def attributes(values: dict[str, object]) -> Attributes:
    return Attributes({name: str(value) for name, value in values.items()}, latest=LATEST)


def without(values: dict[str, object], name: str) -> dict[str, object]:
    return {key: value for key, value in values.items() if key != name}


def test_it_reads_a_question() -> None:
    row = attributes(question(3, AcceptedAnswerId=4, ViewCount=12, Score=-2))

    post = READERS["Posts.xml"](row)

    assert isinstance(post, PostRow)
    assert (post.id, post.type, post.accepted_answer_id) == (3, PostType.QUESTION, 4)
    assert (post.score, post.views, post.tags) == (-2, 12, ("docks",))
    assert row.repairs == []


@pytest.mark.parametrize(
    ("file", "values", "reason"),
    [
        ("Posts.xml", without(question(3), "Id"), "Id is missing"),
        ("Posts.xml", question(3, CreationDate=""), "CreationDate: '' is not a date"),
        ("Posts.xml", without(question(3), "Body"), "Body is missing"),
        ("Posts.xml", question(3, Title=" "), "Title is missing"),
        ("Posts.xml", question(3, PostTypeId=99), "a post of type 99 is not kept"),
        ("Posts.xml", question(3, PostTypeId=6), "a moderator nomination is not kept"),
        ("Posts.xml", question(3, Body="x" * 300_001), "Body is longer than 300,000 characters"),
        ("Posts.xml", without(answer(4, 3), "ParentId"), "ParentId is missing"),
        ("Posts.xml", answer(4, 0), "ParentId: '0' is not an id"),
        ("Votes.xml", vote(1, 3, 8), "the start of a bounty is not kept"),
        ("Votes.xml", vote(1, 3, 2, CreationDate="x"), "CreationDate: 'x' is not a date"),
        ("Comments.xml", comment(1, 3, Text=" "), "Text is missing"),
        ("Tags.xml", {"Id": 1, "TagName": "two words"}, "TagName: 'two words' is not a tag"),
        (
            "PostLinks.xml",
            {
                "Id": 1,
                "CreationDate": "2020-01-01T00:00:00",
                "PostId": 3,
                "RelatedPostId": 3,
                "LinkTypeId": 1,
            },
            "the post is linked to itself",
        ),
        (
            "PostHistory.xml",
            {"Id": 1, "PostHistoryTypeId": 25, "PostId": 3},
            "an event of type 25 is not kept",
        ),
        ("Badges.xml", {"Id": 1, "UserId": 3, "Date": "2020-01-01T00:00:00"}, "Name is missing"),
    ],
)
def test_it_skips_rows_that_lack_what_they_need(file: str, values: dict[str, object], reason: str) -> None:
    with pytest.raises(BadRow) as refused:
        READERS[file](attributes(values))

    assert str(refused.value) == reason


@pytest.mark.parametrize(
    ("values", "field", "value"),
    [
        (question(3, Score="9" * 30), "score", None),
        (question(3, ViewCount=-1), "views", 0),
        (question(3, OwnerUserId="bob"), "owner_id", None),
        (question(3, LastEditDate="soon"), "edited_at", None),
        (question(3, Tags="<a><b"), "tags", ("a",)),
        (question(3, Tags="<a><b><c><d><e><f>"), "tags", ("a", "b", "c", "d", "e")),
        (question(3, Tags=""), "tags", ("untagged",)),
        (question(3, Title="x" * 400), "title", "x" * 300),
        (question(3, ClosedDate="2199-01-01T00:00:00"), "closed_at", None),
    ],
)
def test_it_repairs_rows_and_says_so(values: dict[str, object], field: str, value: object) -> None:
    row = attributes(values)

    post = READERS["Posts.xml"](row)

    assert getattr(post, field) == value
    assert len(row.repairs) == 1


def test_people_have_a_name_and_a_safe_website() -> None:
    row = attributes(person(5, DisplayName="\u202e", WebsiteUrl="javascript:alert(1)", Reputation="-3"))

    user = READERS["Users.xml"](row)

    assert isinstance(user, UserRow)
    assert (user.display_name, user.website, user.reputation) == ("user5", "", 1)
    assert len(row.repairs) == 3


@pytest.mark.parametrize("type_", list(VoteType))
def test_it_keeps_votes_and_acceptances(type_: VoteType) -> None:
    assert READERS["Votes.xml"](attributes(vote(1, 3, type_))).id == 1
