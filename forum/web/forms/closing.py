"""The form by which a question is closed."""

import re
from collections.abc import Collection

from wtforms import HiddenField

from forum.core.errors import Invalid
from forum.core.i18n import gettext
from forum.posts.rules import DUPLICATE, check_close_reason
from forum.web.forms.fields import PageForm, TextLine, checked
from forum.web.forms.similar import row_id
from forum.web.languages import lazy_gettext

_LINK = re.compile(r"/?(?:questions|q)/([0-9]{1,18})(?![\w])")


class CloseForm(PageForm):
    """Why a question is closed, and which one it repeats."""

    reason = HiddenField(lazy_gettext("Why?"), default=DUPLICATE, validators=[checked(check_close_reason)])
    of = HiddenField(lazy_gettext("Earlier question"))
    link = TextLine(lazy_gettext("Another question"), render_kw={"maxlength": 300, "autocomplete": "off"})

    def original(self, *, sites: Collection[str]) -> int:
        """Return the question that is repeated: the one whose link was pasted, else the one that was chosen.

        Raise Invalid when there is none; `sites` are the addresses of this site, without a path.
        """
        if self.link.text.strip():
            return question_number(self.link.text.strip(), sites=sites)
        chosen = row_id(self.of.data or "")
        if chosen is None:
            raise Invalid("of", gettext("Choose the question that was asked before, or paste its link."))
        return chosen


def question_number(text: str, *, sites: Collection[str]) -> int:
    """Return the id in a question's link or number; raise Invalid for anything else."""
    number = row_id(text.removeprefix("#"))
    if number is not None:
        return number
    site = next((site for site in sites if text.startswith(f"{site}/")), "")
    if not site and "://" in text:
        raise Invalid("link", gettext("This link leads to another site; paste the link of a question here."))
    found = _LINK.match(text.removeprefix(site))
    if found is None:
        raise Invalid("link", gettext("Paste the link of a question, such as /questions/42, or its number."))
    return int(found[1])
