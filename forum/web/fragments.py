"""The changed part of a page for a script that asked for it, and the way to the page for everybody else."""

from flask import redirect, render_template
from flask.typing import ResponseReturnValue

from forum.pages import question
from forum.posts.actions import Commented
from forum.votes.actions import CommentVoted, Voted
from forum.web.places import post_address, to_comment
from forum.web.request_scope import viewer, wants_fragment, write_session


def shown_vote(voted: Voted) -> ResponseReturnValue:
    """Show the vote box of a post after a vote."""
    if not wants_fragment():
        return redirect(post_address(voted.post_id, question_id=voted.question_id), 303)
    return render_template(
        "votes/_vote_box.html", post_id=voted.post_id, score=voted.score, mine=voted.mine, may_vote=True
    )


def shown_comment_vote(voted: CommentVoted) -> ResponseReturnValue:
    """Show the score of a comment after a vote."""
    if not wants_fragment():
        address = post_address(voted.question_id, question_id=voted.question_id, comment_id=voted.comment_id)
        return redirect(address, 303)
    return render_template(
        "votes/_comment_votes.html",
        comment_id=voted.comment_id,
        score=voted.score,
        mine=voted.mine,
        may_vote=True,
    )


def shown_comments(commented: Commented) -> ResponseReturnValue:
    """Show the comments on a post after one of them changed."""
    if not wants_fragment():
        return to_comment(commented)
    # Through the transaction that changed them: nobody else could see the change yet.
    post = question.load_post(write_session(), viewer(), commented.post_id)
    return render_template("comments/_list.html", post=post)
