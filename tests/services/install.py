"""Installs what some tests need and this machine lacks: a headless Chromium and PostgreSQL's server.

`make test` runs it. It asks nothing and never fails: it says which tests will be left out, and why.
"""

import functools
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.services import locate

INSTALL_SECONDS = 900
"""More than a slow mirror needs; after it the tests go on without the program."""

# Debian makes and starts a server at installation. The tests start their own, so this asks for none;
# the file is there during the installation only.
_NO_CLUSTER = Path("/etc/postgresql-common/createcluster.d/askwell-tests.conf")


def main() -> None:
    """Install what is missing, then tell which tests are left out."""
    if "TEST_DATABASE_URL" not in os.environ and locate.postgres_folder() is None:
        reason = _install_postgres()
        if locate.postgres_folder() is None:
            _say_left_out("postgres", "PostgreSQL's server", reason)
    if not _can_browse():
        reason = _install_chromium()
        if not _can_browse():
            _say_left_out("browser", "Chromium or Chrome", reason)


def _can_browse() -> bool:
    return locate.can_run_playwright() and locate.chromium() is not None


def _say_left_out(marker: str, program: str, reason: str) -> None:
    print(f"\nLEFT OUT: the tests marked {marker!r}, because {program} is missing here.\n  {reason}\n")


def _install_postgres() -> str:
    """Try to install the server; return what a person can do if that failed."""
    if platform.system() == "Darwin":
        return "To run them: brew install postgresql@17, or set TEST_DATABASE_URL to a server you have."
    if _become_root() is None or not shutil.which("apt-get"):
        return "To run them: sudo apt-get install postgresql, or set TEST_DATABASE_URL to a server you have."
    with _no_cluster_made():
        return _apt_install("postgresql")


def _install_chromium() -> str:
    """Try to install a browser; return what a person can do if that failed."""
    if not shutil.which("apt-get"):
        _playwright_install()
        return "To run them: install Chromium or Chrome."
    # Ubuntu's chromium only fetches a snap, which doesn't start in containers or as root.
    browser = () if _is_ubuntu() else ("chromium", "fonts-liberation")
    packages = ("libatomic1", *browser)
    if _become_root() is None:
        reason = f"To run them: sudo apt-get install {' '.join(packages)}."
    else:
        reason = _apt_install(*packages) or "To run them: install Chromium or Chrome."
    if locate.chromium() is None and locate.can_run_playwright():
        _playwright_install()
    return reason


def _apt_install(*packages: str) -> str:
    """Install Debian packages; return the end of what apt-get said if it failed twice."""
    print(f"Installing {' and '.join(packages)}, which some tests need. This is done once.", flush=True)
    _apt_update()
    for _attempt in range(2):
        answer = _apt_get("install", "-y", "--no-install-recommends", *packages)
        if answer.returncode == 0:
            return ""
    return "apt-get said: " + " ".join(answer.stderr.split()[-40:])


@functools.cache
def _apt_update() -> None:
    _apt_get("update")


def _apt_get(*arguments: str) -> subprocess.CompletedProcess[str]:
    quiet = ("env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-o", "DPkg::Lock::Timeout=120")
    return _run([*(_become_root() or ()), *quiet, *arguments])


@contextmanager
def _no_cluster_made() -> Iterator[None]:
    root = _become_root() or ()
    _run([*root, "mkdir", "-p", str(_NO_CLUSTER.parent)])
    _run([*root, "tee", str(_NO_CLUSTER)], text="create_main_cluster = false\n")
    try:
        yield
    finally:
        _run([*root, "rm", "-f", str(_NO_CLUSTER)])


def _playwright_install() -> None:
    print("Fetching a headless Chromium, which some tests need. This is done once.", flush=True)
    with_libraries = ["--with-deps"] if shutil.which("apt-get") and _become_root() is not None else []
    _run([sys.executable, "-m", "playwright", "install", "--only-shell", *with_libraries, "chromium"])


@functools.cache
def _become_root() -> tuple[str, ...] | None:
    """Return what to write before a command that root must run, or None if there is no way without asking."""
    if os.geteuid() == 0:
        return ()
    may_sudo = shutil.which("sudo") is not None and _run(["sudo", "-n", "true"]).returncode == 0
    return ("sudo", "-n") if may_sudo else None


def _is_ubuntu() -> bool:
    release = Path("/etc/os-release")
    return release.is_file() and "\nID=ubuntu\n" in f"\n{release.read_text()}"


def _run(command: Sequence[str], *, text: str = "") -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            command, input=text, capture_output=True, text=True, check=False, timeout=INSTALL_SECONDS
        )
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, 1, "", f"no answer within {INSTALL_SECONDS} seconds")


if __name__ == "__main__":
    main()
