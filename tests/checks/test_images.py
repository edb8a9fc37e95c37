"""Images whose files, references or sums were damaged are found, and mended where that is possible."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, update

from forum.accounts.rules import Actor
from forum.checks.images import IMAGE_USAGE, ImageFiles, ImageReferences
from forum.checks.run import check, repair
from forum.core import clock
from forum.core.db import Database
from forum.core.markup.image_names import ImageName
from forum.images import encoding
from forum.images.models import ImageReference, ImageUsage
from forum.images.storage import Folder
from forum.posts.actions.asking import ask
from forum.posts.actions.commenting import comment
from forum.posts.actions.editing import edit_post
from tests.factories import make_user
from tests.images.pictures import answer_here, picture
from tests.images.uploads import files, references, upload, usage

TEXT = "It beeps twice, and then nothing happens."
OTHER = ImageName("f" * 32, 10, 10, "png")


@pytest.fixture(autouse=True)
def _without_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoding, "_answer", answer_here)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "images")


@pytest.fixture
def person(database: Database) -> Actor:
    with database.transaction() as session:
        user = make_user(session)
        return Actor(id=user.id, name=user.name, role="member", reputation=1)


@pytest.fixture
def image(database: Database, folder: Folder, person: Actor) -> ImageName:
    """A large image that only the first version of a question shows."""
    image = upload(database, folder, person.id, picture((1_500, 1_300)))
    with database.transaction() as session:
        source = f"{TEXT} ![a]({image.path})"
        asked = ask(session, person, title="Why does it beep twice?", source=source, tags=["beeps"])
        edit_post(session, person, asked.post_id, source=TEXT, based_on=1)
        comment(session, person, asked.post_id, source=f"See {OTHER.path}.")
    return image


@pytest.fixture
def differences(database: Database, folder: Folder) -> Callable[[], list[str]]:
    """Return what a check finds."""

    def find() -> list[str]:
        found: list[str] = []
        families = (IMAGE_USAGE, ImageReferences(), ImageFiles(database, folder))
        check(
            database,
            families,
            report=lambda one: found.append(f"{one.kind}: {one.expected}, {one.found}"),
            announce=lambda _name: None,
        )
        return found

    return find


def mend(database: Database, folder: Folder) -> None:
    families = (IMAGE_USAGE, ImageReferences(), ImageFiles(database, folder))
    repair(database, families, announce=lambda _name: None)


def test_nothing_is_wrong_after_the_actions(image: ImageName, differences: Callable[[], list[str]]) -> None:
    assert differences() == []


def test_references_are_mended_by_all_versions_of_the_texts(
    database: Database, folder: Folder, image: ImageName, differences: Callable[[], list[str]]
) -> None:
    right = references(database)
    with database.transaction() as session:
        session.execute(delete(ImageReference))
        row = {"key": OTHER.key, "place": "post", "place_id": 10**9}
        session.execute(insert(ImageReference), [row, {**row, "place": "tag", "place_id": 1}])

    assert sorted(differences()) == [
        f"image_reference.comment: {OTHER.key}, nothing",
        f"image_reference.post: {image.key}, nothing",
        f"image_reference.post: nothing, {OTHER.key}",
        f"image_reference.tag: nothing, {OTHER.key}",
    ]
    mend(database, folder)

    assert differences() == []
    assert references(database) == right


def test_the_room_that_is_taken_is_counted_anew(
    database: Database,
    folder: Folder,
    person: Actor,
    image: ImageName,
    differences: Callable[[], list[str]],
) -> None:
    right = usage(database, person.id)
    with database.transaction() as session:
        session.execute(update(ImageUsage).values(byte_count=7))

    assert differences() == [f"image_usage.byte_count: {right}, 7"]
    mend(database, folder)

    assert usage(database, person.id) == right


def test_a_small_copy_that_is_lost_is_made_anew(
    database: Database, folder: Folder, image: ImageName, differences: Callable[[], list[str]]
) -> None:
    assert image.small
    folder.delete(image.small)

    assert differences() == [f"image.file: {image.small}, nothing"]
    mend(database, folder)

    assert differences() == []
    assert files(folder) == set(image.names)


def test_an_image_that_is_lost_stays_a_difference(
    database: Database, folder: Folder, image: ImageName, differences: Callable[[], list[str]]
) -> None:
    folder.delete(str(image))

    mend(database, folder)

    assert differences() == [f"image.file: {image}, nothing"]


def test_files_without_an_image_are_removed_when_they_are_old(
    database: Database, folder: Folder, image: ImageName, differences: Callable[[], list[str]]
) -> None:
    folder.put(str(OTHER), b"x")

    assert differences() == []
    with clock.frozen(clock.now() + timedelta(days=2)):
        assert differences() == [f"image.stray: no file without an image, {OTHER}"]
        mend(database, folder)
        assert differences() == []

    assert files(folder) == set(image.names)
