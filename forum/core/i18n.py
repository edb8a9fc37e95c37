"""The words that people read, in the language of whoever is spoken to.

Domains write them in English inside these functions, from which the catalogues in forum/translations are
gathered. The web says by `speech.come_from` whose language a request speaks; elsewhere, on the command line
and in the worker, the words stay English.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from gettext import NullTranslations
from types import MappingProxyType

LANGUAGES: Mapping[str, str] = MappingProxyType({"en": "English", "de": "Deutsch", "ar": "العربية"})
"""The languages of the pages by their codes, each by its own name."""

_ENGLISH_DAYS = {
    "MMMd": "{0.day} {0:%b}",
    "yMMMd": "{0.day} {0:%b} {0.year}",
    "yMMMMd": "{0.day} {0:%B} {0.year}",
    "yMMM": "{0:%b} {0.year}",
    "yMMMM": "{0:%B} {0.year}",
    "MMM": "{0:%b}",
    "E": "{0:%a}",
}


def compact_english(value: float) -> str:
    """Return a number of few digits as 500, 1.5k, 20k or 3m."""
    for size, sign in ((1_000_000, "m"), (1000, "k")):
        if value >= size:
            return f"{value / size:g}{sign}"
    return str(value)


def decimal_english(value: float) -> str:
    """Return a number with one digit behind the point, which is left out when it is zero."""
    return f"{value:,.1f}".removesuffix(".0")


def _day_in_english(moment: date, skeleton: str) -> str:
    return _ENGLISH_DAYS[skeleton].format(moment)


@dataclass(slots=True)
class _Speech:
    """Where the words, numbers and dates of the present language come from."""

    translations: Callable[[], NullTranslations] = NullTranslations
    number: Callable[[int], str] = "{:,}".format
    decimal: Callable[[float], str] = decimal_english
    compact: Callable[[float], str] = compact_english
    day: Callable[[date, str], str] = _day_in_english

    def come_from(
        self,
        translations: Callable[[], NullTranslations],
        *,
        number: Callable[[int], str],
        decimal: Callable[[float], str],
        compact: Callable[[float], str],
        day: Callable[[date, str], str],
    ) -> None:
        """Take them from these functions, which know who is spoken to."""
        self.translations = translations
        self.number, self.decimal, self.compact, self.day = number, decimal, compact, day


speech = _Speech()


def gettext(message: str, /, **variables: object) -> str:
    """Return a sentence in the present language, with its `%(name)s` filled in; integers are grouped.

    Of no words come none, although a catalogue has its own description there.
    """
    return message and _filled(speech.translations().gettext(message), variables)


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


def number(value: int) -> str:
    """Return a whole number with its digits grouped as the present language does."""
    return speech.number(value)


def decimal(value: float) -> str:
    """Return a number with at most one digit behind the point or the comma."""
    return speech.decimal(value)


def compact(value: float) -> str:
    """Return a round number in few characters, such as 1.5k."""
    return speech.compact(value)


def day(moment: date, skeleton: str) -> str:
    """Return a date with the parts that a CLDR skeleton names: MMMd, yMMMd, yMMMMd, yMMM, yMMMM, MMM or E."""
    return speech.day(moment, skeleton)


def _filled(text: str, variables: Mapping[str, object]) -> str:
    if not variables:
        return text
    return text % {
        name: speech.number(value) if type(value) is int else value for name, value in variables.items()
    }
