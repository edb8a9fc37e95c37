"""Writing dumps for tests, and counting what an import made of them."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.sax.saxutils import quoteattr

from sqlalchemy import func, select

from forum.accounts.models import User
from forum.badges.models import BadgeAward
from forum.core.db import Database
from forum.core.tables import Base
from forum.importers.models import ImportedRow
from forum.posts.models import Comment, Post, QuestionLink, Revision
from forum.reputation.models import ReputationDay, ReputationEntry
from forum.tags.models import QuestionTag, Tag
from forum.votes.models import Vote

SMALL_DUMP = Path(__file__).parent / "dump"
"""A dump with every feature; see its files."""

Attributes = Mapping[str, object]

_TABLES: tuple[type[Base], ...] = (
    User, Post, Comment, Vote, Tag, QuestionTag, Revision, QuestionLink, ReputationEntry, ReputationDay,
    BadgeAward, ImportedRow,
)  # fmt: skip


def write_rows(folder: Path, file: str, rows: Iterable[Attributes]) -> None:
    """Write one file of a dump."""
    folder.mkdir(parents=True, exist_ok=True)
    root = file.removesuffix(".xml").lower()
    lines = ["".join(f" {name}={quoteattr(str(value))}" for name, value in row.items()) for row in rows]
    body = "".join(f"  <row{line} />\n" for line in lines)
    (folder / file).write_text(
        f'<?xml version="1.0" encoding="utf-8"?>\n<{root}>\n{body}</{root}>\n', "utf-8"
    )


def write_posts(folder: Path, content: str, *, root: str = "posts", prolog: str = "") -> Path:
    """Write a Posts.xml with exactly this content, for what no program would write; return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    text = f'<?xml version="1.0" encoding="utf-8"?>\n{prolog}<{root}>\n{content}\n</{root}>\n'
    (folder / "Posts.xml").write_text(text, "utf-8")
    return folder


def question(id_: int, **more: object) -> dict[str, object]:
    """Return the attributes of a question that nothing is wrong with."""
    return {
        "Id": id_,
        "PostTypeId": 1,
        "CreationDate": _day(id_),
        "Score": 0,
        "ViewCount": 1,
        "Body": f"<p>How is number {id_} done?</p>",
        "Title": f"Question number {id_}",
        "Tags": "<docks>",
        "OwnerUserId": 1,
        **more,
    }


def answer(id_: int, parent: int, **more: object) -> dict[str, object]:
    """Return the attributes of an answer that nothing is wrong with."""
    return {
        "Id": id_,
        "PostTypeId": 2,
        "ParentId": parent,
        "CreationDate": _day(id_),
        "Score": 0,
        "Body": f"<p>Number {parent} is done so: {id_}.</p>",
        "OwnerUserId": 2,
        **more,
    }


def person(id_: int, **more: object) -> dict[str, object]:
    """Return the attributes of a person."""
    return {
        "Id": id_,
        "Reputation": 1,
        "CreationDate": "2019-01-01T00:00:00",
        "DisplayName": f"User {id_}",
        **more,
    }


def vote(id_: int, post: int, type_: int = 2, **more: object) -> dict[str, object]:
    """Return the attributes of a vote, upwards by default."""
    return {"Id": id_, "PostId": post, "VoteTypeId": type_, "CreationDate": _day(id_), **more}


def comment(id_: int, post: int, **more: object) -> dict[str, object]:
    """Return the attributes of a comment."""
    return {"Id": id_, "PostId": post, "Score": 0, "Text": f"Remark {id_}", "CreationDate": _day(id_), **more}


def row_counts(database: Database) -> dict[str, int]:
    """Return how many rows each table has that an import writes to."""
    with database.reading() as session:
        return {
            table.__tablename__: session.scalar(select(func.count()).select_from(table)) or 0
            for table in _TABLES
        }


def _day(number: int) -> str:
    moment = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(hours=number % 5000)
    return moment.replace(tzinfo=None).isoformat(timespec="milliseconds")
