"""The words of a query: plain ones, phrases and beginnings of words."""

import re

from forum.search.engine import Field, Phrase, Prefix, TextClause, Word
from forum.search.ranges import Unreadable

MIN_PREFIX = 3
"""Letters before an asterisk; fewer begin so many words that the search would say nothing and take long."""

_PREFIX = re.compile(r"[\w.+#'\u2019-]+\*+")


def text_clause(text: str, field: Field = Field.ANYWHERE, *, is_quoted: bool = False) -> TextClause:
    """Return the clause that looks for this text. Raises Unreadable for an asterisk out of place."""
    if is_quoted:
        return Phrase(text, field)
    if "*" not in text:
        return Word(text, field)
    beginning = text.rstrip("*")
    if not _PREFIX.fullmatch(text) or sum(character.isalnum() for character in beginning) < MIN_PREFIX:
        raise Unreadable(text)
    return Prefix(beginning, field)
