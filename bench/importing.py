"""Measuring `askwell import`: a Stack Exchange dump made of a generated site, read into an empty one."""

import os
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from sqlalchemy import select

from forum.accounts.models import User
from forum.core.db import Database
from forum.posts.models import Comment, Post
from forum.votes.models import Vote

Attributes = dict[str, object]
_UP, _DOWN = 2, 3
"""Kinds of votes in a dump."""


def write_dump(database: Database, folder: Path, *, posts: int) -> int:
    """Write the first threads of a site, about `posts` posts with what belongs to them; return how many."""
    with database.reading() as session:
        ids = select(Post.id).where(Post.id <= posts).scalar_subquery()
        rows = session.execute(select(Post.__table__).where(Post.id <= posts).order_by(Post.id)).all()
        count = _write(folder, "Posts", (_post(row, posts) for row in rows))
        people = select(User.id, User.name, User.created_at).order_by(User.id)
        _write(folder, "Users", (_person(row) for row in session.execute(people)))
        votes = select(Vote.__table__).where(Vote.post_id.in_(ids)).order_by(Vote.id)
        _write(folder, "Votes", (_vote(row) for row in session.execute(votes)))
        comments = select(Comment.__table__).where(Comment.post_id.in_(ids)).order_by(Comment.id)
        _write(folder, "Comments", (_comment(row) for row in session.execute(comments)))
        names = sorted({name for row in rows for name in row.tag_names.split()})
        tags = ({"Id": id, "TagName": name, "Count": 1} for id, name in enumerate(names, 1))
        _write(folder, "Tags", tags)
    return count


def import_seconds(dump: Path, data_dir: Path) -> float:
    """Return how long the command takes to import a dump into an empty site and to index it, in seconds."""
    command = [
        sys.executable,
        "-m",
        "forum.cli",
        "import",
        "stackexchange",
        "--host",
        "example.com",
        str(dump),
    ]
    begun = time.perf_counter()
    subprocess.run(
        command, env={**os.environ, "ASKWELL_DATA_DIR": str(data_dir)}, check=True, capture_output=True
    )
    return time.perf_counter() - begun


def _write(folder: Path, name: str, rows: Iterable[Attributes]) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    with (folder / f"{name}.xml").open("w", encoding="utf-8") as file:
        file.write(f'<?xml version="1.0" encoding="utf-8"?>\n<{name.lower()}>\n')
        for row in rows:
            fields = (f"{key}={quoteattr(str(value))}" for key, value in row.items() if value is not None)
            file.write(f"  <row {' '.join(fields)} />\n")
            count += 1
        file.write(f"</{name.lower()}>\n")
    return count


def _post(row: Any, posts: int) -> Attributes:
    common = {
        "Id": row.id,
        "CreationDate": _date(row.created_at),
        "Score": row.score,
        "Body": row.html,
        "OwnerUserId": row.author_id,
    }
    if row.kind == "answer":
        return {**common, "PostTypeId": 2, "ParentId": row.question_id}
    accepted = row.accepted_answer_id if (row.accepted_answer_id or 0) <= posts else None
    tags = "".join(f"<{name}>" for name in row.tag_names.split())
    extra = {"ViewCount": row.view_count, "Title": row.title, "Tags": tags, "AcceptedAnswerId": accepted}
    return {**common, "PostTypeId": 1, **extra}


def _person(row: Any) -> Attributes:
    return {
        "Id": row.id,
        "Reputation": 1,
        "CreationDate": _date(row.created_at),
        "DisplayName": row.name,
    }


def _vote(row: Any) -> Attributes:
    kind = _UP if row.value > 0 else _DOWN
    return {"Id": row.id, "PostId": row.post_id, "VoteTypeId": kind, "CreationDate": _date(row.cast_at)}


def _comment(row: Any) -> Attributes:
    return {
        "Id": row.id,
        "PostId": row.post_id,
        "Score": 0,
        "Text": row.source,
        "CreationDate": _date(row.created_at),
        "UserId": row.author_id,
    }


def _date(moment: Any) -> str:
    text: str = moment.replace(tzinfo=None).isoformat(timespec="milliseconds")
    return text
