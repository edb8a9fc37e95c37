"""Habits that keep the code readable and that no linter knows. Each exception is listed with its reason."""

import ast
import re
import sys
from collections.abc import Collection
from pathlib import PurePosixPath

import pytest

from tests.architecture.sources import Source, program, python_files, templates

COMMITS = {
    "forum/core/db.py": "the one place that ends a transaction",
    "forum/core/sqlite_writers.py": "the connection that does it there",
    "forum/core/postgres_connection.py": "the connection that does it there, too",
}
CLOCKS = {
    "forum/core/clock.py": "it is the clock",
    "forum/core/rate_limits.py": "a limit must hold by the machine's clock, frozen or not",
}
STORED_HTML_TEMPLATES = {
    "templates/macros/posts.html": "questions and answers",
    "templates/macros/comments.html": "comments",
    "templates/help/formatting.html": "the examples of the manual, which are ours",
    "templates/macros/writing.html": "the preview of what is being written",
    "templates/posts/_preview.html": "the same, as a fragment",
    "templates/tags/show.html": "the description of a tag",
    "templates/users/_summary.html": "what people write about themselves",
}
MARKUP_MODULES = {
    "forum/web/safe_html.py": "it is the one door for HTML that is sanitised or ours",
}
MOST_SUPPRESSIONS = 9

EMPTY_NAMES = {"common", "helper", "helpers", "manager", "managers", "misc", "util", "utils"}
WALL_CLOCKS = {
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "datetime.datetime.now",
    "datetime.datetime.utcnow",
    "date.today",
    "datetime.date.today",
    "time.time",
    "time.time_ns",
}
DANGEROUS_CALLS = {"eval", "exec", "pickle.load", "pickle.loads", "marshal.loads", "yaml.load", "os.system"}
PURE_MODULE = re.compile(r"forum/\w+/(rules|events)(\.py|/.*)")
# What a rule says is in the language of whoever is spoken to. The last is a table of letters as a function.
PURE_IMPORT = re.compile(
    r"forum\.core\.(errors|clock|i18n|markup\.(mentions|image_names))|forum\.\w+\.(rules|events)(\.\w+)?|anyascii"
)
SUPPRESSION = re.compile(r"#\s*(noqa|type:\s*ignore|pragma:\s*no cover|nosec|mypy:|ruff:)(.*)")
REASON = re.compile(r"(?: --? | # )\s*\S+ \S+ \S+")


def test_only_the_database_module_commits() -> None:
    found = [
        source.at(call)
        for source in program()
        # The engines end the transactions of their index, which are none of the database's.
        if source.path not in COMMITS and not source.path.startswith("forum/search/engines/")
        for name, call in source.calls()
        if name.endswith(".commit")
    ]

    assert found == [], "end transactions by forum.core.db.Database.transaction"


def test_entry_points_hold_no_queries() -> None:
    found = [
        source.at(call)
        for source in program()
        if source.path.startswith(("forum/web/", "forum/cli/")) or source.path == "forum/app.py"
        for name, call in source.calls()
        if name in {"select", "insert", "update", "delete", "text"} or name.endswith(".execute")
    ]

    assert found == [], "read through pages and queries, write through actions"


def test_rules_and_events_import_nothing_that_could_do_something() -> None:
    found = [
        f"{source.path} imports {name}"
        for source in program()
        if PURE_MODULE.fullmatch(source.path)
        for name in source.imports()
        if name.partition(".")[0] not in sys.stdlib_module_names and not PURE_IMPORT.fullmatch(name)
    ]

    assert found == [], "rules and events take values and return values"


def test_only_the_clock_reads_the_time() -> None:
    found = [
        source.at(call)
        for source in program()
        if source.path not in CLOCKS
        for name, call in source.calls()
        if name in WALL_CLOCKS
    ]

    assert found == [], "take the time from forum.core.clock.now"


def test_no_module_has_an_empty_name() -> None:
    paths = [PurePosixPath(source.path) for source in program()]
    found = [str(path) for path in paths if EMPTY_NAMES & {path.stem, *path.parts}]

    assert found == [], "name a module after what it holds"


def test_imports_are_at_the_top_of_the_file_or_say_why_not() -> None:
    found = [
        source.at(node)
        for source in program()
        for function in source.functions()
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom) and not _has_comment(source, node.lineno)
    ]

    assert found == [], "move the import to the top, or write its reason in the line or above it"


def test_suppressions_are_few() -> None:
    found = [where for where, _comment in _suppressions()]

    assert len(found) <= MOST_SUPPRESSIONS, f"mend the cause instead: {found}"


def test_each_suppression_has_its_reason() -> None:
    found = [where for where, comment in _suppressions() if not REASON.search(comment)]

    assert found == [], "write the reason behind the suppression: # noqa: S608 - the names are our own"


def test_no_template_switches_escaping_off() -> None:
    found = _lines_of_templates(re.compile(r"\|\s*safe\b|autoescape\s+false"))

    assert found == [], "print HTML that forum.core.markup made through the filter stored_html"


def test_only_named_templates_print_stored_html() -> None:
    found = _lines_of_templates(re.compile(r"\bstored_html\b"), except_in=STORED_HTML_TEMPLATES)

    assert found == [], "list the template and what it shows, once it is sure that forum.core.markup made it"


def test_only_named_modules_declare_html_safe() -> None:
    found = [
        source.at(call)
        for source in program()
        if source.path not in MARKUP_MODULES
        for name, call in source.calls()
        if name in {"Markup", "markupsafe.Markup", "flask.Markup"}
    ]

    assert found == [], "let a template build the HTML, which escapes by itself"


def test_nothing_runs_foreign_text_as_code() -> None:
    found = [
        source.at(call) for source in program() for name, call in source.calls() if name in DANGEROUS_CALLS
    ]

    assert found == []


@pytest.mark.parametrize(
    ("exceptions", "known"),
    [
        (COMMITS, {source.path for source in program()}),
        (CLOCKS, {source.path for source in program()}),
        (MARKUP_MODULES, {source.path for source in program()}),
        (STORED_HTML_TEMPLATES, set(templates())),
    ],
    ids=["commits", "clocks", "markup", "stored HTML"],
)
def test_each_exception_still_exists(exceptions: dict[str, str], known: set[str]) -> None:
    assert set(exceptions) <= known


def _lines_of_templates(pattern: re.Pattern[str], *, except_in: Collection[str] = ()) -> list[str]:
    return [
        f"{path}:{number}"
        for path, text in templates().items()
        if path not in except_in
        for number, line in enumerate(text.splitlines(), start=1)
        if pattern.search(line)
    ]


def _suppressions() -> list[tuple[str, str]]:
    return [
        (f"{source.path}:{line}", comment)
        for source in python_files("forum", "migrations", "bench", "tools", "tests")
        for line, comment in source.comments()
        if SUPPRESSION.match(comment)
    ]


def _has_comment(source: Source, line: int) -> bool:
    nearby = {number for number, _comment in source.comments()}
    return bool(nearby & {line - 1, line})
