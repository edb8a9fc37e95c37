"""No file or function outgrows what a reader can hold. The aim is far lower: see CONTRIBUTING.md."""

import ast
from collections.abc import Mapping

from tests.architecture.sources import Source, program, python_files, scripts, templates

MODULE_LINES = 400
FUNCTION_LINES = 60
VIEW_LINES = 30
TEMPLATE_LINES = 200
SCRIPT_LINES = 150

# What may be longer, as "path" or "path:function", with the reason.
LONGER: dict[str, str] = {}


def test_modules_are_short() -> None:
    texts = {source.path: source.text for source in python_files("forum", "bench", "tests")}

    assert _too_long(texts, MODULE_LINES) == [], f"split modules of more than {MODULE_LINES} lines by meaning"


def test_templates_are_short() -> None:
    assert _too_long(templates(), TEMPLATE_LINES) == [], f"a template has at most {TEMPLATE_LINES} lines"


def test_scripts_are_short() -> None:
    assert _too_long(scripts(), SCRIPT_LINES) == [], f"a script has at most {SCRIPT_LINES} lines"


def test_functions_are_short() -> None:
    found = [name for source in program() for name in _long_functions(source, FUNCTION_LINES)]

    assert found == [], f"split functions of more than {FUNCTION_LINES} lines"


def test_views_are_short() -> None:
    views = (source for source in program() if source.path.startswith("forum/web/"))
    found = [name for source in views for name in _long_functions(source, VIEW_LINES, only_views=True)]

    assert found == [], f"a view of more than {VIEW_LINES} lines does what pages or actions should"


def _too_long(texts: Mapping[str, str], most: int) -> list[str]:
    lengths = {path: len(text.splitlines()) for path, text in texts.items() if path not in LONGER}
    return [f"{path}: {length} lines" for path, length in lengths.items() if length > most]


def _long_functions(source: Source, most: int, *, only_views: bool = False) -> list[str]:
    found = []
    for function in source.functions():
        name = f"{source.path}:{function.name}"
        lines = (function.end_lineno or function.lineno) - function.lineno + 1
        if lines > most and name not in LONGER and (not only_views or _is_view(function)):
            found.append(f"{name}: {lines} lines")
    return found


def _is_view(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Tell whether the function is registered by `@blueprint.get(...)` and the like."""
    routing = (".get", ".post", ".route", ".put", ".delete")
    calls = (decorator for decorator in function.decorator_list if isinstance(decorator, ast.Call))
    return any(ast.unparse(call.func).endswith(routing) for call in calls)
