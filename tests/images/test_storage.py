"""What every store does, and what can go wrong with it."""

import builtins
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from forum.core.errors import Misconfigured
from forum.core.settings import Settings
from forum.images.bucket import Bucket, Place
from forum.images.storage import Folder, ImageStore, StoreUnavailable
from forum.wiring import open_images

NAME = "ab" + "0" * 30 + "-10x10.png"


def content_of(store: ImageStore, name: str) -> bytes | None:
    file = store.read(name)
    if file is None:
        return None
    content = file.content.read()
    file.content.close()
    assert len(content) == file.byte_count
    return content


def test_it_keeps_what_it_is_given(store: ImageStore) -> None:
    assert not store.exists(NAME)
    assert content_of(store, NAME) is None
    before = datetime.now(UTC) - timedelta(seconds=2)

    store.put(NAME, b"content")

    assert store.exists(NAME)
    assert content_of(store, NAME) == b"content"
    (listed,) = store.listing("ab")
    assert (listed.name, listed.byte_count) == (NAME, 7)
    assert before < listed.stored_at < datetime.now(UTC) + timedelta(seconds=2)
    assert list(store.listing("ac")) == []


def test_writing_again_replaces(store: ImageStore) -> None:
    store.put(NAME, b"first")
    store.put(NAME, b"second")

    assert content_of(store, NAME) == b"second"
    assert [file.name for file in store.listing("ab")] == [NAME]


def test_deleting_twice_is_no_error(store: ImageStore) -> None:
    store.put(NAME, b"content")

    store.delete(NAME)
    store.delete(NAME)

    assert not store.exists(NAME)


def test_a_file_is_read_in_pieces(store: ImageStore) -> None:
    store.put(NAME, bytes(200_000))
    file = store.read(NAME)
    assert file is not None

    assert len(file.content.read(65_536)) == 65_536
    file.content.close()


def test_a_bucket_lists_more_than_a_page(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    names = {f"ab{number:030x}-1x1.png" for number in range(5)}
    for name in names:
        bucket.put(name, b"x")
    paginate = bucket._client.get_paginator("list_objects_v2").paginate

    class ShortPages:
        def paginate(self, **options: object) -> object:
            return paginate(**options, PaginationConfig={"PageSize": 2})

    monkeypatch.setattr(bucket._client, "get_paginator", lambda _name: ShortPages())

    assert {file.name for file in bucket.listing("ab")} == names


def test_a_folder_that_can_not_be_used_is_told(tmp_path: Path) -> None:
    (tmp_path / "images").write_text("no folder")
    folder = Folder(tmp_path / "images")

    with pytest.raises(StoreUnavailable, match="folder of images can't be used"):
        folder.put(NAME, b"x")


@pytest.mark.parametrize(
    "place",
    [
        Place("images", endpoint="http://127.0.0.1:9", access_key="a", secret_key="b"),
        Place("images", region="no region", access_key="a", secret_key="b"),
    ],
    ids=["nobody answers", "wrong region"],
)
def test_a_bucket_that_can_not_be_used_is_told(place: Place) -> None:
    with pytest.raises(StoreUnavailable, match="bucket of images can't be used"):
        Bucket(place).exists(NAME)


def test_a_wrong_key_or_bucket_is_told(bucket_place: Place) -> None:
    wrong_key = Place(bucket_place.bucket, bucket_place.endpoint, access_key="x", secret_key="y" * 20)
    with pytest.raises(StoreUnavailable, match="bucket of images can't be used"):
        Bucket(wrong_key).put(NAME, b"x")


def test_the_settings_choose_the_store(tmp_path: Path, bucket_place: Place) -> None:
    folder = open_images(Settings(data_dir=tmp_path))
    bucket = open_images(
        Settings(
            data_dir=tmp_path,
            image_store="s3",
            image_bucket=bucket_place.bucket,
            image_endpoint=bucket_place.endpoint,
            image_access_key=bucket_place.access_key,
            image_secret_key=bucket_place.secret_key,
        )
    )

    folder.put(NAME, b"in the folder")
    bucket.put(NAME, b"in the bucket")

    assert (tmp_path / "images" / "ab" / NAME).read_bytes() == b"in the folder"
    assert content_of(Bucket(bucket_place), NAME) == b"in the bucket"


def test_the_usual_variables_hold_the_key(monkeypatch: pytest.MonkeyPatch, bucket_place: Place) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", str(bucket_place.access_key))
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", str(bucket_place.secret_key))
    settings = Settings(
        image_store="s3", image_bucket=bucket_place.bucket, image_endpoint=bucket_place.endpoint
    )

    open_images(settings).put(NAME, b"x")

    assert content_of(Bucket(bucket_place), NAME) == b"x"


def test_a_bucket_without_its_library_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    real_import = builtins.__import__

    def without_boto3(name: str, *arguments: Any) -> object:
        if name.partition(".")[0] == "boto3":
            raise ModuleNotFoundError("No module named 'boto3'", name="boto3")
        return real_import(name, *arguments)

    monkeypatch.delitem(sys.modules, "forum.images.bucket")
    monkeypatch.setattr(builtins, "__import__", without_boto3)

    with pytest.raises(Misconfigured, match=r"boto3; run: pip install 'askwell\[s3\]'"):
        open_images(Settings(image_store="s3", image_bucket="images"))
