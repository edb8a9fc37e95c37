"""What a question, an answer and a comment must be, and who may do what with them."""

import math
import re
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from anyascii import anyascii

from forum.accounts.rules import Actor, Privilege, refuse_without
from forum.core.errors import Invalid, Refused
from forum.core.i18n import gettext, marked

TITLE_LENGTH = (10, 150)
QUESTION_LENGTH = (20, 30_000)
ANSWER_LENGTH = (10, 30_000)
COMMENT_LENGTH = (2, 600)
SUMMARY_LENGTH = 300
EXCERPT_LENGTH = 220
SLUG_LENGTH = 80
ANSWERS_PER_PAGE = 30
DUPLICATE = marked("duplicate")
CLOSE_REASONS: Mapping[str, str] = MappingProxyType(
    {
        DUPLICATE: marked("It was asked before, and the answers are there."),
        marked("off-topic"): marked("It is not about what this community is for."),
        marked("needs details or clarity"): marked("Nobody can tell what is asked."),
        marked("needs more focus"): marked("It asks several things at once."),
        marked("opinion-based"): marked("It asks for opinions, none of which is the right one."),
    }
)
"""Why a question is closed, with what that means; imported questions are closed for the same reasons."""
OUTDATED_FROM = 2
"""From so many people on, everybody is told that an answer no longer works. One alone may be mistaken or mean
harm; asking for more would leave old threads, which few people visit, without the warning they need."""
HOT_SECONDS = 45_000
"""So many seconds of age weigh as much on the hot list as ten times the score (12.5 hours, as on Reddit)."""

_HOT_EPOCH = 1_262_304_000  # 2010-01-01, so that the sort keys stay small numbers.
# Tabs and line ends are text; the other controls are not, and PostgreSQL refuses NUL.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]")
# They turn the order of the letters round, so that a title shows what it does not say.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class _Refusals(NamedTuple):
    """What is said of a text of one kind that can't be used."""

    too_short: str
    too_long: str
    unwritable: str


_TITLE = _Refusals(
    marked("A title has at least %(least)s characters; tell a little more."),
    marked("A title has at most %(most)s characters; this one has %(length)s."),
    marked("A title can't contain control characters; remove them."),
)
_QUESTION = _Refusals(
    marked("A question has at least %(least)s characters; tell a little more."),
    marked("A question has at most %(most)s characters; this one has %(length)s."),
    marked("A question can't contain control characters; remove them."),
)
_ANSWER = _Refusals(
    marked("An answer has at least %(least)s characters; tell a little more."),
    marked("An answer has at most %(most)s characters; this one has %(length)s."),
    marked("An answer can't contain control characters; remove them."),
)
_COMMENT = _Refusals(
    marked("A comment has at least %(least)s characters; tell a little more."),
    marked("A comment has at most %(most)s characters; this one has %(length)s."),
    marked("A comment can't contain control characters; remove them."),
)
_SUMMARY = _Refusals(
    marked("A summary has at least %(least)s characters; tell a little more."),
    marked("A summary has at most %(most)s characters; this one has %(length)s."),
    marked("A summary can't contain control characters; remove them."),
)


def check_title(title: str) -> str:
    """Return the title with its blanks put in order; raise Invalid when it can't be one."""
    title = re.sub(r"\s+", " ", _TURNING.sub("", title)).strip()
    _check_text("title", title, TITLE_LENGTH, _TITLE)
    if not any(letter.isalnum() for letter in title):
        raise Invalid("title", gettext("A title needs words."))
    return title


def check_question(source: str) -> str:
    """Return the text of a question with uniform line ends; raise Invalid for a wrong length."""
    return _check_text("source", _uniform(source), QUESTION_LENGTH, _QUESTION)


def check_answer(source: str) -> str:
    """Return the text of an answer with uniform line ends; raise Invalid for a wrong length."""
    return _check_text("source", _uniform(source), ANSWER_LENGTH, _ANSWER)


def check_comment(source: str) -> str:
    """Return the text of a comment with uniform line ends; raise Invalid for a wrong length."""
    return _check_text("source", _uniform(source).strip(), COMMENT_LENGTH, _COMMENT)


