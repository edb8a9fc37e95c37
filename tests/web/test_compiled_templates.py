"""Templates are compiled once for several starts, and anew after an update."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from jinja2 import Environment

from forum.core.settings import Settings
from forum.web import compiled_templates
from forum.web.translated_templates import TranslatedEnvironment


class _Site(Flask):
    jinja_environment = TranslatedEnvironment


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the templates that were compiled, in their order."""
    names: list[str] = []
    generate = Environment._generate

    def noted(self: Environment, source: Any, name: str, filename: str, **options: bool) -> object:
        names.append(name)
        return generate(self, source, name, filename, **options)

    monkeypatch.setattr(Environment, "_generate", noted)
    return names


def _page(folder: Path) -> str:
    app = _Site("site", template_folder=str(folder))
    compiled_templates.install(app, Settings(data_dir=folder))
    return app.jinja_env.get_template("page.html").render(name="Ada")


def test_a_template_is_compiled_at_the_first_start_only(tmp_path: Path, compiled: list[str]) -> None:
    (tmp_path / "page.html").write_text("Hello {{ name }}")

    assert [_page(tmp_path), _page(tmp_path)] == ["Hello Ada", "Hello Ada"]
    assert compiled == ["page.html"]


def test_a_template_that_was_changed_is_compiled_anew(tmp_path: Path, compiled: list[str]) -> None:
    (tmp_path / "page.html").write_text("Hello {{ name }}")
    _page(tmp_path)
    (tmp_path / "page.html").write_text("Good day {{ name }}")

    assert _page(tmp_path) == "Good day Ada"
    assert compiled == ["page.html", "page.html"]


def test_words_that_were_changed_are_compiled_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, compiled: list[str]
) -> None:
    (tmp_path / "page.html").write_text("Hello {{ name }}")
    _page(tmp_path)
    catalogues = tmp_path / "translations"
    catalogues.mkdir()
    (catalogues / "messages.mo").write_bytes(b"others")
    monkeypatch.setattr("forum.web.languages.CATALOGUES", catalogues)

    _page(tmp_path)

    assert compiled == ["page.html", "page.html"]


def test_nobody_else_may_write_what_is_run(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("Hello")
    _page(tmp_path)

    (folder,) = (tmp_path / "templates").iterdir()
    assert folder.stat().st_mode & 0o077 == 0
