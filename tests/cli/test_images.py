"""askwell images clean"""

from datetime import timedelta
from pathlib import Path

import pytest

from forum.core import clock
from forum.core.db import Database
from forum.images import encoding
from forum.images.storage import Folder
from tests.cli.conftest import Run
from tests.factories import make_user
from tests.images.pictures import answer_here, picture
from tests.images.uploads import files, upload


@pytest.fixture
def folder(data_dir: Path) -> Folder:
    return Folder(data_dir / "images")


@pytest.fixture(autouse=True)
def _an_image_of_yesterday(site: Database, folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoding, "_answer", answer_here)
    with site.transaction() as session:
        person_id = make_user(session).id
    upload(site, folder, person_id, picture(), at=clock.now() - timedelta(days=2))


def test_a_dry_run_tells_and_removes_nothing(askwell: Run, folder: Folder) -> None:
    outcome = askwell("images", "clean", "--dry-run")

    assert outcome.status == 0
    assert outcome.out == "Would remove 1 images and 0 stray files, less than 0.1 MB.\n"
    assert len(files(folder)) == 1


def test_it_removes_what_nobody_needs(askwell: Run, folder: Folder) -> None:
    assert askwell("images", "clean").out == "Removed 1 images and 0 stray files, less than 0.1 MB.\n"
    assert askwell("images", "clean").out == "Removed 0 images and 0 stray files, 0 MB.\n"
    assert files(folder) == set()


def test_check_looks_at_images(askwell: Run, folder: Folder) -> None:
    assert askwell("check").status == 0
    (name,) = files(folder)
    folder.delete(name)

    outcome = askwell("check")

    assert outcome.status == 1
    assert f"image.file 1: expected {name}, found nothing" in outcome.out


def test_a_store_that_does_not_answer_is_one_line(askwell: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "STORE": "s3",
        "BUCKET": "images",
        "ENDPOINT": "http://127.0.0.1:9",
        "ACCESS_KEY": "a",
        "SECRET_KEY": "b",
    }.items():
        monkeypatch.setenv(f"ASKWELL_IMAGE_{name}", value)

    outcome = askwell("images", "clean")

    assert outcome.status == 2
    assert outcome.err.startswith("askwell: The bucket of images can't be used")
    assert outcome.err.count("\n") == 1


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("STORE", "s3", "ASKWELL_IMAGE_BUCKET: is needed for ASKWELL_IMAGE_STORE=s3"),
        ("STORE", "ftp", "ASKWELL_IMAGE_STORE: "),
        ("ENDPOINT", "127.0.0.1:9000", "ASKWELL_IMAGE_ENDPOINT: must look like https://s3.example.org"),
        ("ACCESS_KEY", "a", "ASKWELL_IMAGE_SECRET_KEY: goes with ASKWELL_IMAGE_ACCESS_KEY"),
        ("QUOTA_MB", "-1", "ASKWELL_IMAGE_QUOTA_MB: "),
    ],
)
def test_a_wrong_setting_is_named(
    askwell: Run, monkeypatch: pytest.MonkeyPatch, name: str, value: str, message: str
) -> None:
    monkeypatch.setenv(f"ASKWELL_IMAGE_{name}", value)

    outcome = askwell("config")

    assert outcome.status == 2
    assert message in outcome.err
    assert outcome.err.count("\n") == 1
