"""Forms of questions, answers, comments and tag descriptions."""

from wtforms import HiddenField

from forum.posts import rules
from forum.tags.rules import EXCERPT_LENGTH, parse_names
from forum.web.forms.fields import PageForm, RevisionNumber, Submission, TextBlock, TextLine, checked
from forum.web.forms.similar import OfferedThreads

_REQUIRED = {"required": True}
_SUMMARY = {"maxlength": rules.SUMMARY_LENGTH, "autocomplete": "off"}


class AskForm(PageForm):
    """A new question."""

    title = TextLine("Title", validators=[checked(rules.check_title)], render_kw=_REQUIRED)
    source = TextBlock("Question", validators=[checked(rules.check_question)], render_kw=_REQUIRED)
    tags = TextLine("Tags", validators=[checked(parse_names)], render_kw=_REQUIRED)
    submission = Submission()
    seen_similar = HiddenField()
    """Not empty once the writer has seen similar threads and wants to go on."""
    offered = OfferedThreads()


class AnswerForm(PageForm):
    """A new answer."""

    source = TextBlock("Your answer", validators=[checked(rules.check_answer)], render_kw=_REQUIRED)
    submission = Submission()


class CommentForm(PageForm):
    """A new comment."""

    source = TextBlock("Your comment", validators=[checked(rules.check_comment)], render_kw=_REQUIRED)
    submission = Submission()


class EditQuestionForm(PageForm):
    """A question with all that may be changed of it."""

    title = TextLine("Title", validators=[checked(rules.check_title)], render_kw=_REQUIRED)
    source = TextBlock("Question", validators=[checked(rules.check_question)], render_kw=_REQUIRED)
    tags = TextLine("Tags", validators=[checked(parse_names)], render_kw=_REQUIRED)
    summary = TextLine("What did you change?", validators=[checked(rules.check_summary)], render_kw=_SUMMARY)
    based_on = RevisionNumber()


class EditAnswerForm(PageForm):
    """An answer with all that may be changed of it."""

    source = TextBlock("Answer", validators=[checked(rules.check_answer)], render_kw=_REQUIRED)
    summary = TextLine("What did you change?", validators=[checked(rules.check_summary)], render_kw=_SUMMARY)
    based_on = RevisionNumber()


class EditCommentForm(PageForm):
    """A comment to change."""

    source = TextBlock("Comment", validators=[checked(rules.check_comment)], render_kw=_REQUIRED)
    based_on = RevisionNumber()


class DescribeTagForm(PageForm):
    """What a tag is for."""

    excerpt = TextLine("In one sentence", render_kw={"maxlength": EXCERPT_LENGTH})
    source = TextBlock("Description")
