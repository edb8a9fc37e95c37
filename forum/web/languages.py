"""The language of a page: chosen by its reader, else asked for by the browser, else the site's.

What a reader chooses is kept in a cookie, so that no page has to ask the database for it; signing in brings
the choice along to another browser. Flask-Babel finds the words and writes dates and numbers.
"""

from datetime import date
from functools import lru_cache
from typing import Any

import flask_babel
from babel import Locale, dates, numbers
from flask import Flask, Response, g, has_request_context, request
from markupsafe import Markup

from forum.core.i18n import LANGUAGES, speech
from forum.web.choice_cookies import keep
from forum.web.request_scope import settings
from forum.web.safe_html import stored_html

COOKIE = "language"
FOLDER = "translations"
"""Where the catalogues are, from the folder of the package."""

lazy_gettext = flask_babel.lazy_gettext
"""Marks labels of forms, which are made once and translated wherever they are printed."""

# English days stand before their months here, as most of the world writes them.
_ENGLISH = {"MMMd": "d MMM", "yMMMd": "d MMM y", "yMMMMd": "d MMMM y"}
_ENGLISH_NUMBERS = "{:,}".format


def install(app: Flask) -> None:
    """Let pages and messages speak the language of whoever looks."""
    flask_babel.Babel(
        app,
        configure_jinja=False,
        locale_selector=_select,
        default_translation_directories=FOLDER,
    )
    speech.come_from(flask_babel.get_translations, number)
    # Messages are always filled in by name, and what is filled in is escaped. The extension must find it set.
    app.jinja_env.extend(newstyle_gettext=True)
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    app.jinja_env.globals.update(language=language, direction=direction, script_texts=script_texts)
    app.jinja_env.globals.update(
        _=_gettext, gettext=_gettext, ngettext=_ngettext, pgettext=_pgettext, npgettext=_npgettext
    )
    app.after_request(_tell)


def language() -> str:
    """Return the code of the language that is spoken to whoever looks; English outside of a request."""
    locale = flask_babel.get_locale()
    return str(locale) if locale else "en"


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
    return _ENGLISH_NUMBERS(value) if code == "en" else _number(code, value)


def compact_number(value: float, *, digits: int) -> str:
    """Return a number in thousands or millions in its short form, with at most so many decimal digits."""
    return numbers.format_compact_decimal(value, locale=_locale(language()), fraction_digits=digits)


def day(moment: date, skeleton: str) -> str:
    """Return a date with the parts that a CLDR skeleton names, such as yMMMd, as the language writes it."""
    return _day(language(), moment.year, moment.month, moment.day, skeleton)


@lru_cache(maxsize=10_000)
def _number(code: str, value: int) -> str:
    return numbers.format_decimal(value, locale=_locale(code))


@lru_cache(maxsize=10_000)
def _day(code: str, year: int, month: int, day_of_month: int, skeleton: str) -> str:
    moment, locale = date(year, month, day_of_month), _locale(code)
    if code == "en":
        return dates.format_date(moment, _ENGLISH[skeleton], locale=locale)
    return dates.format_date(moment, locale.datetime_skeletons[skeleton].pattern, locale=locale)


@lru_cache
def _locale(code: str) -> Locale:
    return Locale.parse(code)


def _select() -> str:
    if not has_request_context():
        return settings().language
    # In this order: of two that are equally welcome, the site's own language comes first.
    offered = [settings().language, *(code for code in LANGUAGES if code != settings().language)]
    return chosen() or request.accept_languages.best_match(offered) or settings().language


def _tell(response: Response) -> Response:
    """Say of a page that it depends on the language, once something of it was translated."""
    if response.mimetype == "text/html":
        response.vary.add("Accept-Language")
        response.headers["Content-Language"] = language()
    if "chosen_language" in g:
        keep(response, COOKIE, g.chosen_language)
    return response


def _gettext(message: str, /, **variables: Any) -> Markup:
    return _filled(speech.translations().gettext(message), variables)


def _ngettext(singular: str, plural: str, count: int, /, **variables: Any) -> Markup:
    text = speech.translations().ngettext(singular, plural, count)
    return _filled(text, {"num": count, **variables})


def _pgettext(context: str, message: str, /, **variables: Any) -> Markup:
    return _filled(speech.translations().pgettext(context, message), variables)


def _npgettext(context: str, singular: str, plural: str, count: int, /, **variables: Any) -> Markup:
    text = speech.translations().npgettext(context, singular, plural, count)
    return _filled(text, {"num": count, **variables})


def _filled(text: str, variables: dict[str, Any]) -> Markup:
    """Fill in a message of our catalogues, which may hold HTML of ours; what comes into it is escaped."""
    message = stored_html(text)
    if "%" not in text:
        return message
    return message % {
        name: number(value) if type(value) is int else value for name, value in variables.items()
    }
