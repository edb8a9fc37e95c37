"""The changed part of a page for a script that asked for it, and the way to the page for everybody else."""

import json

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from forum.pages import question
from forum.posts.actions import Acceptance, Commented
from forum.posts.actions.following import Followed
from forum.posts.actions.outdating import Outdated
from forum.votes.actions import CommentVoted, Voted
from forum.web.addresses import safe_next
from forum.web.filters import plural
from forum.web.places import post_address, to_comment
from forum.web.request_scope import viewer, wants_fragment, write_session


def shown_vote(voted: Voted) -> ResponseReturnValue:
    """Show the vote box of a post after a vote."""
    if not wants_fragment():
        return redirect(post_address(voted.post_id, question_id=voted.question_id), 303)
    part = render_template(
        "votes/_vote_box.html", post_id=voted.post_id, score=voted.score, mine=voted.mine, may_vote=True
    )
    says = {1: "You voted this up.", -1: "You voted this down.", 0: "Your vote is taken back."}[voted.mine]
    return _saying(f"{says} It has {plural(voted.score, 'vote')} now.", part)


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
    says = "You find this comment useful." if voted.mine else "Your vote on this comment is taken back."
    return _saying(says, part)


def shown_acceptance(acceptance: Acceptance) -> ResponseReturnValue:
    """Show the sign of the accepted answer where it is now, and no longer where it was."""
    if not wants_fragment():
        return redirect(post_address(acceptance.post_id, question_id=acceptance.question_id), 303)
    part = render_template("answers/_acceptance.html", acceptance=acceptance)
    return _saying("You accepted this answer." if acceptance.is_accepted else "No answer is accepted.", part)


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
    says = "You follow this question now." if followed.is_followed else "You no longer follow this question."
    next_address = safe_next(request.form.get("next"))
    if not wants_fragment():
        flash(says, "success")
        return redirect(next_address or url_for("questions.show", id=followed.question_id), 303)
    return _saying(says, render_template("follows/_follow_box.html", followed=followed, next=next_address))


def _saying(text: str, part: str) -> Response:
    """Return the part, and let the page say the text aloud to those who do not see what changed."""
    response = make_response(part)
    response.headers["HX-Trigger"] = json.dumps({"announce": text})
    return response
