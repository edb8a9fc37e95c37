"""Styles and scripts, served by WhiteNoise at addresses that change with their content.

One fingerprint over all files stands in front of each path: `/static/5f0c…/js/main.js`. Modules import
each other by relative addresses, which a fingerprint in each file name would break.

What is served is made from forum/static at the first start of a version and kept in the data directory: all
style sheets joined into one, so that a page asks for one, and everything compressed beforehand.
"""

import hashlib
import shutil
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING
from wsgiref.headers import Headers

from flask import Flask
from markupsafe import Markup, escape
from whitenoise import WhiteNoise
from whitenoise.compress import Compressor

from forum.core.settings import Settings
from forum.web.middleware import put_before
from forum.web.safe_html import stored_html
from forum.web.security_headers import for_every_response

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

SOURCES = Path(__file__).resolve().parent.parent / "static"
STYLES = "css/site.css"
"""All style sheets in one file, where their relative addresses still hold."""

# These stand first, as others refine them; the others do not depend on each other's order.
_FIRST_SHEETS = ("tokens", "base", "layout", "forms", "components", "prose", "highlight")
_FINGERPRINT_LENGTH = 8


def install(app: Flask, settings: Settings) -> None:
    """Serve the static files before the app sees the request; templates name them by `static_url`."""
    folder = prepare(settings.data_dir)
    files = {
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.suffix not in {".gz", ".br"}
    }
    prefix = f"/static/{folder.name}/"

    def static_url(name: str) -> str:
        """Return the address of a static file; raise LookupError for one that does not exist."""
        if name not in files:
            raise LookupError(f"there is no static file {name}")
        return prefix + name

    @lru_cache
    def icon(name: str) -> Markup:
        """Return a sign from the sprite; text beside it or an aria-label says what it means."""
        address = f"{static_url('icons.svg')}#{escape(name)}"
        return stored_html(f'<svg class="icon" aria-hidden="true"><use href="{address}"/></svg>')

    app.jinja_env.globals.update(static_url=static_url, icon=icon)

    def before(inner: "WSGIApplication") -> WhiteNoise:
        noise = WhiteNoise(
            inner,
            immutable_file_test=lambda _path, _url: True,
            add_headers_function=lambda headers, _path, _url: _add(headers, for_every_response(settings)),
            allow_all_origins=False,
        )
        noise.add_files(str(folder), prefix=prefix)
        return noise

    put_before(app, before)


def prepare(data_dir: Path) -> Path:
    """Return the folder with the files as they are served; make it if this version has not yet.

    Processes that start at the same moment each make one, and the first to be ready is kept.
    """
    sources = {path.relative_to(SOURCES): path for path in sorted(SOURCES.rglob("*")) if path.is_file()}
    folder = data_dir / "static" / _fingerprint(sources)
    if folder.is_dir():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    new = Path(mkdtemp(prefix="new-", dir=folder.parent))
    _fill(new, sources)
    try:
        new.rename(folder)
    except OSError:
        shutil.rmtree(new)
        if not folder.is_dir():
            raise
    return folder


def _fill(folder: Path, sources: Mapping[Path, Path]) -> None:
    folder.chmod(0o755)
    for name, path in sources.items():
        if name.suffix != ".css" or name.parts[0] != "css":
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, folder / name)
    (folder / STYLES).parent.mkdir(exist_ok=True)
    (folder / STYLES).write_text(_joined_sheets(), encoding="utf-8")
    compressor = Compressor(quiet=True)
    for path in [path for path in folder.rglob("*") if path.is_file()]:
        if compressor.should_compress(path.name):
            compressor.compress(str(path))


def _joined_sheets() -> str:
    sheets = {path.stem: path for path in sorted((SOURCES / "css").glob("*.css"))}
    order = [*_FIRST_SHEETS, *(name for name in sheets if name not in _FIRST_SHEETS)]
    return "".join(sheets[name].read_text(encoding="utf-8") for name in order)


def _add(headers: Headers, more: Mapping[str, str]) -> None:
    for name, value in more.items():
        headers[name] = value


def _fingerprint(files: Mapping[Path, Path]) -> str:
    digest = hashlib.sha256()
    for name, path in files.items():
        digest.update(name.as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:_FINGERPRINT_LENGTH]
