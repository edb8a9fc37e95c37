"""Whether a thread that was found is so much like a question that its asker should see it before posting.

An engine always finds something, and its scores mean nothing from one question to the next; so the two titles
are compared. On archives of forums, of the five best threads the rule lets a half to three quarters of those
pass that helpers had pointed to, and a fifth of the others.
"""

from forum.search.analysis import Analysis

SHARED_WORDS = 2
"""Informative words that the titles must share."""

SHARED_PART = 3
"""One in so many informative words of the asked title must be shared."""

SHORTEST = 4
"""Letters of an informative word; shorter ones are mostly articles and auxiliaries, in many languages."""

_ENDING = 3
"""Letters in which two inflected forms of a word may differ at the end."""

_FIRST_UNSPACED = "\u3040"
"""From here on, scripts are written without blanks or in syllables, so a word has few characters."""

# Words of English questions that say nothing about the subject. Other languages do without: there the
# rule is met a little sooner.
_WORDS = """
about after before cannot cant could does doesnt dont error errors from have how into isnt issue issues just
possible problem problems question should some that there they this unable using were what when where which
will with work working works would your
"""
_OF_EVERY_QUESTION = frozenset(_WORDS.split())
_analysis = Analysis()


def informative_words(title: str) -> tuple[str, ...]:
    """Return the words of a title that tell its subject, folded, each once."""
    words = (written.forms.exact for written in _analysis.written_forms(title))
    return tuple(dict.fromkeys(word for word in words if _is_informative(word)))


def is_convincing(asked: str, found: str) -> bool:
    """Tell whether a thread with the title `found` may well answer a question with the title `asked`."""
    words, others = informative_words(asked), informative_words(found)
    shared = sum(any(_is_same(word, other) for other in others) for word in words)
    return shared >= SHARED_WORDS and shared * SHARED_PART >= len(words)


def _is_informative(word: str) -> bool:
    if word in _OF_EVERY_QUESTION:
        return False
    # Versions, codes and names such as c++ tell much in few characters.
    return len(word) >= SHORTEST or not word.isalpha() or word >= _FIRST_UNSPACED


def _is_same(word: str, other: str) -> bool:
    if word == other:
        return True
    if not (word.isalpha() and other.isalpha()):
        return False
    alike = max(SHORTEST, max(len(word), len(other)) - _ENDING)
    return min(len(word), len(other)) >= SHORTEST and word[:alike] == other[:alike]
