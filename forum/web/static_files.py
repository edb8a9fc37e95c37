"""Styles and scripts, served by WhiteNoise at addresses that change with their content.

One fingerprint over all files stands in front of each path: `/static/5f0c…/js/main.js`. Modules import
each other by relative addresses, which a fingerprint in each file name would break.
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from wsgiref.headers import Headers

from flask import Flask
from whitenoise import WhiteNoise

from forum.core.settings import Settings
from forum.web.security_headers import for_every_response

FOLDER = Path(__file__).resolve().parent.parent / "static"


def install(app: Flask, settings: Settings) -> None:
    """Serve the static files before the app sees the request; templates name them by `static_url`."""
    files = {
        path.relative_to(FOLDER).as_posix(): path for path in sorted(FOLDER.rglob("*")) if path.is_file()
    }
    prefix = f"/static/{_fingerprint(files)}/"

    def static_url(name: str) -> str:
        """Return the address of a static file; raise LookupError for one that does not exist."""
        if name not in files:
            raise LookupError(f"there is no static file {name}")
        return prefix + name

    app.jinja_env.globals["static_url"] = static_url
    noise = WhiteNoise(
        app.wsgi_app,
        immutable_file_test=lambda _path, _url: True,
        add_headers_function=lambda headers, _path, _url: _add(headers, for_every_response(settings)),
        allow_all_origins=False,
    )
    noise.add_files(str(FOLDER), prefix=prefix)
    app.wsgi_app = noise  # type: ignore[method-assign]  # the way Flask's manual adds middleware


def _add(headers: Headers, more: Mapping[str, str]) -> None:
    for name, value in more.items():
        headers[name] = value


def _fingerprint(files: dict[str, Path]) -> str:
    digest = hashlib.sha256()
    for name, path in files.items():
        digest.update(name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]
