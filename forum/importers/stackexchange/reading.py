"""Turning the attributes of each file's rows into rows, one pure function per file."""

from collections.abc import Callable

from forum.importers.stackexchange import fields
from forum.importers.stackexchange.attributes import Attributes, BadRow
from forum.importers.stackexchange.fields import BadField
from forum.importers.stackexchange.rows import (
    BadgeRow,
    CommentRow,
    HistoryRow,
    HistoryType,
    LinkRow,
    LinkType,
    PostRow,
    PostType,
    Row,
    SynonymRow,
    TagRow,
    UserRow,
    VoteRow,
    VoteType,
)

# The HTML of a post: Stack Exchange allows 30,000 characters of Markdown, of which HTML makes more.
LONGEST_BODY = 300_000
# Stack Exchange allows 600 characters in a comment and 150 in a title; moderators and old posts have more.
LONGEST_COMMENT = 10_000
LONGEST_TITLE = 300
LONGEST_NAME = 100
MOST_TAGS = 5
UNTAGGED = "untagged"
"""The tag that Stack Exchange itself gives to questions that lost all of theirs."""

_OTHER_POSTS = {
    3: "an orphaned tag wiki",
    6: "a moderator nomination",
    7: "a wiki placeholder",
    8: "a privilege wiki",
}
_OTHER_VOTES = {
    4: "an offensive flag",
    5: "a bookmark",
    6: "a close vote",
    7: "a reopen vote",
    8: "the start of a bounty",
    9: "the award of a bounty",
    10: "a deletion vote",
    11: "an undeletion vote",
    12: "a spam flag",
    15: "a moderator's review",
    16: "an approved edit",
}


def read_user(row: Attributes) -> UserRow:
    """Read a row of Users.xml; a person without a name gets one from the id."""
    id_ = row.required_user_id("Id")
    name = row.line("DisplayName", limit=LONGEST_NAME)
    if not name:
        name = f"user{id_}"
        row.repairs.append(f"DisplayName is empty: named {name}")
    return UserRow(
        id=id_,
        reputation=row.count("Reputation", lowest=1),
        created_at=row.required_moment("CreationDate"),
        display_name=name,
        last_seen_at=row.moment("LastAccessDate"),
        website=row.address("WebsiteUrl"),
        location=row.line("Location", limit=LONGEST_NAME),
        about_html=row.text("AboutMe")[:LONGEST_BODY],
        views=row.count("Views"),
    )


def read_post(row: Attributes) -> PostRow:
    """Read a row of Posts.xml: a question, an answer or a tag wiki; refuse every other type."""
    id_ = row.required_id("Id")
    type_ = _post_type(row)
    is_question = type_ is PostType.QUESTION
    created_at = row.required_moment("CreationDate")
    if type_ in (PostType.QUESTION, PostType.ANSWER):
        body = row.required_text("Body", limit=LONGEST_BODY)
    else:
        body = row.text("Body")[:LONGEST_BODY]
    return PostRow(
        id=id_,
        type=type_,
        parent_id=row.required_id("ParentId") if type_ is PostType.ANSWER else None,
        accepted_answer_id=row.id("AcceptedAnswerId") if is_question else None,
        created_at=created_at,
        score=row.score("Score"),
        views=row.count("ViewCount") if is_question else 0,
        body_html=body,
        owner_id=row.user_id("OwnerUserId"),
        owner_name=row.line("OwnerDisplayName", limit=LONGEST_NAME),
        editor_id=row.user_id("LastEditorUserId"),
        editor_name=row.line("LastEditorDisplayName", limit=LONGEST_NAME),
        edited_at=row.moment("LastEditDate"),
        active_at=row.moment("LastActivityDate"),
        title=_title(row) if is_question else "",
        tags=_tags(row) if is_question else (),
        closed_at=row.moment("ClosedDate") if is_question else None,
        wiki_since=row.moment("CommunityOwnedDate"),
    )


def read_comment(row: Attributes) -> CommentRow:
    """Read a row of Comments.xml."""
    return CommentRow(
        id=row.required_id("Id"),
        post_id=row.required_id("PostId"),
        score=max(row.score("Score") or 0, 0),
        text=row.required_text("Text", limit=LONGEST_COMMENT),
        created_at=row.required_moment("CreationDate"),
        user_id=row.user_id("UserId"),
        user_name=row.line("UserDisplayName", limit=LONGEST_NAME),
    )


def read_vote(row: Attributes) -> VoteRow:
    """Read a row of Votes.xml: a vote or the mark of an accepted answer; refuse every other type."""
    number = row.required_number("VoteTypeId")
    if number not in set(VoteType):
        raise BadRow(f"{_OTHER_VOTES.get(number, f'a vote of type {number}')} is not kept")
    return VoteRow(
        id=row.required_id("Id"),
        post_id=row.required_id("PostId"),
        type=VoteType(number),
        created_at=row.required_moment("CreationDate"),
        user_id=row.user_id("UserId"),
    )


