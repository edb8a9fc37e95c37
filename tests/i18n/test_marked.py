"""Every text for people can be translated: it is marked where it stands."""

import re
from pathlib import Path

import pytest
from jinja2 import Environment

from tests.i18n import unmarked_in_code, unmarked_in_templates
from tests.i18n.unmarked_in_templates import TEMPLATES

SCRIPTS = unmarked_in_code.ROOT / "forum" / "static" / "js"
# A sentence or a label in a script that is not the argument of gettext or ngettext.
_MARKED_IN_SCRIPTS = re.compile(r"n?gettext\((?:\s*(?:\"(?:[^\"\\]|\\.)*\"|'[^']*'),?)+")
_CLASSES = re.compile(r"className: \"[\w -]*\"")
_COMMENT = re.compile(r"^\s*//.*$|\s// .*$", re.MULTILINE)
_WORDS_IN_SCRIPTS = re.compile(r"[\"'`]((?:[A-Z][a-z]+|[a-z]+ [a-z]+)[^\"'`]* [^\"'`]*)[\"'`]")


@pytest.fixture(scope="module")
def environment() -> Environment:
    environment = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    environment.newstyle_gettext = True
    return environment


@pytest.fixture(scope="module")
def classes() -> set[str]:
    return unmarked_in_templates.style_classes()


@pytest.mark.parametrize(
    "path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: str(path.relative_to(TEMPLATES))
)
def test_templates_have_no_words_outside_of_the_catalogues(
    path: Path, environment: Environment, classes: set[str]
) -> None:
    found = unmarked_in_templates.unmarked(path.read_text(encoding="utf-8"), environment, classes)

    assert found == []


@pytest.mark.parametrize(
    "path",
    list(unmarked_in_code.modules()),
    ids=lambda path: str(path.relative_to(unmarked_in_code.ROOT)),
)
def test_code_has_no_words_outside_of_the_catalogues(path: Path) -> None:
    assert unmarked_in_code.unmarked(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", sorted(SCRIPTS.glob("*.js")), ids=lambda path: path.name)
def test_scripts_have_no_words_outside_of_the_catalogues(path: Path) -> None:
    source = _CLASSES.sub("", _COMMENT.sub("", path.read_text(encoding="utf-8")))

    assert _WORDS_IN_SCRIPTS.findall(_MARKED_IN_SCRIPTS.sub("", source)) == []


def test_what_is_not_marked_is_seen(environment: Environment) -> None:
    html = """<p title="Read me">{{ _("Marked") }} and <b>{{ name }}</b> wrote</p>
        {{ "Yes" if name else "No way" }}<code>not for people</code><i translate="no">Askwell</i>
        {% trans %}Marked, too{% endtrans %}<a class="{{ "button quiet" }}" href="/questions">{{ 1 }}</a>"""
    code = """raise Refused("no", f"You can’t {way} it")
x = "It is not so."
y = gettext("It is so.")
'''It is a docstring.'''"""

    seen = unmarked_in_templates.unmarked(html, environment, {"button", "quiet"})

    assert seen == ['title="Read me"', "\x00 and", "wrote", "'Yes'", "'No way'"]
    assert unmarked_in_code.unmarked(code) == [
        "1: 'You can’t  it'",
        "2: 'It is not so.'",
        "3: translated at import",
    ]
