"""Forms of questions, answers, comments and tag descriptions."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any, Self, TypeAlias

from flask import request
from wtforms import Field, Form, HiddenField
from wtforms.validators import StopValidation

from forum.core import merging
from forum.core.i18n import gettext
from forum.core.merging import Choice, Clash
from forum.drafts.actions import Writer
from forum.drafts.queries import Draft
from forum.posts import rules
from forum.tags.rules import DESCRIPTION_LENGTH, EXCERPT_LENGTH, parse_names
from forum.web.forms.fields import (
    DraftVersion,
    PageForm,
    RevisionNumber,
    Submission,
    TextBlock,
    TextLine,
    checked,
)
from forum.web.forms.similar import OfferedThreads
from forum.web.languages import LazyString, lazy_gettext

_CHOICES = frozenset(Choice)
_Validator: TypeAlias = Callable[[Form, Field], None]
_REQUIRED = {"required": True}
_SUMMARY = {"maxlength": rules.SUMMARY_LENGTH, "autocomplete": "off"}


def decided(_form: Form, field: Field) -> None:
    """Refuse a text in which two changes of the same words still stand beside each other."""
    if merging.is_undecided(field.data or ""):
        raise StopValidation(
            gettext(
                "You and somebody else changed the same words. Choose what to keep in each place, or put it "
                "right in the text and delete the lines that begin with <<<<<<<, ======= and >>>>>>>."
            )
        )


def _title(*before: _Validator) -> TextLine:
    checks = [*before, checked(rules.check_title)]
    return TextLine(lazy_gettext("Title"), validators=checks, render_kw=_REQUIRED, limits=rules.TITLE_LENGTH)


def _text(
    label: LazyString, check: Callable[[str], str], limits: tuple[int, int], *before: _Validator
) -> TextBlock:
    return TextBlock(label, validators=[*before, checked(check)], render_kw=_REQUIRED, limits=limits)


def _tags() -> TextLine:
    return TextLine(lazy_gettext("Tags"), validators=[checked(parse_names)], render_kw=_REQUIRED)


class WritingForm(PageForm):
    """A form whose text is kept as a draft until it is posted."""

    submission = Submission()
    draft_version = DraftVersion()

    @classmethod
    def resume(cls, draft: Draft | None, **initial: Any) -> Self:
        """Return the form with what was sent, else with the draft, else with its first contents."""
        if draft is None:
            return cls.open(**initial)
        written = {name: text for name, text in asdict(draft.wording).items() if text}
        based_on = {"based_on": draft.based_on} if draft.based_on else {}
        return cls.open(**{**initial, **written, **based_on, "draft_version": draft.version})

    @property
    def writer(self) -> Writer:
        """The open form, as drafts know it."""
        return Writer(form=self.submission.number, version=self.draft_version.text)


class AskForm(WritingForm):
    """A new question."""

    title = _title()
    source = _text(lazy_gettext("Question"), rules.check_question, rules.QUESTION_LENGTH)
    tags = _tags()
    seen_similar = HiddenField()
    """Not empty once the writer has seen similar threads and wants to go on."""
    offered = OfferedThreads()


class AnswerForm(WritingForm):
    """A new answer."""

    source = _text(lazy_gettext("Your answer"), rules.check_answer, rules.ANSWER_LENGTH)


class CommentForm(WritingForm):
    """A new comment."""

    source = _text(lazy_gettext("Your comment"), rules.check_comment, rules.COMMENT_LENGTH)


class EditingForm(WritingForm):
    """A text to change, which somebody else may change at the same time.

    What two people changed in different ways stands in the text between marks until it is decided; such a
    text is never accepted.
    """

    based_on = RevisionNumber()

    def decide(self) -> None:
        """Apply what was chosen beside the form for the places that are to be decided."""
        if not self.is_sent:
            return
        choices = {number: request.form.get(f"place-{number}") for number in self.clashes}
        chosen = {number: Choice(word) for number, word in choices.items() if word in _CHOICES}
        self["source"].data = merging.decide(self["source"].data or "", chosen)
        if (titles := self.titles) and (word := request.form.get("place-title")) in {"mine", "theirs"}:
            self["title"].data = titles[word == "theirs"]

    @property
    def clashes(self) -> dict[int, Clash]:
        """The places of the text that are still to be decided, by their numbers."""
        return merging.clashes_in(self["source"].data or "")

    @property
    def titles(self) -> tuple[str, str] | None:
        """The writer's title and the saved one, where one of them is to be chosen."""
        return merging.line_choices(self["title"].data or "") if "title" in self else None


class EditQuestionForm(EditingForm):
    """A question with all that may be changed of it."""

    title = _title(decided)
    source = _text(lazy_gettext("Question"), rules.check_question, rules.QUESTION_LENGTH, decided)
    tags = _tags()
    summary = TextLine(
        lazy_gettext("What did you change?"), validators=[checked(rules.check_summary)], render_kw=_SUMMARY
    )


class EditAnswerForm(EditingForm):
    """An answer with all that may be changed of it."""

    source = _text(lazy_gettext("Answer"), rules.check_answer, rules.ANSWER_LENGTH, decided)
    summary = TextLine(
        lazy_gettext("What did you change?"), validators=[checked(rules.check_summary)], render_kw=_SUMMARY
    )


class EditCommentForm(EditingForm):
    """A comment to change."""

    source = _text(lazy_gettext("Comment"), rules.check_comment, rules.COMMENT_LENGTH, decided)


class QuestionTagsForm(PageForm):
    """The tags of a question alone; somebody else may edit it at the same time."""

    based_on = RevisionNumber()
    tags = _tags()


class DescribeTagForm(PageForm):
    """What a tag is for."""

    excerpt = TextLine(lazy_gettext("In one sentence"), render_kw={"maxlength": EXCERPT_LENGTH})
    source = TextBlock(lazy_gettext("Description"), limits=(0, DESCRIPTION_LENGTH))
