"""The language of a page: chosen by its reader, else asked for by the browser, else the site's.

What a reader chooses is kept in a cookie, so that no page has to ask the database for it; signing in brings
the choice along to another browser. Flask-Babel finds the words and writes dates and numbers.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import lru_cache
from gettext import NullTranslations
from pathlib import Path
from typing import Any

import flask_babel
from babel import Locale, dates, numbers
from babel.support import Translations
from flask import Flask, Response, g, has_request_context, request
from markupsafe import Markup
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from forum.core.i18n import LANGUAGES, compact_english, decimal_english, gettext, speech
from forum.web.choice_cookies import keep
from forum.web.request_scope import settings
from forum.web.translated_templates import TranslatedEnvironment, filled_in
from forum.web.varying import depends_on

COOKIE = "language"
CATALOGUES = Path(__file__).resolve().parent.parent / "translations"

LazyString = flask_babel.LazyString
lazy_gettext = flask_babel.lazy_gettext
"""Marks labels of forms, which are made once and translated wherever they are printed."""

# English days stand before their months here, as most of the world writes them.
_ENGLISH = {
    "MMMd": "d MMM", "yMMMd": "d MMM y", "yMMMMd": "d MMMM y", "yMMM": "MMM y", "yMMMM": "MMMM y",
    "MMM": "MMM", "E": "EEE",
}  # fmt: skip
_LEFT_TO_RIGHT = "\N{LEFT-TO-RIGHT MARK}"
_ENGLISH_NUMBERS = "{:,}".format


def install(app: Flask) -> None:
    """Let pages and messages speak the language of whoever looks."""
    flask_babel.Babel(
        app,
        configure_jinja=False,
        locale_selector=_select,
        default_translation_directories=str(CATALOGUES),
    )
    speech.come_from(_present_translations, number=number, decimal=_decimal, compact=_compact, day=day)
    # Messages are always filled in by name, and what is filled in is escaped. The extension must find it set.
    app.jinja_env.extend(newstyle_gettext=True)
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    app.jinja_env.globals.update(language=language, direction=direction, script_texts=script_texts)
    app.jinja_env.filters["translated"] = _translated
    if isinstance(app.jinja_env, TranslatedEnvironment):
        app.jinja_env.speak_through(language, _translations)
    app.jinja_env.globals.update(
        _=_gettext, gettext=_gettext, ngettext=_ngettext, pgettext=_pgettext, npgettext=_npgettext
    )
    app.after_request(_tell)


@contextmanager
def in_site_language() -> Iterator[None]:
    """Speak the site's language within the block, whoever asks: shared caches keep the answer for all.

    It decorates views, too.
    """
    with flask_babel.force_locale(settings().language):
        yield


def language() -> str:
    """Return the code of the language that is spoken to whoever looks; English outside of a request."""
    locale = flask_babel.get_locale()
    return str(locale.language) if locale else "en"


def direction() -> str:
    """Return where lines of the present language begin: "ltr" or "rtl"."""
    return _locale(language()).text_direction


def script_texts() -> str | None:
    """Return the name of the static file with the words of scripts; None where they are English anyway."""
    code = language()
    return None if code == "en" else f"texts/{code}.js"


def chosen() -> str | None:
    """Return the code of the language that this browser's user has chosen, or None for what it asks for."""
    code = g.chosen_language if "chosen_language" in g else request.cookies.get(COOKIE)
    return code if code in LANGUAGES else None


def choose(code: str | None) -> None:
    """Speak a language from now on in this browser; None for what the browser asks for."""
    g.chosen_language = code
    flask_babel.refresh()


def number(value: int) -> str:
    """Return a whole number with its digits grouped as the present language does."""
    code = language()
    return _ENGLISH_NUMBERS(value) if code == "en" else kept_in_order(_number(code, value))


