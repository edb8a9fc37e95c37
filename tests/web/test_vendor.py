"""Scripts of others that the pages carry: unchanged, named with their licences, and none besides."""

import hashlib
import tomllib
from pathlib import Path

import pytest

from forum.web.static_files import SOURCES

VENDOR = SOURCES / "vendor"
NAMED = tomllib.loads((VENDOR / "vendor.toml").read_text("utf-8"))["script"]


@pytest.mark.parametrize("script", NAMED, ids=lambda script: script["name"])
def test_a_script_of_others_is_the_one_that_was_published(script: dict[str, str]) -> None:
    path = VENDOR / script["file"]
    assert hashlib.sha512(path.read_bytes()).hexdigest() == script["sha512"]
    assert script["file"].startswith(f"{script['name']}-{script['version']}/")
    assert (path.parent / "LICENSE").read_text("utf-8").strip()


def test_no_script_of_others_is_there_without_being_named() -> None:
    found = {path.relative_to(VENDOR).as_posix() for path in VENDOR.rglob("*.js")}
    assert found == {script["file"] for script in NAMED}


def test_the_script_of_others_that_pages_name_is_there(project_dir: Path) -> None:
    named = {
        line.partition("'vendor/")[2].partition("'")[0]
        for path in (project_dir / "templates").rglob("*.html")
        for line in path.read_text("utf-8").splitlines()
        if "'vendor/" in line
    }
    assert named
    assert named <= {script["file"] for script in NAMED}
