"""Templates as Python has compiled them, kept in the data directory so that the next start need compile none.

Jinja keeps each by its name and file, which name its language, and by its source. What else is compiled into
it decides the name of the folder: the words of the languages, and the code that puts them in.
"""

import hashlib
from importlib.metadata import version
from pathlib import Path

from flask import Flask
from jinja2 import FileSystemBytecodeCache

from forum.core.settings import Settings
from forum.web import languages, translated_templates, unindented_templates

_FINGERPRINT_LENGTH = 16


def install(app: Flask, settings: Settings) -> None:
    """Keep compiled templates; nobody else may write there, as what is read is run."""
    folder = settings.data_dir / "templates" / _fingerprint()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(folder), "%s")


def _fingerprint() -> str:
    digest = hashlib.sha256(version("jinja2").encode())
    code = [Path(file) for file in (translated_templates.__file__, unindented_templates.__file__)]
    for path in (*code, *sorted(languages.CATALOGUES.rglob("*.*o"))):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:_FINGERPRINT_LENGTH]
