"""Parts of pages: made once, and never one person's shown to another."""

import re
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask, g
from jinja2 import meta, nodes
from markupsafe import Markup, escape

from forum.core import clock
from forum.core.db import Database
from forum.posts.models import Post
from forum.web import filters, parts
from tests.factories import make_answer, make_comment, make_question, make_user
from tests.web.conftest import SignIn

NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)
PURE = {
    *("_", "_trans", "gettext", "ngettext", "pgettext", "npgettext", "language", "direction"),
    *(
        "answer_path",
        "question_path",
        "share_path",
        "tag_path",
        "user_path",
        "user_slug",
        "url_for",
        "static_url",
    ),
    *(
        "icon",
        "brand",
        "site_name",
        "code_languages",
        "is_outdated",
        "outdated_from",
        "takes_images",
        "part",
        "dict",
    ),
    *("behaves", "csrf_token", "new_answer", "new_submission", "viewer_id"),
}
"""What macros may name besides their arguments: the same for everybody, or a blank of `forum.web.parts`."""


@pytest.fixture
def thread(database: Database) -> Post:
    with database.transaction() as session:
        question = make_question(session, make_user(session, "Ann"), title="Why does it beep twice?")
        for _ in range(2):
            make_comment(session, make_answer(session, question, make_user(session)), make_user(session))
        return question


def test_equal_arguments_are_worth_one_call(app: Flask) -> None:
    calls: list[object] = []

    def macro(name: str) -> Markup:
        calls.append(name)
        return Markup("<b>{}</b>").format(name)

    with app.test_request_context():
        printed = [parts.part(macro, name) for name in ("<a>", "b", "<a>")]

    assert printed == ["<b>&lt;a&gt;</b>", "<b>b</b>", "<b>&lt;a&gt;</b>"]
    assert calls == ["<a>", "b"]


def test_a_kept_part_takes_the_bytes_that_it_is_sent_as(app: Flask) -> None:
    text = "“It” is here " * 1_000

    def macro() -> Markup:
        return Markup("{}").format(text)

    with app.test_request_context():
        assert [parts.part(macro) for _ in range(2)] == [text, text]

    [(kept, size)] = app.extensions["parts"]._results.values()
    assert size == len(kept.html) + parts._ARGUMENTS_BYTES
    assert len(kept.html) == len(text.encode()) < sys.getsizeof(text) * 0.7


def test_what_can_change_is_no_argument(app: Flask) -> None:
    with app.test_request_context(), pytest.raises(TypeError, match="unhashable"):
        parts.part(lambda _some: Markup(""), [1])


def test_the_scripts_of_a_part_come_with_it_however_deep_it_lies(app: Flask) -> None:
    def inner() -> Markup:
        return escape(parts.behaves("counted"))

    def outer() -> Markup:
        return parts.part(inner) + parts.behaves("drafts")

    for _ in range(2):
        with app.test_request_context():
            parts.part(outer)
            assert set(g.behaviours) == {"counted", "drafts"}


@pytest.mark.parametrize(
    ("age", "stays"),
    [
        (timedelta(seconds=10), timedelta(seconds=50)),
        (timedelta(minutes=10, seconds=10), timedelta(seconds=50)),
        (timedelta(hours=3, minutes=20), timedelta(minutes=40)),
        (timedelta(days=3, hours=20), timedelta(hours=4)),
        (timedelta(hours=35), timedelta(hours=12)),
        (timedelta(days=29, hours=23), timedelta(hours=1)),
        (timedelta(days=50), timedelta(hours=12)),
    ],
)
def test_a_part_is_kept_until_a_time_is_told_in_other_words(
    app: Flask, age: timedelta, stays: timedelta
) -> None:
    moment, made = NOW - age, []

    def macro() -> Markup:
        made.append(clock.now())
        return filters.ago(moment)

    for later in (timedelta(), stays - timedelta(seconds=1), stays):
        with clock.frozen(NOW + later), app.test_request_context():
            assert parts.part(macro) == filters.ago(moment)

    assert made == [NOW, NOW + stays]


def test_everybody_gets_tokens_numbers_and_links_of_their_own(sign_in: SignIn, thread: Post) -> None:
    path = f"/questions/{thread.id}/{thread.slug}"
    people = [sign_in(name) for name in ("Bo", "Cy")]
    pages = [person.get(path).text for person in (*people, *people)]

    numbers = [re.findall(r'name="submission"[^>]* value="([^"]+)"', page) for page in pages]
    assert all(len(of_page) == 4 for of_page in numbers)
    assert len({number for of_page in numbers for number in of_page}) == 16
    tokens = [set(re.findall(r'name="csrf_token" value="([^"]+)"', page)) for page in pages]
    assert [len(of_page) for of_page in tokens] == [1] * 4
    links = [set(re.findall(r'href="/[qa]/\d+/(\d+)"', page)) for page in pages]
    assert links[0] == links[2] != links[1] == links[3]
    assert [len(of_page) for of_page in links] == [1] * 4
    for person, token, number in zip(people, tokens, numbers, strict=False):
        sent = {"csrf_token": token.pop(), "source": "I hear it three times.", "submission": number[0]}
        assert person.post(f"/posts/{thread.id}/comments", token=False, **sent).status_code == 303
    assert not any(parts.SIGN.search(page) for page in pages)


def test_macros_see_their_arguments_alone(app: Flask, project_dir: Path) -> None:
    named = {}
    for path in (project_dir / "templates" / "macros").glob("*.html"):
        macros = app.jinja_env.overlay().parse(path.read_text(encoding="utf-8"))
        own = {name.name for name in macros.find_all(nodes.Name) if name.ctx in {"store", "param"}}
        named[path.name] = meta.find_undeclared_variables(macros) - own - PURE

    assert {name: others for name, others in named.items() if others} == {}