def read_tag(row: Attributes) -> TagRow:
    """Read a row of Tags.xml."""
    id_ = row.required_id("Id")
    return TagRow(
        id=id_,
        name=_tag_name(row, "TagName"),
        excerpt_post_id=row.id("ExcerptPostId"),
        wiki_post_id=row.id("WikiPostId"),
    )


def read_synonym(row: Attributes) -> SynonymRow:
    """Read a row of TagSynonyms.xml, which only Stack Exchange's own exports have."""
    id_ = row.required_id("Id")
    source, target = _tag_name(row, "SourceTagName"), _tag_name(row, "TargetTagName")
    if source == target:
        raise BadRow("the tag is named as a synonym of itself")
    return SynonymRow(id=id_, source=source, target=target, created_at=row.required_moment("CreationDate"))


def read_history(row: Attributes) -> HistoryRow:
    """Read a row of PostHistory.xml: contents, closing and reopening; refuse every other type."""
    number = row.required_number("PostHistoryTypeId")
    if number not in set(HistoryType):
        raise BadRow(f"an event of type {number} is not kept")
    return HistoryRow(
        id=row.required_id("Id"),
        type=HistoryType(number),
        post_id=row.required_id("PostId"),
        revision=row.text("RevisionGUID")[:64],
        created_at=row.required_moment("CreationDate"),
        user_id=row.user_id("UserId"),
        user_name=row.line("UserDisplayName", limit=LONGEST_NAME),
        comment=row.line("Comment", limit=1000),
        text=row.text("Text")[:LONGEST_BODY],
    )


def read_link(row: Attributes) -> LinkRow:
    """Read a row of PostLinks.xml: mentions and duplicates."""
    id_ = row.required_id("Id")
    number = row.required_number("LinkTypeId")
    if number not in set(LinkType):
        raise BadRow(f"a link of type {number} is not kept")
    link = LinkRow(
        id=id_,
        created_at=row.required_moment("CreationDate"),
        post_id=row.required_id("PostId"),
        related_post_id=row.required_id("RelatedPostId"),
        type=LinkType(number),
    )
    if link.post_id == link.related_post_id:
        raise BadRow("the post is linked to itself")
    return link


def read_badge(row: Attributes) -> BadgeRow:
    """Read a row of Badges.xml; dumps from before 2014 name no class, which was bronze for most."""
    name = row.line("Name", limit=80)
    if not name:
        raise BadRow("Name is missing")
    rank = row.count("Class") or 3
    if rank not in (1, 2, 3):
        row.repairs.append(f"Class {rank} was taken as bronze")
    return BadgeRow(
        id=row.required_id("Id"),
        user_id=row.required_user_id("UserId"),
        name=name,
        awarded_at=row.required_moment("Date"),
        rank=rank if rank in (1, 2, 3) else 3,
        is_for_tag=row.text("TagBased").lower() == "true",
    )


READERS: dict[str, Callable[[Attributes], Row]] = {
    "Users.xml": read_user,
    "Tags.xml": read_tag,
    "TagSynonyms.xml": read_synonym,
    "Posts.xml": read_post,
    "Comments.xml": read_comment,
    "Votes.xml": read_vote,
    "PostLinks.xml": read_link,
    "PostHistory.xml": read_history,
    "Badges.xml": read_badge,
}
"""The files of a dump in the order in which they are read; the root element is the name in lower case."""


def _post_type(row: Attributes) -> PostType:
    number = row.required_number("PostTypeId")
    if number not in set(PostType):
        raise BadRow(f"{_OTHER_POSTS.get(number, f'a post of type {number}')} is not kept")
    return PostType(number)


def _title(row: Attributes) -> str:
    title = row.line("Title", limit=LONGEST_TITLE)
    if not title:
        raise BadRow("Title is missing")
    return title


def _tags(row: Attributes) -> tuple[str, ...]:
    tags, dropped = fields.parse_tags(row.text("Tags"))
    dropped += tags[MOST_TAGS:]
    if dropped:
        row.repairs.append("Tags: dropped " + ", ".join(repr(name[:40]) for name in dropped[:10]))
    if not tags:
        row.repairs.append(f"Tags: none left, tagged {UNTAGGED}")
        return (UNTAGGED,)
    return tags[:MOST_TAGS]


def _tag_name(row: Attributes, name: str) -> str:
    try:
        return fields.parse_tag(row.text(name))
    except BadField as problem:
        raise BadRow(f"{name}: {problem}") from None
