from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from forum.accounts import actions as accounts
from forum.accounts.rules import Actor
from forum.core import clock
from forum.core.db import Database
from forum.images import actions, cleaning
from forum.images.cleaning import Cleaned, clean
from forum.images.storage import SHARDS, Folder, ImageStore, StoreUnavailable
from forum.posts.actions.asking import ask
from forum.posts.actions.commenting import comment, edit_comment
from forum.posts.actions.deleting import delete_post
from forum.posts.actions.editing import edit_post
from forum.tags import actions as tags
from forum.worker.housekeeping import sweep
from tests.factories import make_user
from tests.images.pictures import BLUE, picture
from tests.images.uploads import files, kept, references, upload, uploads, usage

pytestmark = pytest.mark.usefixtures("without_processes")

LATER = timedelta(days=1, minutes=1)
TEXT = "It beeps twice, and then nothing happens."
LARGE = (1_500, 1_300)


@pytest.fixture
def person(database: Database) -> Actor:
    with database.transaction() as session:
        return _join(session)


@pytest.fixture
def question_id(database: Database, person: Actor) -> int:
    with database.transaction() as session:
        return ask(session, person, title="Why does it beep twice?", source=TEXT, tags=["beeps"]).post_id


def _join(session: Session) -> Actor:
    user = make_user(session, role="admin")
    return Actor(id=user.id, name=user.name, role="admin", reputation=1)


def cleaned_later(database: Database, store: ImageStore, **options: Any) -> Cleaned:
    with clock.frozen(clock.now() + LATER):
        return clean(database, store, **options)


def test_an_image_is_kept_for_a_day_without_a_text(
    database: Database, store: ImageStore, person: Actor
) -> None:
    image = upload(database, store, person.id, picture(LARGE))
    used = usage(database, person.id)

    shards = [image.key[:2]]

    assert clean(database, store, shards=shards) == Cleaned()
    expected = Cleaned(images=1, byte_count=used)
    assert cleaned_later(database, store, shards=shards, is_rehearsal=True) == expected
    assert all(map(store.exists, image.names))
    assert cleaned_later(database, store, shards=shards) == expected

    assert not any(map(store.exists, image.names))
    assert kept(database) == uploads(database) == usage(database, person.id) == 0


def test_uploading_it_again_begins_another_day(database: Database, folder: Folder, person: Actor) -> None:
    upload(database, folder, person.id, picture(), at=clock.now() - timedelta(days=3))
    upload(database, folder, person.id, picture())

    assert clean(database, folder) == Cleaned()


def test_whatever_a_version_of_a_text_shows_is_kept(
    database: Database, folder: Folder, person: Actor, question_id: int
) -> None:
    images = [upload(database, folder, person.id, picture((20 + n, 20))) for n in range(4)]
    with database.transaction() as session:
        source = f"{TEXT}\n\n![a]({images[0].path}) [b]({images[1].shown_path})"
        edit_post(session, person, question_id, source=source, based_on=1)
        edit_post(session, person, question_id, source=TEXT, based_on=2)
        remark = comment(session, person, question_id, source=f"Like {images[2].path}?").comment_id
        edit_comment(session, person, remark, source="Like that?", based_on=1)
        delete_post(session, person, question_id)

    assert cleaned_later(database, folder).images == 1

    assert files(folder) == {str(image) for image in images[:3]}
    assert references(database) == {
        (images[0].key, "post", question_id),
        (images[1].key, "post", question_id),
        (images[2].key, "comment", remark),
    }


def test_what_tags_and_people_show_now_is_kept(
    database: Database, folder: Folder, person: Actor, question_id: int
) -> None:
    before, now = (upload(database, folder, person.id, picture(colour=c)) for c in (BLUE, "white"))
    for image in (before, now):
        with database.transaction() as session:
            tag_id = tags.ensure(session, ["beeps"])[0].tag_id
            tags.describe(session, person, tag_id, excerpt="", source=f"![a]({image.path})")
            about = {"about": f"![a]({image.path})", "location": "", "website": "", "email": ""}
            accounts.edit_profile(session, person.id, **about)

    assert references(database) == {(now.key, "tag", tag_id), (now.key, "person", person.id)}
    assert cleaned_later(database, folder).images == 1
    assert files(folder) == {str(now)}


