"""What templates print values with."""

from datetime import date as calendar_date
from datetime import datetime, timedelta
from functools import lru_cache
from urllib.parse import quote_plus, urlsplit

from flask import Flask
from markupsafe import Markup, escape

from forum.core import clock
from forum.core.i18n import gettext, ngettext
from forum.posts.rules import OUTDATED_FROM, answer_path, is_outdated, question_path, slugify
from forum.search.engine import Snippet
from forum.shares.rules import share_path
from forum.tags.rules import tag_path
from forum.web import parts
from forum.web.languages import compact_number, day, kept_in_order, language, number
from forum.web.safe_html import stored_html

_DAYS_AS_RELATIVE = 30
"""Older moments are told by their date, which says more than "14 months ago"."""

UNQUOTED = "!$'()*,/:;?@"
"""What Flask leaves as it is in the arguments of an address."""


def register(app: Flask) -> None:
    """Make the filters and the short ways to write addresses known to the templates of `app`."""
    app.jinja_env.filters.update(
        ago=ago,
        compact=compact,
        date=date,
        day_and_month=day_and_month,
        host=host,
        initial=initial,
        number=number,
        passage=passage,
        signed=signed,
        stored_html=stored_html,
    )
    app.jinja_env.globals.update(
        answer_path=answer_path,
        is_outdated=is_outdated,
        outdated_from=OUTDATED_FROM,
        question_path=question_path,
        search_path=search_path,
        share_path=share_path,
        sign_in_path=sign_in_path,
        tag_path=lru_cache(maxsize=10_000)(tag_path),
        user_path=user_path,
        user_slug=user_slug,
    )


def ago(moment: datetime) -> Markup:
    """Return a `time` element that reads as the distance from now, with the exact time in its title."""
    day, time = moment.isoformat(timespec="seconds")[:19].split("T")
    return stored_html(f'<time datetime="{day}T{time}Z" title="{day} {time} UTC">{relative(moment)}</time>')


def relative(moment: datetime) -> str:
    """Return how long ago something was, as people say it; a date when it is more than a month."""
    present = clock.now()
    seconds = int((present - moment).total_seconds())
    if seconds >= _DAYS_AS_RELATIVE * 86400:
        # It lacks its year until the next one begins.
        parts.changes_at(_midnight_after(present))
        return short_date(moment, present=present)
    unit = 60 if seconds < 3600 else 3600 if seconds < 86400 else 86400
    parts.changes_at(min(moment + timedelta(seconds=(seconds // unit + 1) * unit), _midnight_after(present)))
    if 86400 <= seconds < 2 * 86400 and (present.date() - moment.date()).days == 1:
        return gettext("yesterday")
    return _told(language(), max(0, seconds) // 60)


def _midnight_after(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


@lru_cache(maxsize=10_000)
def _told(_code: str, minutes: int) -> str:
    """Tell minutes in the present language, whose code it is; a list has thirty of them."""
    if minutes < 1:
        return gettext("just now")
    if minutes < 60:
        return ngettext("%(num)s minute ago", "%(num)s minutes ago", minutes)
    if minutes < 24 * 60:
        return ngettext("%(num)s hour ago", "%(num)s hours ago", minutes // 60)
    return ngettext("%(num)s day ago", "%(num)s days ago", minutes // (24 * 60))


def short_date(moment: datetime, *, present: datetime) -> str:
    """Return a date as "4 Mar", with its year when that is not the present one."""
    return day(moment, "MMMd" if moment.year == present.year else "yMMMd")


def date(moment: datetime) -> Markup:
    """Return a `time` element that reads as a date, "4 March 2024"."""
    return stored_html(f'<time datetime="{moment.date().isoformat()}">{day(moment, "yMMMMd")}</time>')


def day_and_month(moment: calendar_date) -> str:
    """Return a date as "4 Mar", for lists of days within a year."""
    return day(moment, "MMMd")


def passage(snippet: Snippet) -> Markup:
    """Return a passage with what matched marked; in a template, its pieces would cost a tenth of a page."""
    pieces = (f"<mark>{escape(text)}</mark>" if is_match else escape(text) for text, is_match in snippet)
    return stored_html("".join(pieces))


def compact(value: int) -> str:
    """Return a number in at most four characters or so: 950, 1.2k, 34k, 5.6m."""
    for size, sign in ((1_000_000, "m"), (1000, "k")):
        if abs(value) >= size:
            # Cut rather than round: nobody should seem to have reached what they have not.
            scaled = int(value * 10 / size) / 10 if abs(value) < 10 * size else int(value / size)
            if language() != "en":
                return compact_number(scaled * size, digits=1)
            return f"{scaled:.1f}".removesuffix(".0") + sign
    return str(value)


def signed(value: int) -> str:
    """Return a number with its sign, as "+10" or "−2"."""
    return kept_in_order(("+" if value > 0 else "−") + number(abs(value))) if value else "0"


def initial(name: str) -> str:
    """Return the first letter or digit of a name."""
    return next((letter for letter in name if letter.isalnum()), "?")


def user_path(id: int, name: str) -> str:
    """Return the address of a person's page; lists print many, and `url_for` takes ten times as long."""
    return f"/users/{id}/{user_slug(name)}"


def sign_in_path(next: str) -> str:
    """Return the address for signing in and coming back, as `url_for` would; each visitor's page has one."""
    return f"/sign-in?next={quote_plus(next, safe=UNQUOTED)}"


@lru_cache(maxsize=1_000)
def search_path(text: str, sort: str | None = None) -> str:
    """Return the address of a search, as `url_for` would; a page of results has fifty of them, each twice."""
    address = f"/search?q={quote_plus(text, safe=UNQUOTED)}"
    return f"{address}&sort={sort}" if sort else address


@lru_cache(maxsize=10_000)
def user_slug(name: str) -> str:
    """Return the readable part of the address of a person's page."""
    return slugify(name)


def host(address: str) -> str:
    """Return the host of an address, to show instead of all of it."""
    return (urlsplit(address).hostname or address).removeprefix("www.")
