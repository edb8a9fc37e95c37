"""Starts and stops a throw-away PostgreSQL server.

It listens on a socket in its own folder only, which nobody but the user it runs as may open, and gives
up all safety against a power cut.
"""

import os
import pwd
import shlex
import subprocess
import sys
from pathlib import Path

from sqlalchemy.engine import URL

_SETTINGS = {
    "autovacuum": "off",
    "fsync": "off",
    "full_page_writes": "off",
    "listen_addresses": "",
    "max_connections": "200",
    "max_wal_senders": "0",
    "shared_buffers": "64MB",
    "synchronous_commit": "off",
    "wal_level": "minimal",
}


def start(folder: Path, *, programs: Path) -> URL:
    """Make a new server in an empty folder and return the address of its first database."""
    user = _unprivileged_user()
    if user is not None:
        os.chown(folder, user.pw_uid, user.pw_gid)
    # Sorting and lower-casing as on a site that knows more than ASCII.
    locale = "C.UTF-8" if sys.platform == "linux" else "en_US.UTF-8"
    cluster = ["--pgdata", str(folder / "cluster"), "--username=postgres", "--auth=trust"]
    _run([programs / "initdb", *cluster, "--encoding=UTF8", f"--locale={locale}", "--no-sync"], folder)
    settings = {**_SETTINGS, "unix_socket_directories": str(folder)}
    options = " ".join(f"-c {name}={shlex.quote(value)}" for name, value in settings.items())
    _run([*_control(folder, programs), "-w", "-l", folder / "log", "-o", options, "start"], folder)
    return URL.create(
        "postgresql+psycopg", username="postgres", database="postgres", query={"host": str(folder)}
    )


def stop(folder: Path, *, programs: Path) -> None:
    """Stop the server of the folder, cutting off whoever still talks to it."""
    _run([*_control(folder, programs), "-m", "immediate", "stop"], folder)


def _control(folder: Path, programs: Path) -> list[str | Path]:
    return [programs / "pg_ctl", "--silent", "--pgdata", folder / "cluster"]


def _run(command: list[str | Path], folder: Path) -> None:
    user = _unprivileged_user()
    answer = subprocess.run(
        command,
        cwd=folder,
        user=user and user.pw_uid,
        group=user and user.pw_gid,
        extra_groups=user and [],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if answer.returncode != 0:
        raise RuntimeError(f"{Path(command[0]).name} failed: {answer.stderr.strip()}")


def _unprivileged_user() -> pwd.struct_passwd | None:
    """Return whom the server runs as when we are root, for whom PostgreSQL refuses to run."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")
