"""Two edits of the same text at the same time: what somebody wrote, joined with what was saved meanwhile."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from forum.accounts.rules import Actor
from forum.core.merging import merge, merge_line, merge_names
from forum.core.text_diff import Piece, inline
from forum.drafts.rules import Wording, posted
from forum.posts.queries import texts
from forum.posts.queries.texts import CommentText, PostText, RevisionText


@dataclass(frozen=True, slots=True)
class EditConflict:
    """What was saved meanwhile, both in one, and what the other editor changed of the writer's text.

    Where the two changed the same words, the text holds both between marks; `came` is empty then.
    """

    theirs: PostText | CommentText
    joined: Wording
    came: tuple[Piece, ...]


def load_of_post(
    session: Session, viewer: Actor, post_id: int, mine: Wording, *, tags: Sequence[str], based_on: int
) -> EditConflict:
    """Join an edit of a post with what was saved since the revision it began with; three statements."""
    theirs = texts.post_text(session, viewer, post_id)
    base = texts.revision_of_post(session, post_id, based_on)
    conflict = _joined(theirs, base.source if base else None, mine)
    if theirs.kind == "answer":
        return conflict
    title = merge_line(base.title if base else None, theirs.title, mine.title.strip())
    joined = Wording(source=conflict.joined.source, title=title, tags=_joined_tags(theirs, base, tags))
    return EditConflict(theirs=theirs, joined=joined, came=conflict.came)


def load_of_tags(
    session: Session, viewer: Actor, question_id: int, tags: Sequence[str], *, based_on: int
) -> EditConflict:
    """Join a change of nothing but a question's tags with what was saved since; two statements."""
    theirs = texts.post_text(session, viewer, question_id)
    base = texts.revision_of_post(session, question_id, based_on)
    return EditConflict(theirs=theirs, joined=Wording(tags=_joined_tags(theirs, base, tags)), came=())


def load_of_comment(
    session: Session, viewer: Actor, comment_id: int, mine: Wording, *, based_on: int
) -> EditConflict:
    """Join an edit of a comment with what was saved since the revision it began with."""
    theirs = texts.comment_text(session, viewer, comment_id)
    base = texts.revision_of_comment(session, comment_id, based_on)
    return _joined(theirs, base.source if base else None, mine)


def _joined_tags(theirs: PostText, base: RevisionText | None, tags: Sequence[str]) -> str:
    began_with = (base.tag_names or "").split() if base else ()
    return " ".join(merge_names(began_with, theirs.tag_names, tags))


def _joined(theirs: PostText | CommentText, base: str | None, mine: Wording) -> EditConflict:
    source = posted(mine.source)
    merged = merge(base, theirs.source, source)
    return EditConflict(
        theirs=theirs,
        joined=Wording(source=merged.text),
        came=() if merged.clashes else inline(source, merged.text),
    )
