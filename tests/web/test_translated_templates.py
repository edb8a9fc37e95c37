"""Templates in the language of their reader, with the words looked up when they are compiled."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages import Catalog
from babel.messages.mofile import write_mo
from flask import Flask
from jinja2 import DictLoader, FileSystemBytecodeCache

from forum.web import languages
from tests.web.browser import Browser
from tests.web.conftest import MakeApp

TEMPLATES = {
    "words.html": '{{ _("Save") }}|{{ pgettext("verb", "Answer") }}|{{ _("100 %%") }}|{{ _("<b>bold</b>") }}',
    "filled.html": "{% trans name=name, count=count %}{{ name }} has <i>{{ count }}</i>{% endtrans %}",
    "counted.html": '{% for n in counts %}{{ ngettext("%(num)s vote", "%(num)s votes", n) }}|{% endfor %}',
    "attribute.html": '<a title="{{ _("Save") }}">{{ _("Save") if count else _("Empty") }}</a>',
    "macros.html": '{% set word = _("Save") %}{% macro saved() %}{{ word }}{{ _("Save") }}{% endmacro %}',
    "importing.html": '{% from "macros.html" import saved %}{{ saved() }}',
    "extending.html": '{% extends "base.html" %}{% block main %}{{ _("Save") }}{% endblock %}',
    "base.html": '<p>{{ _("Save") }}</p>{% block main %}{% endblock %}',
    "unknown.html": '{{ _("Nobody has translated %(this)s", this=name) }}',
}
ARABIC = {
    (None, "Save"): "احفظ",
    (None, "Empty"): "فارغ",
    ("verb", "Answer"): "أجب",
    (None, "100 %%"): "%% 100",
    (None, "<b>bold</b>"): "<b>عريض</b>",
    (None, "%(name)s has <i>%(count)s</i>"): "لدى %(name)s عدد <i>%(count)s</i>",
    (None, ("%(num)s vote", "%(num)s votes")): (
        "لا صوت",
        "صوت",
        "صوتان",
        "%(num)s أصوات",
        "%(num)s صوتًا",
        "%(num)s صوت",
    ),
}


COUNTED = "لا صوت|صوت|صوتان|5 أصوات|11 صوتًا|1,100 صوت|"


@pytest.fixture
def app(make_app: MakeApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """An application with templates and with a catalogue of its own."""
    catalogue = Catalog(locale="ar")
    for (context, message), translation in ARABIC.items():
        catalogue.add(message, translation, context=context)
    (folder := tmp_path / "ar" / "LC_MESSAGES").mkdir(parents=True)
    with (folder / "messages.mo").open("wb") as file:
        write_mo(file, catalogue)
    monkeypatch.setattr(languages, "CATALOGUES", tmp_path)
    languages._translations.cache_clear()
    app = make_app()
    app.jinja_env.loader = DictLoader(TEMPLATES)
    # Kept by the names of files, of which templates of a dictionary have none.
    app.jinja_env.bytecode_cache = None
    yield app
    languages._translations.cache_clear()


def shown(app: Flask, template: str, language: str, **values: object) -> str:
    with app.test_request_context("/", headers={"Accept-Language": language}):
        return app.jinja_env.get_template(template).render(values)


@pytest.mark.parametrize(
    ("name", "english", "arabic"),
    [
        ("words.html", "Save|Answer|100 %|<b>bold</b>", "احفظ|أجب|% 100|<b>عريض</b>"),
        ("filled.html", "&lt;b&gt; has <i>12,345</i>", "لدى &lt;b&gt; عدد <i>12,345</i>"),
        ("counted.html", "0 votes|1 vote|2 votes|5 votes|11 votes|1,100 votes|", COUNTED),
        ("attribute.html", '<a title="Save">Save</a>', '<a title="احفظ">احفظ</a>'),
        ("importing.html", "SaveSave", "احفظاحفظ"),
        ("extending.html", "<p>Save</p>Save", "<p>احفظ</p>احفظ"),
        ("unknown.html", "Nobody has translated &lt;b&gt;", "Nobody has translated &lt;b&gt;"),
    ],
)  # fmt: skip
def test_each_reader_gets_the_words_of_their_language(
    app: Flask, name: str, english: str, arabic: str
) -> None:
    values = {"name": "<b>", "count": 12_345, "counts": (0, 1, 2, 5, 11, 1100)}

    for _ in range(2):
        assert shown(app, name, "en", **values) == english
        assert shown(app, name, "ar", **values) == arabic


def test_constant_words_cost_nothing_when_a_page_is_made(app: Flask) -> None:
    source = TEMPLATES["words.html"] + TEMPLATES["attribute.html"]

    compiled = app.jinja_env.compile(source, raw=True)

    assert "Save|Answer|100 %|<b>bold</b>" in compiled
    assert "gettext" not in compiled


def test_templates_kept_on_disk_are_kept_for_each_language(make_app: MakeApp, tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    texts = []
    for language in ("de", "en", "de"):
        app = make_app()
        app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(tmp_path / "kept"))
        texts.append(Browser(app).get("/help", headers={"Accept-Language": language}).text)

    assert texts[0] == texts[2] != texts[1]
    assert "How to ask" in texts[1]
    assert "How to ask" not in texts[0]
