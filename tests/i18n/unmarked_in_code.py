"""Finds what people read in the code outside of the catalogues."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

MARKS = {"gettext", "ngettext", "pgettext", "marked", "lazy_gettext"}
_LATER = {"marked", "lazy_gettext"}
SPOKEN = {
    "Refused",
    "Invalid",
    "NotFound",
    "Conflict",
    "TooMany",
    "flash",
    "ValidationError",
    "StopValidation",
    *("abort", "_fragment", "_page", "_plain_page", "_saying", "_sign_in_page"),
    *("TextLine", "TextBlock", "Secret", "BooleanField", "HiddenField", "ImageFile", "_text"),
    *("Choice", "Facet", "Feed", "Layer", "SharingBadge", "Topic"),
}
"""What is called with words for people."""
# What only administrators read, on the command line and in logs, is English.
ENGLISH = (
    "forum/benchmark",
    "forum/checks",
    "forum/cli",
    "forum/demo",
    "forum/importers",
    # What engines say of an index is shown to administrators only; it is marked there.
    "forum/search/engines",
    "forum/worker",
    "forum/web/metrics.py",
    "forum/wiring.py",
    "forum/core/settings.py",
    "forum/core/db.py",
    "forum/core/schema.py",
    "forum/core/migrating.py",
    "forum/core/logs.py",
    "forum/core/maintenance.py",
)
_LOGGED = {"debug", "info", "warning", "error", "exception"}
_DEFECTS = re.compile(r"(Error|Exception|Misconfigured|Unavailable|Warning)$")
_FILLED_IN = "{}"
_SENTENCE = re.compile(r"^[“\"]?[A-Z][^_]*[a-z][^_]* .*[.!?…:”]$", re.DOTALL)
_WORDS = re.compile(r"[A-Za-z]{2,} [A-Za-z]{2,}|^[A-Z][a-z]+")


def modules() -> Iterator[Path]:
    """Yield the modules that speak to people by pages."""
    for path in sorted((ROOT / "forum").rglob("*.py")):
        if not path.relative_to(ROOT).as_posix().startswith(ENGLISH):
            yield path


def unmarked(source: str) -> list[str]:
    """Return the texts of a module that look like words for people and that no catalogue can have.

    Words translated while the module is imported are among them: they would stay English for everybody.
    """
    return list(_walk(ast.parse(source), is_spoken=False, is_running=False))


def _walk(node: ast.AST, *, is_spoken: bool, is_running: bool) -> Iterator[str]:
    if isinstance(node, ast.Call):
        name = _name(node.func)
        if name in MARKS:
            if not is_running and name not in _LATER:
                yield f"{node.lineno}: translated at import"
            for keyword in node.keywords:
                yield from _walk(keyword, is_spoken=False, is_running=is_running)
            return
        if name not in SPOKEN and (name in _LOGGED or _DEFECTS.search(name)):
            return
        is_spoken = name in SPOKEN
    if isinstance(node, ast.JoinedStr):
        yield from (f"{lost.lineno}: gathered from no f-string" for lost in _marks_in(node))
    text = _text(node)
    if text is not None:
        if _is_for_people(text, is_spoken=is_spoken):
            yield f"{node.lineno}: {text!r}"
        return
    is_running = is_running or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
    for child in _read_by_people(node):
        yield from _walk(child, is_spoken=is_spoken, is_running=is_running)


def _marks_in(node: ast.JoinedStr) -> Iterator[ast.Call]:
    """Yield the marked texts inside, which Babel overlooks up to Python 3.11."""
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and _name(call.func) in MARKS and _text(call.args[0]) is not None:
            yield call


def _is_for_people(text: str, *, is_spoken: bool) -> bool:
    """Tell whether a text is a sentence, or holds any words where people are spoken to."""
    if is_spoken:
        return _WORDS.search(text.replace(_FILLED_IN, "")) is not None
    # A sentence may begin with what is filled in.
    return _SENTENCE.search(text.replace(_FILLED_IN, "A")) is not None


def _text(node: ast.AST) -> str | None:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        parts = (part.value if isinstance(part, ast.Constant) else _FILLED_IN for part in node.values)
        return "".join(map(str, parts))
    return None


def _read_by_people(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the children of a node but for docstrings and the codes by which programs know refusals."""
    is_refusal = isinstance(node, ast.Call) and _name(node.func) == "Refused"
    code = node.args[0] if is_refusal and node.args else None
    for child in ast.iter_child_nodes(node):
        if child is code or (isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant)):
            continue
        yield child


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
