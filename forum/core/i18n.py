"""The words that people read, in the language of whoever is spoken to.

Domains write them in English inside these functions, from which the catalogues in forum/translations are
gathered. The web says by `speech.come_from` whose language a request speaks; elsewhere, on the command line
and in the worker, the words stay English.
"""

from collections.abc import Callable, Mapping
from gettext import NullTranslations
from types import MappingProxyType

LANGUAGES: Mapping[str, str] = MappingProxyType({"en": "English", "de": "Deutsch", "ar": "العربية"})
"""The languages of the pages by their codes, each by its own name."""


class _Speech:
    """Where the words and the numbers of the present language come from."""

    def __init__(self) -> None:
        self.translations: Callable[[], NullTranslations] = NullTranslations
        self.number: Callable[[int], str] = "{:,}".format

    def come_from(self, translations: Callable[[], NullTranslations], number: Callable[[int], str]) -> None:
        """Take words and numbers from these two, which know who is spoken to."""
        self.translations, self.number = translations, number


speech = _Speech()


def gettext(message: str, /, **variables: object) -> str:
    """Return a sentence in the present language, with its `%(name)s` filled in; integers are grouped."""
    return _filled(speech.translations().gettext(message), variables)


def ngettext(singular: str, plural: str, count: int, /, **variables: object) -> str:
    """Return a sentence in the form that the language has for a count, which is also `%(num)s` in it."""
    text = speech.translations().ngettext(singular, plural, count)
    return _filled(text, {"num": count, **variables})


def pgettext(context: str, message: str, /, **variables: object) -> str:
    """Return a sentence whose words mean different things in different places; `context` tells which."""
    return _filled(speech.translations().pgettext(context, message), variables)


def marked(message: str) -> str:
    """Return the text as it is; the catalogues have it, and who prints it translates it then."""
    return message


def _filled(text: str, variables: Mapping[str, object]) -> str:
    if not variables:
        return text
    return text % {
        name: speech.number(value) if type(value) is int else value for name, value in variables.items()
    }