def kept_in_order(signed: str) -> str:
    """Return a number with its sign so that the sign stays before it, also in a line from right to left."""
    return signed if signed[:1].isdigit() or direction() == "ltr" else _LEFT_TO_RIGHT + signed


def compact_number(value: float, *, digits: int) -> str:
    """Return a number in thousands or millions in its short form, with at most so many decimal digits."""
    return numbers.format_compact_decimal(value, locale=_locale(language()), fraction_digits=digits)


def day(moment: date, skeleton: str) -> str:
    """Return a date with the parts that a CLDR skeleton names, such as yMMMd, as the language writes it."""
    return _day(language(), moment.year, moment.month, moment.day, skeleton)


def _decimal(value: float) -> str:
    code = language()
    if code == "en":
        return decimal_english(value)
    return numbers.format_decimal(round(value, 1), format="#,##0.#", locale=_locale(code))


def _compact(value: float) -> str:
    return compact_english(value) if language() == "en" else compact_number(value, digits=1)


@lru_cache(maxsize=10_000)
def _number(code: str, value: int) -> str:
    return numbers.format_decimal(value, locale=_locale(code))


@lru_cache(maxsize=10_000)
def _day(code: str, year: int, month: int, day_of_month: int, skeleton: str) -> str:
    moment, locale = date(year, month, day_of_month), _locale(code)
    if code == "en":
        return dates.format_date(moment, _ENGLISH[skeleton], locale=locale)
    return dates.format_date(moment, locale.datetime_skeletons[skeleton].pattern, locale=locale)


def _present_translations() -> NullTranslations:
    """Return the words of the present language; Flask-Babel looks for them anew in each request."""
    return _translations(language())


@lru_cache
def _translations(code: str) -> NullTranslations:
    """Return the words of a language; Flask-Babel has them by the request that speaks it only."""
    return Translations.load(CATALOGUES, [code])


@lru_cache
def _locale(code: str) -> Locale:
    return Locale.parse(code)


def _select() -> str:
    if not has_request_context():
        return settings().language
    return spoken_to(chosen(), request.headers.get("Accept-Language", ""), default=settings().language)


@lru_cache(maxsize=500)
def spoken_to(choice: str | None, accepted: str, *, default: str) -> str:
    """Return the code of the language for whoever chose one, and whose browser accepts some."""
    if choice is not None and choice in LANGUAGES:
        return choice
    # In this order: of two that are equally welcome, the site's own language comes first.
    offered = [default, *(code for code in LANGUAGES if code != default)]
    return parse_accept_header(accepted, LanguageAccept).best_match(offered) or default


def _tell(response: Response) -> Response:
    """Say of a page that it depends on the language, once something of it was translated."""
    # What only leads elsewhere is read by nobody.
    is_page = response.headers.get("Content-Type", "").startswith("text/html")
    if is_page and "Location" not in response.headers:
        depends_on(response, "Accept-Language")
        response.headers["Content-Language"] = language()
    if "chosen_language" in g:
        keep(response, COOKIE, g.chosen_language)
    return response


def _translated(text: str | None) -> str:
    """Return a text from a table or a database in the present language if it is one of ours.

    Unlike what `_` returns it is no HTML, so it is safe for what others wrote, too.
    """
    return gettext(text) if text else ""


def _gettext(message: str, /, **variables: Any) -> Markup:
    return filled_in(speech.translations().gettext(message), **variables)


def _ngettext(singular: str, plural: str, count: int, /, **variables: Any) -> Markup:
    text = speech.translations().ngettext(singular, plural, count)
    return filled_in(text, **{"num": count, **variables})


def _pgettext(context: str, message: str, /, **variables: Any) -> Markup:
    return filled_in(speech.translations().pgettext(context, message), **variables)


def _npgettext(context: str, singular: str, plural: str, count: int, /, **variables: Any) -> Markup:
    text = speech.translations().npgettext(context, singular, plural, count)
    return filled_in(text, **{"num": count, **variables})
