"""The form by which other forms save what stands in them."""

from wtforms import IntegerField

from forum.drafts.actions import Writer
from forum.drafts.rules import Place, Wording, place_named
from forum.web.forms.fields import (
    DraftVersion,
    PageForm,
    RevisionNumber,
    Submission,
    TextBlock,
    TextLine,
)
from forum.web.languages import lazy_gettext

_LATEST_TURN = 2**53
"""The greatest whole number that scripts count to."""


class DraftForm(PageForm):
    """What a form holds while somebody writes in it; all of it is taken as it is."""

    place = TextLine(lazy_gettext("Place"))
    title = TextLine(lazy_gettext("Title"))
    source = TextBlock(lazy_gettext("Text"))
    tags = TextLine(lazy_gettext("Tags"))
    summary = TextLine(lazy_gettext("What did you change?"))
    based_on = RevisionNumber()
    submission = Submission()
    draft_version = DraftVersion()
    turn = IntegerField()

    @property
    def wanted_place(self) -> Place | None:
        """Where the text belongs, or None for no place of ours."""
        return place_named(self.place.text)

    @property
    def wording(self) -> Wording:
        """What is written."""
        return Wording(
            source=self.source.text, title=self.title.text, tags=self.tags.text, summary=self.summary.text
        )

    @property
    def writer(self) -> Writer:
        """The open form that saves."""
        turn = min(max(self.turn.data or 0, 0), _LATEST_TURN)
        return Writer(form=self.submission.number, turn=turn, version=self.draft_version.text)
