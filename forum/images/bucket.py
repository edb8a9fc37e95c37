"""The files of images in a bucket of an S3-compatible store, by boto3.

Only sites that chose it have boto3 installed, so nothing but `forum.wiring` imports this module.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from forum.images.storage import OpenFile, StoredFile, StoreUnavailable, content_type, shard_of

_NOT_THERE = frozenset({"404", "NoSuchKey", "NotFound"})
CONNECT_SECONDS = 3
"""A store that takes longer to greet is down; people get their error while they still look."""
READ_SECONDS = 20
ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Place:
    """Which bucket of which store; what is None is found as every program of AWS finds it."""

    bucket: str
    endpoint: str | None = None
    region: str | None = None
    access_key: str | None = None
    secret_key: str | None = None


class Bucket:
    """Files in a bucket, as `<shard>/<name>`."""

    def __init__(self, place: Place) -> None:
        self._bucket = place.bucket
        try:
            self._client = boto3.client(
                "s3",
                endpoint_url=place.endpoint,
                # Stores of one's own mostly have no regions, but every signature names one.
                region_name=place.region or ("us-east-1" if place.endpoint else None),
                aws_access_key_id=place.access_key,
                aws_secret_access_key=place.secret_key,
                config=Config(
                    connect_timeout=CONNECT_SECONDS,
                    read_timeout=READ_SECONDS,
                    retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
                    # Stores of one's own have no name for each bucket, and not all know the newer checksums.
                    s3={"addressing_style": "path" if place.endpoint else "auto"},
                    request_checksum_calculation="when_required",
                    response_checksum_validation="when_required",
                ),
            )
        except (BotoCoreError, ValueError) as error:
            raise StoreUnavailable(f"The bucket of images can't be used: {error}") from error

    def put(self, name: str, content: bytes) -> None:
        """Write a file; S3 shows it whole or not at all."""
        with self._told_as_unavailable():
            self._client.put_object(
                Bucket=self._bucket, Key=_key(name), Body=content, ContentType=content_type(name)
            )

    def read(self, name: str) -> OpenFile | None:
        """Return a file opened, or None when there is none of this name."""
        with self._told_as_unavailable():
            try:
                answer = self._client.get_object(Bucket=self._bucket, Key=_key(name))
            except ClientError as error:
                if _code(error) in _NOT_THERE:
                    return None
                raise
            return OpenFile(answer["ContentLength"], answer["Body"])

    def exists(self, name: str) -> bool:
        """Tell whether there is a file of this name."""
        with self._told_as_unavailable():
            try:
                self._client.head_object(Bucket=self._bucket, Key=_key(name))
            except ClientError as error:
                if _code(error) in _NOT_THERE:
                    return False
                raise
            return True

    def delete(self, name: str) -> None:
        """Delete a file if it is there."""
        with self._told_as_unavailable():
            self._client.delete_object(Bucket=self._bucket, Key=_key(name))

    def listing(self, shard: str) -> Iterator[StoredFile]:
        """Yield all files of a shard, a thousand for each request."""
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=f"{shard}/"
        )
        with self._told_as_unavailable():
            for page in pages:
                for entry in page.get("Contents", ()):
                    name = entry["Key"].removeprefix(f"{shard}/")
                    yield StoredFile(name, entry["Size"], entry["LastModified"])

    @contextmanager
    def _told_as_unavailable(self) -> Iterator[None]:
        try:
            yield
        except (BotoCoreError, ClientError) as error:
            raise StoreUnavailable(f"The bucket of images can't be used: {error}") from error


def _key(name: str) -> str:
    return f"{shard_of(name)}/{name}"


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))
