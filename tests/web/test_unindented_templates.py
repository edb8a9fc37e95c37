"""Pages are sent without the indentation of their templates, and say what they said."""

import re
from pathlib import Path

import pytest
from jinja2 import DictLoader

from tests.web.conftest import MakeApp

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
_AS_WRITTEN = re.compile(r"<(pre|textarea)\b.*?</\1>", re.DOTALL)


@pytest.mark.parametrize(
    ("source", "page"),
    [
        ("<ul>\n    <li>\n\n        one\n    </li>\n</ul>", "<ul>\n<li>\none\n</li>\n</ul>"),
        ("{% if 1 %}\n  <b>a</b>\n  {% endif %}\n  <i>b</i>", "\n<b>a</b>\n\n<i>b</i>"),
        ("<b>one</b> <i>two</i>", "<b>one</b> <i>two</i>"),
        ("<pre>{{ text }}</pre>", "<pre>def f():\n    return 1</pre>"),
        ('<p>{{ "a\n  b" }}</p>', "<p>a\n  b</p>"),
    ],
)
def test_only_the_blanks_of_the_template_itself_go(make_app: MakeApp, source: str, page: str) -> None:
    app = make_app()
    app.jinja_env.loader = DictLoader({"page.html": source})

    with app.test_request_context():
        made = app.jinja_env.get_template("page.html").render(text="def f():\n    return 1")

    assert made == page


def test_no_template_indents_what_is_shown_as_it_is_written() -> None:
    blocks = [
        (path.name, block[0])
        for path in TEMPLATES.rglob("*.html")
        for block in _AS_WRITTEN.finditer(path.read_text(encoding="utf-8"))
    ]

    assert len(blocks) > 5
    assert [(name, block) for name, block in blocks if re.search(r"[ \t\n]{2,}", block)] == []
