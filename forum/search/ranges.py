"""The ranges a search can be given: `score:3..10`, `answers:0`, `created:2024-01..2024-06`, `created:7d`."""

import re
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

_BOUND = re.compile(r"(<=|>=|<|>)(.*)")
_NUMBER = re.compile(r"[+-]?[0-9]{1,9}")
_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?")
_AGE = re.compile(r"([0-9]{1,4})(h|d|w|m|y)")
_HOURS = {"h": 1, "d": 24, "w": 7 * 24, "m": 30 * 24, "y": 365 * 24}


class Unreadable(ValueError):
    """A value that is no range."""


class Numbers(NamedTuple):
    """A range of whole numbers; both bounds belong to it, None is no bound."""

    low: int | None
    high: int | None


class Times(NamedTuple):
    """From `since` on and before `before`; None is no bound."""

    since: datetime | None
    before: datetime | None


def numbers(value: str) -> Numbers:
    """Read `3` (at least), `3..10`, `3..`, `..10`, `>3`, `>=3`, `<3` or `<=3`. Raises Unreadable."""
    if bound := _BOUND.fullmatch(value):
        sign, number = bound.group(1), _number(bound.group(2))
        if sign.startswith(">"):
            return Numbers(number if sign == ">=" else number + 1, None)
        return Numbers(None, number if sign == "<=" else number - 1)
    if ".." not in value:
        return Numbers(_number(value), None)
    low, _, high = value.partition("..")
    if not low and not high:
        raise Unreadable(value)
    return Numbers(_number(low) if low else None, _number(high) if high else None)


def times(value: str, now: datetime) -> Times:
    """Read a year, month or day, a range of them, or ages such as `7d` (since then). Raises Unreadable.

    `2024-01..2024-06` includes all of June. Ages count back from `now` in hours, days, weeks, months of 30
    days and years of 365: `7d` and `<7d` is younger, `>1y` older, `1y..6m` between.
    """
    if bound := _BOUND.fullmatch(value):
        return _bounded(bound.group(1), bound.group(2), now)
    if ".." not in value:
        span = _span(value, now)
        return Times(span.since, None) if _AGE.fullmatch(value) else span
    first, _, last = value.partition("..")
    if not first and not last:
        raise Unreadable(value)
    return Times(_span(first, now).since if first else None, _span(last, now).before if last else None)


def _number(text: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise Unreadable(text)
    return int(text)


def _bounded(sign: str, text: str, now: datetime) -> Times:
    span = _span(text, now)
    if _AGE.fullmatch(text):
        # An age is compared, not a date: less than a week old is later than a week ago.
        return Times(span.since, None) if sign.startswith("<") else Times(None, span.before)
    after = {">": Times(span.before, None), ">=": Times(span.since, None)}
    before = {"<": Times(None, span.since), "<=": Times(None, span.before)}
    return (after | before)[sign]


def _span(text: str, now: datetime) -> Times:
    """Return a year, month or day from its first to before its last moment, or twice the moment of an age."""
    try:
        if age := _AGE.fullmatch(text):
            moment = now - timedelta(hours=int(age.group(1)) * _HOURS[age.group(2)])
            return Times(moment, moment)
        if date := _DATE.fullmatch(text):
            return _calendar_span(*(int(part) if part else None for part in date.groups()))
    except (ValueError, OverflowError) as error:
        raise Unreadable(text) from error
    raise Unreadable(text)


def _calendar_span(year: int | None, month: int | None, day: int | None) -> Times:
    since = datetime(year or 0, month or 1, day or 1, tzinfo=UTC)
    if day is not None:
        return Times(since, since + timedelta(days=1))
    if month is not None:
        return Times(since, (since + timedelta(days=31)).replace(day=1))
    return Times(since, since.replace(year=since.year + 1))
