"""What every template may name."""

from functools import lru_cache
from typing import Any

from flask import Flask, request, url_for

from forum.web import parts
from forum.web.choice_cookies import keys_on, theme
from forum.web.forms.posts import AnswerForm
from forum.web.languages import lazy_gettext
from forum.web.maintenance import is_closed
from forum.web.request_scope import viewer

CODE_LANGUAGES = (
    ("", lazy_gettext("No language")), ("bash", "Shell"), ("c", "C"), ("cpp", "C++"), ("csharp", "C#"),
    ("css", "CSS"),
    ("diff", "Diff"), ("docker", "Dockerfile"), ("go", "Go"), ("html", "HTML"), ("ini", "INI"),
    ("java", "Java"), ("javascript", "JavaScript"), ("json", "JSON"), ("kotlin", "Kotlin"), ("php", "PHP"),
    ("powershell", "PowerShell"), ("python", "Python"), ("ruby", "Ruby"), ("rust", "Rust"), ("sql", "SQL"),
    ("swift", "Swift"), ("typescript", "TypeScript"), ("xml", "XML"), ("yaml", "YAML"),
)  # fmt: skip
"""Languages that the editor offers for code; others can be written after the backticks."""


def install(app: Flask) -> None:
    """Let templates see who is looking, what the site is called, and which scripts the page needs."""
    app.context_processor(_context)
    app.jinja_env.policies["json.dumps_kwargs"] = {"separators": (",", ":"), "ensure_ascii": False}
    site = app.extensions["askwell"].settings
    app.jinja_env.globals.update(
        behaves=parts.behaves,
        behaviours_named=parts.behaviours_named,
        code_languages=CODE_LANGUAGES,
        csrf_token=parts.csrf_token,
        new_answer=AnswerForm.open,
        new_submission=parts.new_submission,
        open_registration=site.registration == "open",
        part=parts.part,
        site_address=site.address,
        site_name=site.site_name,
        url_for=_url_for,
        viewer_id=parts.viewer_id,
    )


def _url_for(endpoint: str, **values: Any) -> str:
    """Return an address as Flask does, which takes thirty times as long to build one anew."""
    return _addresses(request.script_root, endpoint, tuple(values.items()))


@lru_cache(maxsize=5_000)
def _addresses(_root: str, endpoint: str, values: tuple[tuple[str, Any], ...]) -> str:
    return url_for(endpoint, **dict(values))


def _context() -> dict[str, Any]:
    return {"theme": theme(), "keys_on": keys_on(), "viewer": viewer(), "is_closed": is_closed()}