def check_summary(summary: str) -> str:
    """Return what an editor says about the change; raise Invalid when it is too long."""
    return _check_text("summary", re.sub(r"\s+", " ", summary).strip(), (0, SUMMARY_LENGTH), _SUMMARY)


def slugify(title: str) -> str:
    """Return the readable part of an address: ASCII in lower case, never empty.

    Letters of other scripts are written in Latin ones, because chats and mail programs show them in addresses
    as long rows of percent signs.
    """
    slug = ""
    for word in re.findall("[a-z0-9]+", anyascii(_INVISIBLE.sub("", title)).lower().replace("'", "")):
        longer = f"{slug}-{word}" if slug else word[:SLUG_LENGTH]
        if len(longer) > SLUG_LENGTH:
            break
        slug = longer
    return slug or "question"


def excerpt(text: str) -> str:
    """Return the beginning of a text for lists, cut between words."""
    flat = re.sub(r"\s+", " ", text).strip()
    if len(flat) <= EXCERPT_LENGTH:
        return flat
    head = flat[: EXCERPT_LENGTH + 1]
    cut = head.rfind(" ")
    return f"{head[: cut if cut > EXCERPT_LENGTH // 2 else EXCERPT_LENGTH].rstrip(' ,;:.')}…"


def hotness(*, score: int, answer_count: int, upvoted_answer_count: int, created_at: datetime) -> float:
    """Return the sort key of the hot list: interest counts by its order of magnitude, newness linearly.

    The key depends on no clock, so it is written when something happens and never grows stale.
    """
    interest = score + answer_count + 2 * upvoted_answer_count
    magnitude = math.copysign(math.log10(max(1, abs(interest))), interest)
    return round(magnitude + (created_at.timestamp() - _HOT_EPOCH) / HOT_SECONDS, 6)


def question_path(question_id: int, slug: str = "") -> str:
    """Return the address of a question on this site."""
    return f"/questions/{question_id}/{slug}" if slug else f"/questions/{question_id}"


def answer_path(answer_id: int) -> str:
    """Return the address that leads to an answer, wherever its question is."""
    return f"/answers/{answer_id}"


def leads_elsewhere(*, is_closed: bool, duplicate_of_id: int | None, answer_count: int) -> bool:
    """Tell whether a question only points to another: closed as its duplicate, without an answer of its own.

    Search engines are not told of it, as who looks for an answer should arrive where there is one. One that
    has answers stays listed: they stand nowhere else.
    """
    return is_closed and duplicate_of_id is not None and answer_count == 0


def may_edit(actor: Actor, *, author_id: int | None) -> bool:
    """Tell whether somebody may edit a question or an answer."""
    return actor.id == author_id or actor.has(Privilege.EDIT_OTHERS)


def refuse_edit(actor: Actor, *, author_id: int | None) -> None:
    """Raise Refused unless the person may edit the post."""
    if actor.id != author_id:
        refuse_without(actor, Privilege.EDIT_OTHERS)


def may_change_comment(actor: Actor, *, author_id: int | None) -> bool:
    """Tell whether a comment is the person's own, or the person is a moderator."""
    return actor.id == author_id or actor.is_moderator


def refuse_comment_change(actor: Actor, *, author_id: int | None) -> None:
    """Raise Refused unless the person may change the comment."""
    if not may_change_comment(actor, author_id=author_id):
        raise Refused("not yours", gettext("You can change your own comments only."))


def refuse_answer(*, is_closed: bool) -> None:
    """Raise Refused for an answer to a closed question."""
    if is_closed:
        raise Refused("closed", gettext("This question is closed and takes no new answers."))


def refuse_close(actor: Actor) -> None:
    """Raise Refused unless the person is a moderator."""
    if not actor.is_moderator:
        raise Refused("not a moderator", gettext("Only moderators can close and reopen questions."))


def check_close_reason(reason: str) -> str:
    """Return the reason; raise Invalid for what is none."""
    if reason not in CLOSE_REASONS:
        raise Invalid("reason", gettext("Choose one of the reasons."))
    return reason


