"""The tables of a staging file: one per file of the dump, with a column for each field of its rows."""

from datetime import datetime
from typing import Any, get_args, get_type_hints

from sqlalchemy import BigInteger, Column, Dialect, Index, Integer, MetaData, Table, Text, TypeDecorator
from sqlalchemy.types import TypeEngine

from forum.importers.stackexchange.rows import (
    BadgeRow,
    CommentRow,
    HistoryRow,
    LinkRow,
    PostRow,
    Row,
    SynonymRow,
    TagRow,
    UserRow,
    VoteRow,
)

METADATA = MetaData()

# What became of a row; it is empty until the row is loaded.
IMPORTED = "imported"
PRESENT = "present"
SKIPPED = "skipped"
REPAIRED = "repaired"


class Moment(TypeDecorator[datetime]):
    """A moment in UTC as ISO text, which sorts by time."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """Return the text that is kept."""
        return None if value is None else value.isoformat(timespec="milliseconds")

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        """Return the moment."""
        return None if value is None else datetime.fromisoformat(value)


def _type_of(hint: object) -> TypeEngine[Any]:
    hints = [part for part in get_args(hint) or (hint,) if part is not type(None)]
    if datetime in hints:
        return Moment()
    return Integer() if isinstance(hints[0], type) and issubclass(hints[0], int) else Text()


def _table(name: str, row_class: type[Row], *more: Column[Any]) -> Table:
    hints = get_type_hints(row_class)
    return Table(
        name,
        METADATA,
        Column("id", Integer, primary_key=True, autoincrement=False),
        Column("line", Integer),
        Column("state", Text, server_default=""),
        # Our id of what the row becomes, decided before it is loaded so that texts can point to it.
        Column("local_id", BigInteger),
        *(Column(field, _type_of(hint)) for field, hint in hints.items() if field != "id"),
        *more,
    )


user = _table("user", UserRow)
tag = _table("tag", TagRow)
synonym = _table("synonym", SynonymRow)
# The question of the thread: the parent of an answer, a question itself. Filled in after all rows were read.
post = _table("post", PostRow, Column("question_id", Integer))
comment = _table("comment", CommentRow)
vote = _table("vote", VoteRow)
link = _table("link", LinkRow)
history = _table("history", HistoryRow)
badge = _table("badge", BadgeRow)

file_read = Table(
    "file_read",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("row_count", Integer, nullable=False),
)
"""The files that were read to their end."""

known = Table(
    "known", METADATA, Column("source_id", Integer, primary_key=True), Column("local_id", BigInteger)
)
"""The rows of one kind that the forum already has, while they are looked up."""

note = Table(
    "note",
    METADATA,
    Column("number", Integer, primary_key=True),
    Column("file", Text, nullable=False),
    Column("line", Integer, nullable=False),
    Column("row_id", Integer),
    Column("outcome", Text, nullable=False),
    Column("reason", Text, nullable=False),
)
"""Why rows were skipped, and what was repaired in others."""

setting = Table(
    "setting", METADATA, Column("name", Text, primary_key=True), Column("value", Text, nullable=False)
)
"""What later runs over the same dump need to know."""

OF_FILE: dict[str, tuple[Table, type[Row]]] = {
    "Users.xml": (user, UserRow),
    "Tags.xml": (tag, TagRow),
    "TagSynonyms.xml": (synonym, SynonymRow),
    "Posts.xml": (post, PostRow),
    "Comments.xml": (comment, CommentRow),
    "Votes.xml": (vote, VoteRow),
    "PostLinks.xml": (link, LinkRow),
    "PostHistory.xml": (history, HistoryRow),
    "Badges.xml": (badge, BadgeRow),
}
"""The table of each file and what its rows are."""

# Made after all rows were read: keeping them in step with each row would take longer.
LOOKUPS = (
    Index("by_tag_name", tag.c.name),
    Index("by_synonym", synonym.c.source),
    Index("by_parent", post.c.parent_id),
    Index("by_question", post.c.question_id, post.c.id),
    Index("by_commented_post", comment.c.post_id),
    Index("by_voted_post", vote.c.post_id, vote.c.user_id),
    Index("by_linked_posts", link.c.post_id, link.c.related_post_id, link.c.type),
    Index("by_described_post", history.c.post_id),
    Index("by_noted_row", note.c.file, note.c.line),
)
