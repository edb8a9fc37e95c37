"""The languages whose words are recognised in their inflected forms."""

from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from whoosh import lang
from whoosh.lang.porter import stem as porter_stem

from forum.core.errors import Misconfigured
from forum.search.analysis import Analyses, Analysis
from forum.search.synonyms import UnusableSynonyms

# The classic list of Lucene without "no", "not" and "on", which matter where people report what does not work
# and what does not turn on.
_ENGLISH_STOP_WORDS = (
    "a an and are as at be but by for if in into is it of or such that the their then there these they this "
    "to was will with"
)


def with_synonyms(analyses: Analyses, path: Path) -> Analyses:
    """Return the same analyses with the synonyms of the list in this file, if there is one.

    Raises Misconfigured for a list that can't be read.
    """
    try:
        prose = analyses.prose.with_synonyms(path.read_text("utf-8"))
    except FileNotFoundError:
        return analyses
    except (OSError, UnicodeDecodeError) as error:
        raise Misconfigured(f"{path} can't be read: {error}") from error
    except UnusableSynonyms as error:
        raise Misconfigured(f"{path}, {error.message}") from error
    return replace(analyses, prose=prose)


@lru_cache(maxsize=8)
def analyses_for(language: str) -> Analyses:
    """Return how texts in this language (a two-letter code) are taken apart.

    Raises Misconfigured for a language without stemming rules.
    """
    if language == "en":
        return Analyses(Analysis(porter_stem, frozenset(_ENGLISH_STOP_WORDS.split())), Analysis(), language)
    if not lang.has_stemmer(language):
        raise Misconfigured(
            f"There are no stemming rules for the language {language!r}; use a code such as en, de, fr or es."
        )
    stop_words = lang.stopwords_for_language(language) if lang.has_stopwords(language) else ()
    return Analyses(
        Analysis(lang.stemmer_for_language(language), frozenset(stop_words)), Analysis(), language
    )