def refuse_accept(actor: Actor, *, asker_id: int | None) -> None:
    """Raise Refused unless the person asked the question."""
    if actor.id != asker_id:
        raise Refused("not the asker", gettext("Only the person who asked can accept an answer."))


def may_mark_outdated(actor: Actor, *, author_id: int | None) -> bool:
    """Tell whether somebody may say of an answer that it no longer works; see `refuse_mark_outdated`."""
    return actor.id != author_id and actor.has(Privilege.VOTE_DOWN)


def refuse_mark_outdated(actor: Actor, *, author_id: int | None) -> None:
    """Raise Refused for one's own answer, or without the privilege to vote down.

    It says against an answer what a downvote says, and more people believe it, so it takes no less.
    """
    if actor.id == author_id:
        raise Refused("own answer", gettext("This is your own answer: edit it to say what works now."))
    refuse_without(actor, Privilege.VOTE_DOWN)


def is_outdated(mark_count: int) -> bool:
    """Tell whether enough people say of an answer that it no longer works."""
    return mark_count >= OUTDATED_FROM


def may_delete_question(
    actor: Actor, *, author_id: int | None, answer_count: int, upvoted_answer_count: int, is_solved: bool
) -> bool:
    """Tell whether somebody may delete a question: the own one as long as no answer matters to others."""
    matters = is_solved or upvoted_answer_count > 0 or answer_count > 1
    return actor.is_moderator or (actor.id == author_id and not matters)


def refuse_delete_question(
    actor: Actor, *, author_id: int | None, answer_count: int, upvoted_answer_count: int, is_solved: bool
) -> None:
    """Raise Refused unless the person may delete the question: its answers belong to others."""
    if may_delete_question(
        actor,
        author_id=author_id,
        answer_count=answer_count,
        upvoted_answer_count=upvoted_answer_count,
        is_solved=is_solved,
    ):
        return
    if actor.id != author_id:
        raise Refused("not yours", gettext("You can delete your own posts only."))
    raise Refused(
        "answers matter",
        gettext("This question has answers that help others, so only a moderator can delete it."),
    )


def may_delete_answer(actor: Actor, *, author_id: int | None, is_accepted: bool) -> bool:
    """Tell whether somebody may delete an answer: the own one as long as it is not accepted."""
    return actor.is_moderator or (actor.id == author_id and not is_accepted)


def refuse_delete_answer(actor: Actor, *, author_id: int | None, is_accepted: bool) -> None:
    """Raise Refused unless the person may delete the answer."""
    if may_delete_answer(actor, author_id=author_id, is_accepted=is_accepted):
        return
    if actor.id != author_id:
        raise Refused("not yours", gettext("You can delete your own posts only."))
    raise Refused("accepted", gettext("This answer is accepted, so only a moderator can delete it."))


def may_undelete(actor: Actor, *, author_id: int | None, deleted_by_id: int | None) -> bool:
    """Tell whether somebody may bring a post back: a moderator, or who deleted the own post."""
    return actor.is_moderator or actor.id == author_id == deleted_by_id


def refuse_undelete(actor: Actor, *, author_id: int | None, deleted_by_id: int | None) -> None:
    """Raise Refused unless the person is a moderator, or deleted the own post without one."""
    if not may_undelete(actor, author_id=author_id, deleted_by_id=deleted_by_id):
        raise Refused(
            "not yours", gettext("You can bring back only what is yours and what you deleted yourself.")
        )


def may_see_deleted(actor: Actor | None, *, author_id: int | None) -> bool:
    """Tell whether a deleted post is shown to somebody: its author and moderators."""
    return actor is not None and (actor.is_moderator or actor.id == author_id)


def _uniform(source: str) -> str:
    return source.replace("\r\n", "\n").replace("\r", "\n").strip("\n").rstrip()


def _check_text(field: str, text: str, length: tuple[int, int], refusals: _Refusals) -> str:
    least, most = length
    if len(_INVISIBLE.sub("", text).strip()) < least:
        raise Invalid(field, gettext(refusals.too_short, least=least))
    if len(text) > most:
        raise Invalid(field, gettext(refusals.too_long, most=most, length=len(text)))
    if _UNWRITABLE.search(text):
        raise Invalid(field, gettext(refusals.unwritable))
    return text
