"""What templates print values with."""

from datetime import datetime
from functools import lru_cache
from urllib.parse import urlsplit
from uuid import uuid4

from flask import Flask
from markupsafe import Markup

from forum.core import clock
from forum.posts.rules import OUTDATED_FROM, answer_path, is_outdated, question_path, slugify
from forum.shares.rules import share_path
from forum.tags.rules import tag_path

_STEPS = ((60, "minute"), (3600, "hour"), (86400, "day"))
_DAYS_AS_RELATIVE = 30
"""Older moments are told by their date, which says more than "14 months ago"."""


def register(app: Flask) -> None:
    """Make the filters and the short ways to write addresses known to the templates of `app`."""
    app.jinja_env.filters.update(
        ago=ago,
        compact=compact,
        date=date,
        host=host,
        initial=initial,
        plural=plural,
        signed=signed,
        stored_html=stored_html,
    )
    app.jinja_env.globals.update(
        answer_path=answer_path,
        is_outdated=is_outdated,
        new_submission=new_submission,
        outdated_from=OUTDATED_FROM,
        question_path=question_path,
        share_path=share_path,
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
    seconds = (present - moment).total_seconds()
    if seconds < 60:
        return "just now"
    if seconds < 2 * 86400 and (present.date() - moment.date()).days == 1 and seconds >= 86400:
        return "yesterday"
    if seconds >= _DAYS_AS_RELATIVE * 86400:
        return short_date(moment, present=present)
    size, unit = max(step for step in _STEPS if step[0] <= seconds)
    return f"{plural(int(seconds // size), unit)} ago"


def short_date(moment: datetime, *, present: datetime) -> str:
    """Return a date as "4 Mar", with its year when that is not the present one."""
    day = f"{moment.day} {moment:%b}"
    return day if moment.year == present.year else f"{day} {moment.year}"


def date(moment: datetime) -> Markup:
    """Return a `time` element that reads as a date, "4 March 2024"."""
    text = f"{moment.day} {moment:%B} {moment.year}"
    return stored_html(f'<time datetime="{moment.date().isoformat()}">{text}</time>')


def compact(number: int) -> str:
    """Return a number in at most four characters or so: 950, 1.2k, 34k, 5.6m."""
    for size, sign in ((1_000_000, "m"), (1000, "k")):
        if abs(number) >= size:
            scaled = number / size
            # Cut rather than round: nobody should seem to have reached what they have not.
            text = f"{int(scaled * 10) / 10:.1f}".removesuffix(".0") if abs(scaled) < 10 else str(int(scaled))
            return text + sign
    return str(number)


def plural(number: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun, as "1 answer" or "1,234 answers"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def signed(number: int) -> str:
    """Return a number with its sign, as "+10" or "−2"."""
    return f"{number:+,}".replace("-", "−") if number else "0"


def initial(name: str) -> str:
    """Return the first letter or digit of a name."""
    return next((letter for letter in name if letter.isalnum()), "?")


def stored_html(html: str) -> Markup:
    """Mark HTML as safe that `forum.core.markup` sanitised at writing, or that this module made itself."""
    return Markup(html)  # noqa: S704 - see above; nothing that somebody typed may come here


def user_path(id: int, name: str) -> str:
    """Return the address of a person's page; lists print many, and `url_for` takes ten times as long."""
    return f"/users/{id}/{user_slug(name)}"


@lru_cache(maxsize=10_000)
def user_slug(name: str) -> str:
    """Return the readable part of the address of a person's page."""
    return slugify(name)


def host(address: str) -> str:
    """Return the host of an address, to show instead of all of it."""
    return (urlsplit(address).hostname or address).removeprefix("www.")


def new_submission() -> str:
    """Return a fresh number for a form, by which sending it twice makes one post."""
    return str(uuid4())
