"""The program's own source files, read and parsed once."""

import ast
import functools
import io
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Source:
    """One Python file; `path` is relative to the checkout."""

    path: str
    text: str
    tree: ast.Module

    def at(self, node: ast.stmt | ast.expr) -> str:
        """Return where the node is, as an editor understands it."""
        return f"{self.path}:{node.lineno}"

    def calls(self) -> Iterator[tuple[str, ast.Call]]:
        """Yield each call with what is called, such as "session.commit" or "select"."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call):
                yield ast.unparse(node.func), node

    def imports(self) -> Iterator[str]:
        """Yield the name of each module that is imported."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield node.module

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        """Yield each function and method."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node

    def comments(self) -> Iterator[tuple[int, str]]:
        """Yield each comment with the number of its line."""
        for token in tokenize.generate_tokens(io.StringIO(self.text).readline):
            if token.type == tokenize.COMMENT:
                yield token.start[0], token.string


@functools.cache
def program() -> tuple[Source, ...]:
    """Return all Python files of the package."""
    return python_files("forum")


@functools.cache
def python_files(*folders: str) -> tuple[Source, ...]:
    """Return all Python files below folders of the checkout; those that don't exist hold none."""
    paths = sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return tuple(_read(path) for path in paths)


@functools.cache
def templates() -> dict[str, str]:
    """Return the text of each template by its path in the checkout."""
    return _texts(ROOT / "templates", "*")


@functools.cache
def scripts() -> dict[str, str]:
    """Return the text of each JavaScript file of ours by its path in the checkout."""
    return _texts(ROOT / "forum" / "static" / "js", "*.js")


def _texts(folder: Path, pattern: str) -> dict[str, str]:
    paths = sorted(path for path in folder.rglob(pattern) if path.is_file())
    return {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in paths}


def _read(path: Path) -> Source:
    text = path.read_text(encoding="utf-8")
    return Source(path.relative_to(ROOT).as_posix(), text, ast.parse(text))
