"""The changed part of a page for a script that asked for it, and the way to the page for everybody else."""

import json

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from forum.core.i18n import gettext, ngettext
from forum.pages import question
from forum.posts.actions import Acceptance, Commented
from forum.posts.actions.following import Followed
from forum.posts.actions.outdating import Outdated
from forum.posts.queries import texts
from forum.votes.actions import CommentVoted, Voted
from forum.web.addresses import safe_next
from forum.web.places import post_address, to_comment
from forum.web.request_scope import viewer, wants_fragment, write_session


def shown_vote(voted: Voted) -> ResponseReturnValue:
    """Show the vote box of a post after a vote."""
    if not wants_fragment():
        return redirect(post_address(voted.post_id, question_id=voted.question_id), 303)
    part = render_template(
        "votes/_vote_box.html", post_id=voted.post_id, score=voted.score, mine=voted.mine, may_vote=True
    )
    return saying(_said_of_vote(voted), part)


def shown_comment_vote(voted: CommentVoted) -> ResponseReturnValue:
    """Show the score of a comment after a vote."""
    if not wants_fragment():
        address = post_address(voted.question_id, question_id=voted.question_id, comment_id=voted.comment_id)
        return redirect(address, 303)
    part = render_template(
        "votes/_comment_votes.html",
        comment_id=voted.comment_id,
        score=voted.score,
        mine=voted.mine,
        may_vote=True,
    )
    if voted.mine:
        return saying(gettext("You find this comment useful."), part)
    return saying(gettext("Your vote on this comment is taken back."), part)


def shown_acceptance(acceptance: Acceptance) -> ResponseReturnValue:
    """Show the sign of the accepted answer where it is now, and no longer where it was."""
    if not wants_fragment():
        return redirect(post_address(acceptance.post_id, question_id=acceptance.question_id), 303)
    part = render_template("answers/_acceptance.html", acceptance=acceptance)
    if acceptance.is_accepted:
        return saying(gettext("You accepted this answer."), part)
    return saying(gettext("No answer is accepted."), part)


def shown_comments(commented: Commented) -> ResponseReturnValue:
    """Show the comments on a post after one of them changed."""
    if not wants_fragment():
        return to_comment(commented)
    # Through the transaction that changed them: nobody else could see the change yet.
    return comments_of(write_session(), commented.post_id)


def comments_of(session: Session, post_id: int) -> str:
    """Return all comments on a post, none of them folded away; raise NotFound where the viewer sees none."""
    return render_template("comments/_list.html", post=question.load_post(session, viewer(), post_id))


def shown_outdated(outdated: Outdated) -> ResponseReturnValue:
    """Show at the head of an answer how many people say that it no longer works."""
    if not wants_fragment():
        return redirect(post_address(outdated.post_id, question_id=outdated.question_id), 303)
    return render_template(
        "answers/_outdated.html", post_id=outdated.post_id, count=outdated.count, mine=outdated.mine
    )


def shown_follow(followed: Followed) -> ResponseReturnValue:
    """Show whether a question is followed, where the button stood or on the page that it stood on."""
    says = (
        gettext("You follow this question now.")
        if followed.is_followed
        else gettext("You no longer follow this question.")
    )
    next_address = safe_next(request.form.get("next"))
    if not wants_fragment():
        flash(says, "success")
        return redirect(next_address or url_for("questions.show", id=followed.question_id), 303)
    return saying(says, render_template("follows/_follow_box.html", followed=followed, next=next_address))


def shown_tags(session: Session, question_id: int) -> ResponseReturnValue:
    """Show the tags of a question in their place; raise NotFound where the viewer sees none."""
    if not wants_fragment():
        return redirect(post_address(question_id, question_id=question_id), 303)
    names = texts.post_text(session, viewer(), question_id).tag_names
    return render_template("questions/_tags.html", id=question_id, names=names)


def saying(text: str, part: str) -> Response:
    """Return the part, and let the page say the text aloud to those who do not see what changed."""
    response = make_response(part)
    response.headers["HX-Trigger"] = json.dumps({"announce": text})
    return response


def _said_of_vote(voted: Voted) -> str:
    score = voted.score
    if voted.mine > 0:
        return ngettext(
            "You voted this up. It has %(num)s vote now.",
            "You voted this up. It has %(num)s votes now.",
            score,
        )
    if voted.mine < 0:
        return ngettext(
            "You voted this down. It has %(num)s vote now.",
            "You voted this down. It has %(num)s votes now.",
            score,
        )
    return ngettext(
        "Your vote is taken back. It has %(num)s vote now.",
        "Your vote is taken back. It has %(num)s votes now.",
        score,
    )
