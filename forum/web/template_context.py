"""What every template may name."""

from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from flask import Flask, current_app, request, url_for

from forum.web import parts
from forum.web.choice_cookies import keys_on, theme
from forum.web.filters import UNQUOTED
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
def _addresses(root: str, endpoint: str, values: tuple[tuple[str, Any], ...]) -> str:
    named = _named_in_path(endpoint)
    query = [(name, value) for name, value in values if name not in named and value is not None]
    is_plain = all(type(value) in {str, int} and not name.startswith("_") for name, value in query)
    if not query or not is_plain:
        return url_for(endpoint, **dict(values))
    # Most addresses differ by that alone: a page of results has a dozen that nobody has seen before.
    path = _addresses(root, endpoint, tuple([pair for pair in values if pair[0] in named]))
    return f"{path}?{urlencode(query, safe=UNQUOTED)}"


@lru_cache
def _named_in_path(endpoint: str) -> frozenset[str]:
    """Return the values of an endpoint that stand in the path; any others are arguments behind it."""
    return frozenset(name for rule in current_app.url_map.iter_rules(endpoint) for name in rule.arguments)


def _context() -> dict[str, Any]:
    return {"theme": theme(), "keys_on": keys_on(), "viewer": viewer(), "is_closed": is_closed()}