def test_a_text_may_come_before_its_image(
    database: Database, folder: Folder, person: Actor, question_id: int
) -> None:
    image = upload(database, folder, person.id, picture())
    cleaned_later(database, folder)
    with database.transaction() as session:
        edit_post(session, person, question_id, source=f"{TEXT} ![a]({image.path})", based_on=1)

    upload(database, folder, person.id, picture())

    assert cleaned_later(database, folder) == Cleaned()


# SQLite lets one transaction write at a time, so nothing can happen meanwhile.
@pytest.mark.parametrize(
    "database_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)
def test_an_image_that_a_text_needs_meanwhile_is_not_forgotten(
    database: Database, folder: Folder, person: Actor, question_id: int
) -> None:
    long_ago = clock.now() - timedelta(days=3)
    image = upload(database, folder, person.id, picture(), at=long_ago)
    with database.transaction() as writing:
        edit_post(writing, person, question_id, source=f"{TEXT} ![a]({image.path})", based_on=1)
        # It is not committed, so nobody else can see it.
        with database.transaction() as session:
            assert actions.forget_unused(session, folder, 1, before=clock.now()) == 0

    assert clean(database, folder) == Cleaned()
    assert folder.exists(str(image))


def test_everybody_who_uploaded_an_image_gets_the_room_back(
    database: Database, folder: Folder, person: Actor
) -> None:
    with database.transaction() as session:
        other = _join(session)
    for owner in (person, other):
        upload(database, folder, owner.id, picture())
        upload(database, folder, owner.id, picture(colour=BLUE))
    assert cleaned_later(database, folder).images == 2
    assert usage(database, person.id) == usage(database, other.id) == 0


def test_files_that_belong_to_no_image_go_after_a_day(
    database: Database, folder: Folder, person: Actor, tmp_path: Path
) -> None:
    image = upload(database, folder, person.id, picture())
    with database.transaction() as session:
        actions.refer(session, "post", 1, image.path, keeps_earlier=True)
    shard = tmp_path / "images" / image.key[:2]
    strange = [f".{image}.abcd1234", f"{image.key}-9x9.png", f"{image.key[:2]}{'0' * 30}-9x9.png"]
    for name in strange:
        (shard / name).write_bytes(b"x")

    assert clean(database, folder) == Cleaned()
    assert cleaned_later(database, folder, is_rehearsal=True) == Cleaned(files=3, byte_count=3)
    assert cleaned_later(database, folder) == Cleaned(files=3, byte_count=3)

    assert files(folder) == {str(image)}
    assert kept(database) == 1


def test_a_file_whose_image_comes_meanwhile_stays(database: Database, folder: Folder, person: Actor) -> None:
    image = upload(database, folder, person.id, picture())

    with database.transaction() as session:
        assert not actions.forget_stray(session, folder, str(image))

    assert folder.exists(str(image))


def test_the_worker_cleans_a_part_each_hour_and_all_in_a_day(
    database: Database, folder: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    monkeypatch.setattr(folder, "listing", lambda shard: iter(seen.append(shard) or ()))
    now = clock.now()

    for hour in range(24):
        with clock.frozen(now + timedelta(hours=hour)):
            cleaning.sweep(database, folder)

    assert set(seen) == set(SHARDS)
    assert len(seen) == 24 * cleaning.SHARDS_PER_SWEEP


def test_the_worker_forgets_a_few_at_a_time(
    database: Database, folder: Folder, person: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cleaning, "PER_SWEEP", 2)
    for number in range(3):
        upload(database, folder, person.id, picture((20 + number, 20)))

    with clock.frozen(clock.now() + LATER):
        sweep(database, folder)
        assert kept(database) == 1
        sweep(database, folder)

    assert kept(database) == 0


def test_the_worker_goes_on_without_the_store(
    database: Database, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_shard: str) -> None:
        raise StoreUnavailable("The bucket of images can't be used.")

    monkeypatch.setattr(folder, "listing", fail)

    sweep(database, folder)
