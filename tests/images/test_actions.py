import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from forum.core import clock
from forum.core.db import Database
from forum.core.errors import AskwellError, Conflict, Invalid, Refused
from forum.core.markup.image_names import ImageName
from forum.images import actions, cleaning, encoding, uploading
from forum.images.storage import Folder, ImageStore
from tests.factories import make_user
from tests.images.pictures import ALLOWANCE, BLUE, noise, picture
from tests.images.uploads import files, kept, upload, uploads, usage

LARGE = (1_600, 1_500)

pytestmark = pytest.mark.usefixtures("without_processes")


def test_an_image_is_kept_with_its_files(database: Database, store: ImageStore, person_id: int) -> None:
    image = upload(database, store, person_id, picture(LARGE))

    assert all(map(store.exists, image.names))
    assert len(image.names) == 2
    assert kept(database) == 1
    sizes = [store.read(name) for name in image.names]
    assert usage(database, person_id) == sum(file.byte_count for file in sizes if file)
    for file in sizes:
        assert file
        file.content.close()


def test_the_same_file_sent_twice_is_one_image(
    database: Database, folder: Folder, person_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = upload(database, folder, person_id, picture())
    used = usage(database, person_id)
    monkeypatch.setattr(encoding, "encode", None)

    assert upload(database, folder, person_id, picture()) == first
    assert (kept(database), uploads(database), usage(database, person_id)) == (1, 1, used)


def test_two_files_with_the_same_content_are_one_image(
    database: Database, folder: Folder, person_id: int
) -> None:
    first = upload(database, folder, person_id, picture())

    assert upload(database, folder, person_id, picture() + b"more") == first
    assert (kept(database), uploads(database)) == (1, 1)


def test_two_people_share_the_files_and_each_needs_room(
    database: Database, folder: Folder, person_id: int
) -> None:
    with database.transaction() as session:
        other_id = make_user(session).id

    first = upload(database, folder, person_id, picture())

    assert upload(database, folder, other_id, picture()) == first
    assert (kept(database), uploads(database)) == (1, 2)
    assert usage(database, person_id) == usage(database, other_id) > 0


def test_a_file_that_was_lost_comes_back_with_the_next_upload(
    database: Database, folder: Folder, person_id: int
) -> None:
    image = upload(database, folder, person_id, picture(LARGE))
    folder.delete(image.names[1])

    assert upload(database, folder, person_id, picture(LARGE)) == image
    assert files(folder) == set(image.names)


def test_beyond_the_quota_nothing_is_kept(database: Database, folder: Folder, person_id: int) -> None:
    content = noise((300, 300))
    tight = replace(ALLOWANCE, quota_bytes=len(content) * 3 // 2)
    upload(database, folder, person_id, content, allowance=tight)

    with pytest.raises(Invalid, match="Make it smaller"):
        upload(database, folder, person_id, noise((310, 300)), allowance=tight)

    assert (kept(database), len(files(folder))) == (1, 1)


def test_without_a_quota_nothing_is_taken(database: Database, folder: Folder, person_id: int) -> None:
    with pytest.raises(Refused, match="takes no images"):
        upload(database, folder, person_id, picture(), allowance=replace(ALLOWANCE, quota_bytes=0))


def test_a_file_of_too_many_bytes_is_refused(database: Database, folder: Folder, person_id: int) -> None:
    with pytest.raises(Invalid, match="may have less than 0"):
        upload(database, folder, person_id, picture(), allowance=replace(ALLOWANCE, file_bytes=50))


def test_parallel_uploads_never_exceed_the_quota(database: Database, folder: Folder, person_id: int) -> None:
    contents = [noise((200, 200 + number)) for number in range(6)]
    quota = sum(map(len, contents)) // 2
    tight = replace(ALLOWANCE, quota_bytes=quota)
    with database.reading() as session:
        # All of them have looked at the quota, and found room, before the first is kept.
        ready = [uploading.prepare(session, folder, person_id, each, allowance=tight) for each in contents]
    barrier = threading.Barrier(len(ready))

    def keep(each: uploading.Upload) -> ImageName | AskwellError:
        barrier.wait()
        try:
            with database.transaction() as session:
                return actions.keep(session, folder, each, quota_bytes=quota)
        except Invalid as error:
            return error

    with ThreadPoolExecutor(len(ready)) as pool:
        outcomes = list(pool.map(keep, ready))

    kept_now = [outcome for outcome in outcomes if isinstance(outcome, ImageName)]
    assert 2 <= len(kept_now) < len(contents)
    assert len(kept_now) == kept(database) == uploads(database)
    assert 0 < usage(database, person_id) <= quota


def test_the_same_image_sent_at_the_same_instant_is_one(
    database: Database, folder: Folder, person_id: int
) -> None:
    barrier = threading.Barrier(4)
    with database.reading() as session:
        ready = [
            uploading.prepare(session, folder, person_id, picture(), allowance=ALLOWANCE) for _ in range(4)
        ]

    def keep(each: uploading.Upload) -> ImageName:
        barrier.wait()
        with database.transaction() as session:
            return actions.keep(session, folder, each, quota_bytes=ALLOWANCE.quota_bytes)

    with ThreadPoolExecutor(4) as pool:
        names = set(pool.map(keep, ready))

    assert len(names) == kept(database) == uploads(database) == 1
    assert files(folder) == set(names.pop().names)
    encoded = ready[0].encoded
    assert encoded is not None
    assert usage(database, person_id) == encoded.byte_count


def test_an_image_forgotten_while_it_is_uploaded_again_is_written_anew(
    database: Database, folder: Folder, person_id: int
) -> None:
    long_ago = clock.now() - timedelta(days=3)
    image = upload(database, folder, person_id, picture(), at=long_ago)
    with database.reading() as session:
        ready = uploading.prepare(session, folder, person_id, picture() + b"x", allowance=ALLOWANCE)

    assert cleaning.clean(database, folder).images == 1
    assert files(folder) == set()
    with database.transaction() as session:
        assert actions.keep(session, folder, ready, quota_bytes=ALLOWANCE.quota_bytes) == image

    assert files(folder) == set(image.names)
    assert (kept(database), uploads(database)) == (1, 1)


def test_an_image_forgotten_before_its_second_upload_is_kept_asks_for_it_again(
    database: Database, folder: Folder, person_id: int
) -> None:
    upload(database, folder, person_id, picture(), at=clock.now() - timedelta(days=3))
    with database.reading() as session:
        ready = uploading.prepare(session, folder, person_id, picture(), allowance=ALLOWANCE)
    cleaning.clean(database, folder)

    with pytest.raises(Conflict, match="Upload it again"), database.transaction() as session:
        actions.keep(session, folder, ready, quota_bytes=ALLOWANCE.quota_bytes)


def test_uploading_and_forgetting_at_the_same_instant_never_leaves_a_row_without_files(
    database: Database, folder: Folder, person_id: int
) -> None:
    long_ago = clock.now() - timedelta(days=3)
    for number in range(6):
        content = picture((20 + number, 20), colour=BLUE)
        image = upload(database, folder, person_id, content, at=long_ago)
        with database.reading() as session:
            # Other bytes with the same content, so that it is made anew.
            ready = uploading.prepare(session, folder, person_id, content + b"x", allowance=ALLOWANCE)
        barrier = threading.Barrier(2)

        def keep(each: uploading.Upload, barrier: threading.Barrier = barrier) -> None:
            barrier.wait()
            with database.transaction() as session:
                actions.keep(session, folder, each, quota_bytes=ALLOWANCE.quota_bytes)

        def forget(barrier: threading.Barrier = barrier) -> None:
            barrier.wait()
            cleaning.clean(database, folder)

        with ThreadPoolExecutor(2) as pool:
            for future in [pool.submit(keep, ready), pool.submit(forget)]:
                future.result()

        assert kept(database) == number + 1
        assert all(map(folder.exists, image.names))


def test_killed_between_file_and_row_it_leaves_a_file_that_is_swept_later(
    database: Database, database_url: str, folder: Folder, person_id: int, tmp_path: Path, project_dir: Path
) -> None:
    (tmp_path / "sent").write_bytes(picture())
    script = Path(__file__).with_name("killed_uploader.py")
    arguments = [database_url, str(tmp_path / "images"), str(person_id), str(tmp_path / "sent")]

    ended = subprocess.run(
        [sys.executable, str(script), *arguments],
        env={**os.environ, "PYTHONPATH": str(project_dir)},
        check=False,
    )

    assert ended.returncode == -signal.SIGKILL
    (stray,) = files(folder)
    assert kept(database) == uploads(database) == usage(database, person_id) == 0
    assert cleaning.clean(database, folder).files == 0
    with clock.frozen(clock.now() + timedelta(days=2)):
        assert cleaning.clean(database, folder).files == 1
    assert files(folder) == set()
    assert stray in upload(database, folder, person_id, picture()).names
