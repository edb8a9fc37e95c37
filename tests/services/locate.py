"""Where this machine keeps the programs that some tests need."""

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

# Where packagers put PostgreSQL's server programs without linking them onto the path. The newest wins.
_POSTGRES_FOLDERS = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
)
_BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
# Where playwright keeps the browsers that it installs, on Linux and on macOS.
_PLAYWRIGHT_FOLDERS = ("~/.cache/ms-playwright", "~/Library/Caches/ms-playwright")
_PLAYWRIGHT_BROWSERS = (
    "chromium_headless_shell-*/*/headless_shell",
    "chromium_headless_shell-*/*/chrome-headless-shell",
)


def postgres_folder() -> Path | None:
    """Return the folder that holds PostgreSQL's `initdb` and `pg_ctl`, or None."""
    return next((folder for folder in _postgres_folders() if _holds_server(folder)), None)


def chromium() -> Path | None:
    """Return a Chromium or Chrome that can run headless, or None."""
    found = (shutil.which(name) for name in _BROWSERS)
    usable = (Path(path) for path in found if path and not _is_snap_stub(Path(path)))
    return next(usable, None) or _playwright_chromium()


def can_run_playwright() -> bool:
    """Tell whether the library is here that playwright's driver needs and small Linux systems lack."""
    if sys.platform != "linux":
        return True
    try:
        ctypes.CDLL("libatomic.so.1")
    except OSError:
        return False
    return True


def _postgres_folders() -> Iterator[Path]:
    if on_path := shutil.which("pg_ctl"):
        yield Path(on_path).resolve().parent
    for pattern in _POSTGRES_FOLDERS:
        yield from sorted(Path("/").glob(pattern.removeprefix("/")), key=_version, reverse=True)
    if pg_config := shutil.which("pg_config"):
        answer = subprocess.run([pg_config, "--bindir"], capture_output=True, text=True, check=False)
        yield Path(answer.stdout.strip())


def _version(folder: Path) -> int:
    """Return the number in a folder such as postgresql/15/bin or postgresql@17/bin."""
    digits = "".join(filter(str.isdigit, folder.parent.name.partition(".")[0]))
    return int(digits or 0)


def _holds_server(folder: Path) -> bool:
    return all(os.access(folder / program, os.X_OK) for program in ("initdb", "pg_ctl", "postgres"))


def _is_snap_stub(path: Path) -> bool:
    """Tell whether this is Ubuntu's script that only asks for a snap to be installed."""
    with path.open("rb") as program:
        start = program.read(4096)
    return start.startswith(b"#!") and b"snap" in start


def _playwright_chromium() -> Path | None:
    own = os.environ.get("PLAYWRIGHT_BROWSERS_PATH")
    for folder in [own] if own else _PLAYWRIGHT_FOLDERS:
        for pattern in _PLAYWRIGHT_BROWSERS:
            found = sorted(Path(folder).expanduser().glob(pattern))
            if found:
                return found[-1]
    return None
