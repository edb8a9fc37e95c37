"""Checks of the staged rows against each other: what belongs to nothing that is imported is skipped.

Each check is one statement over a whole file. Their order lets the later ones rely on the earlier.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import (
    Column,
    ColumnElement,
    Insert,
    Table,
    Text,
    and_,
    cast,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from forum.importers.stackexchange.rows import LinkType, PostType, VoteType
from forum.importers.stackexchange.staged_tables import (
    OF_FILE,
    REPAIRED,
    SKIPPED,
    badge,
    comment,
    history,
    link,
    note,
    post,
    synonym,
    tag,
    user,
    vote,
)
from forum.importers.stackexchange.staging import Staging

_other_post = post.alias("other_post")
_other_vote = vote.alias("other_vote")
_other_link = link.alias("other_link")
_is_accept = vote.c.type == VoteType.ACCEPT


@dataclass(frozen=True, slots=True)
class _Skip:
    """Rows that are skipped, and why."""

    table: Table
    condition: ColumnElement[bool]
    reason: ColumnElement[str]


@dataclass(frozen=True, slots=True)
class _Drop:
    """Rows that lose the value of one column, and why."""

    column: Column[int]
    condition: ColumnElement[bool]
    reason: ColumnElement[str]


def check_rows(staging: Staging) -> None:
    """Skip or repair every staged row that contradicts another, noting why; repeating it changes nothing."""
    checks = [*_posts(), *_tags(), *_votes(), *_links(), *_belongings()]
    if staging.has_read("Users.xml"):
        # Without that file nobody has an account, and the names in the other files are all there is.
        checks += _people()
    for check in checks:
        if isinstance(check, _Skip):
            _skip(staging, check)
        else:
            _drop(staging, check)


def _posts() -> Iterator[_Skip | _Drop]:
    parent = _other_post.c.id == post.c.parent_id
    is_answer = post.c.type == PostType.ANSWER
    yield _Skip(
        post,
        and_(is_answer, ~exists().where(parent)),
        _says("it answers question ", post.c.parent_id, ", which is not in the dump or was skipped"),
    )
    yield _Skip(
        post,
        and_(is_answer, ~exists().where(parent, _other_post.c.type == PostType.QUESTION)),
        _says("it answers post ", post.c.parent_id, ", which is not a question"),
    )
    yield _Skip(
        post,
        and_(
            post.c.type.in_([PostType.TAG_WIKI_EXCERPT, PostType.TAG_WIKI]),
            ~exists().where(or_(tag.c.excerpt_post_id == post.c.id, tag.c.wiki_post_id == post.c.id)),
        ),
        literal("no tag names it as its wiki"),
    )
    accepted = (
        _other_post.c.id == post.c.accepted_answer_id,
        _other_post.c.parent_id == post.c.id,
        _other_post.c.state != SKIPPED,
    )
    yield _Drop(
        post.c.accepted_answer_id,
        and_(post.c.accepted_answer_id.is_not(None), ~exists().where(*accepted)),
        _says("the accepted answer ", post.c.accepted_answer_id, " is no answer to this question: dropped"),
    )


def _tags() -> Iterator[_Skip]:
    other_tag, other_synonym = tag.alias(), synonym.alias()
    first_tag = select(func.min(other_tag.c.id)).where(other_tag.c.name == tag.c.name).scalar_subquery()
    yield _Skip(tag, tag.c.id != first_tag, literal("the tag is listed twice"))
    same = other_synonym.c.source == synonym.c.source
    first_synonym = select(func.min(other_synonym.c.id)).where(same).scalar_subquery()
    yield _Skip(synonym, synonym.c.id != first_synonym, literal("the synonym is listed twice"))


def _votes() -> Iterator[_Skip]:
    yield _Skip(
        vote, ~_is_kept(vote.c.post_id), _says("it is for post ", vote.c.post_id, ", which is not imported")
    )
    question = post.alias("question")
    accepted = (
        _other_post.c.id == vote.c.post_id,
        question.c.id == _other_post.c.parent_id,
        question.c.accepted_answer_id == vote.c.post_id,
    )
    yield _Skip(
        vote,
        and_(_is_accept, ~exists().where(*accepted)),
        _says("it accepts answer ", vote.c.post_id, ", which is not accepted any more"),
    )
    same_answer = (_other_vote.c.post_id == vote.c.post_id, _other_vote.c.type == VoteType.ACCEPT)
    last = select(func.max(_other_vote.c.id)).where(*same_answer).scalar_subquery()
    yield _Skip(vote, and_(_is_accept, vote.c.id != last), literal("the answer was accepted again later"))
    own = (_other_post.c.id == vote.c.post_id, _other_post.c.owner_id == vote.c.user_id)
    yield _Skip(
        vote,
        and_(~_is_accept, exists().where(*own)),
        _says("person ", vote.c.user_id, " votes for a post of their own"),
    )
    same_person = (
        _other_vote.c.post_id == vote.c.post_id,
        _other_vote.c.user_id == vote.c.user_id,
        _other_vote.c.type != VoteType.ACCEPT,
    )
    first = select(func.min(_other_vote.c.id)).where(*same_person).scalar_subquery()
    yield _Skip(
        vote,
        and_(~_is_accept, vote.c.user_id.is_not(None), vote.c.id != first),
        _says("person ", vote.c.user_id, " voted for this post before"),
    )


def _links() -> Iterator[_Skip]:
    for column, says in (
        (link.c.post_id, "it starts at post "),
        (link.c.related_post_id, "it leads to post "),
    ):
        yield _Skip(link, ~_is_kept(column), _says(says, column, ", which is not imported"))
    both = (
        _other_post.c.id.in_([link.c.post_id, link.c.related_post_id]),
        _other_post.c.type == PostType.QUESTION,
    )
    questions = select(func.count()).select_from(_other_post).where(*both).scalar_subquery()
    yield _Skip(
        link,
        and_(link.c.type == LinkType.DUPLICATE, questions != 2),
        literal("only a question can repeat another question"),
    )
    same = (
        _other_link.c.post_id == link.c.post_id,
        _other_link.c.related_post_id == link.c.related_post_id,
        _other_link.c.type == link.c.type,
    )
    first = select(func.min(_other_link.c.id)).where(*same).scalar_subquery()
    yield _Skip(link, link.c.id != first, literal("the same link is listed before"))


def _belongings() -> Iterator[_Skip]:
    for table in (comment, history):
        reason = _says("it belongs to post ", table.c.post_id, ", which is not imported")
        yield _Skip(table, ~_is_kept(table.c.post_id), reason)
    reason = _says("it was awarded to person ", badge.c.user_id, ", who is not in the dump")
    yield _Skip(badge, ~exists().where(user.c.id == badge.c.user_id), reason)


def _people() -> Iterator[_Drop]:
    """Where a person is named who has no account, name nobody, as dumps do for deleted accounts."""
    for column in (post.c.owner_id, post.c.editor_id, comment.c.user_id, vote.c.user_id, history.c.user_id):
        yield _Drop(
            column,
            and_(column.is_not(None), ~exists().where(user.c.id == column)),
            _says("person ", column, " is not in Users.xml: taken as a deleted account"),
        )


def _is_kept(post_id: Column[int]) -> ColumnElement[bool]:
    """Whether a question or answer of that id is imported."""
    kept = (
        _other_post.c.id == post_id,
        _other_post.c.state != SKIPPED,
        _other_post.c.type.in_([PostType.QUESTION, PostType.ANSWER]),
    )
    return exists().where(*kept)


def _says(before: str, column: Column[int], after: str) -> ColumnElement[str]:
    return literal(before).concat(cast(column, Text)).concat(after)


def _skip(staging: Staging, check: _Skip) -> None:
    before = staging.select(select(func.coalesce(func.max(note.c.number), 0)))[0][0]
    # The notes just written name the rows: asking the condition again could see its own changes.
    noted = select(note.c.row_id).where(note.c.number > before)
    staging.write(
        _notes(check.table, check.condition, check.reason, outcome=SKIPPED),
        update(check.table).where(check.table.c.id.in_(noted)).values(state=SKIPPED),
    )


def _drop(staging: Staging, check: _Drop) -> None:
    table = check.column.table
    staging.write(
        _notes(table, check.condition, check.reason, outcome=REPAIRED),
        update(table).where(table.c.state == "", check.condition).values({check.column: None}),
    )


def _notes(
    table: Table, condition: ColumnElement[bool], reason: ColumnElement[str], *, outcome: str
) -> Insert:
    file = next(name for name, (known, _) in OF_FILE.items() if known is table)
    rows = select(literal(file), table.c.line, table.c.id, literal(outcome), reason)
    return insert(note).from_select(
        ["file", "line", "row_id", "outcome", "reason"], rows.where(table.c.state == "", condition)
    )
