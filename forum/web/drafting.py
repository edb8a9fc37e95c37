"""Drafts behind the forms in which people write: opened with them, and gone once the text is posted."""

from flask import url_for

from forum.drafts import actions, queries
from forum.drafts.queries import Draft, ListedDraft
from forum.drafts.rules import Kind, Place
from forum.web.forms.posts import WritingForm
from forum.web.places import post_address
from forum.web.request_scope import is_safe, read_session, signed_in, write_session

NEW_QUESTION = Place(Kind.QUESTION)


def draft_for(place: Place) -> Draft | None:
    """Return the draft that a form opens with; none for a form that was sent, as that is newer."""
    return queries.one(read_session(), signed_in().id, place) if is_safe() else None


def finish_draft(place: Place, form: WritingForm) -> None:
    """Delete the draft of the text that this request's transaction has just posted."""
    source = form["source"].data or ""
    actions.finish(write_session(), signed_in(), place, writer=form.writer, source=source)


def place_address(place: Place) -> str:
    """Return the address of the form where a text of this place is written, or of one's drafts."""
    match place.kind:
        case Kind.QUESTION:
            return url_for("asking.ask")
        case Kind.ANSWER:
            return url_for("questions.show", id=place.subject_id, _anchor="your-answer")
        case Kind.EDIT:
            return url_for("posts.edit", id=place.subject_id)
        case Kind.COMMENT_EDIT:
            return url_for("comments.edit", id=place.subject_id)
        case Kind.COMMENT:
            # Only its thread knows whether the post is a question or an answer.
            return url_for("drafts.index")


def listed_address(draft: ListedDraft) -> str:
    """Return the address where somebody can go on with a draft of the list."""
    if draft.place.kind is Kind.COMMENT and draft.post_id and draft.question_id:
        return post_address(draft.post_id, question_id=draft.question_id)
    return place_address(draft.place)
