"""GET /images/<name>."""

from io import BytesIO

import pytest
from flask import Flask
from PIL import Image

from forum.core.db import Database
from forum.images.bucket import Place
from forum.images.storage import Folder
from tests.images.pictures import picture
from tests.statements import recorded
from tests.web.browser import Browser, sign_in_as
from tests.web.conftest import MakeApp

UNKNOWN = "/images/" + "0" * 32 + "-10x10.png"


def uploaded(browser: Browser, size: tuple[int, int] = (40, 30)) -> str:
    answer = browser.post("/images", file=(BytesIO(picture(size)), "a.png")).json
    assert answer
    return str(answer["url"])


def test_everybody_sees_images_and_keeps_them_for_ever(member: Browser, visitor: Browser) -> None:
    url = uploaded(member)

    answer = visitor.get(url)

    assert answer.status_code == 200
    assert Image.open(BytesIO(answer.data)).size == (40, 30)
    headers = answer.headers
    assert headers["Content-Type"] == "image/png"
    assert headers["Content-Length"] == str(len(answer.data))
    assert headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert headers["Content-Disposition"] == "inline"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Vary"] == "Accept-Encoding"
    assert "Set-Cookie" not in headers


def test_whoever_has_it_is_not_sent_it_again(
    member: Browser, visitor: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = uploaded(member)
    etag = visitor.get(url).headers["ETag"]
    monkeypatch.setattr(Folder, "read", None)

    answer = visitor.get(url, headers={"If-None-Match": etag})

    assert (answer.status_code, answer.data) == (304, b"")
    assert answer.headers["Cache-Control"].startswith("public")


def test_showing_an_image_asks_the_database_nothing(member: Browser, database: Database) -> None:
    url = uploaded(member)

    with recorded(database) as statements:
        assert member.get(url).status_code == 200

    assert len(statements) == 0


def test_large_images_have_a_small_copy(member: Browser, visitor: Browser) -> None:
    url = uploaded(member, (2_000, 1_000))

    small = visitor.get(f"{url}.small.webp")

    assert small.headers["Content-Type"] == "image/webp"
    assert Image.open(BytesIO(small.data)).size == (1_440, 720)


def test_a_head_request_tells_the_size(member: Browser, visitor: Browser) -> None:
    url = uploaded(member)

    answer = visitor.client.head(url)

    assert (answer.status_code, answer.data) == (200, b"")
    assert int(answer.headers["Content-Length"]) > 0


@pytest.mark.parametrize(
    "path", [UNKNOWN, "/images/x", "/images/..%2f..%2fsecret-key", "/images/%00", "/images/" + "a" * 3_000]
)
def test_other_addresses_lead_nowhere(visitor: Browser, path: str) -> None:
    answer = visitor.get(path)

    assert answer.status_code in {400, 404}
    assert answer.headers["Cache-Control"] == "no-store"


def test_images_of_a_bucket_come_from_the_site(
    make_app: MakeApp, database: Database, bucket_place: Place
) -> None:
    app: Flask = make_app(
        image_store="s3",
        image_bucket=bucket_place.bucket,
        image_endpoint=bucket_place.endpoint,
        image_access_key=bucket_place.access_key,
        image_secret_key=bucket_place.secret_key,
    )
    url = uploaded(sign_in_as(app, database), (2_000, 1_000))
    visitor = Browser(app)

    answer = visitor.get(url)

    assert answer.status_code == 200
    assert Image.open(BytesIO(answer.data)).size == (2_000, 1_000)
    assert answer.headers["Cache-Control"].startswith("public")
    assert "img-src 'self'" in visitor.get("/help").headers["Content-Security-Policy"]
    assert visitor.get(UNKNOWN).status_code == 404


def test_without_the_store_it_says_so(make_app: MakeApp) -> None:
    app = make_app(
        image_store="s3",
        image_bucket="images",
        image_endpoint="http://127.0.0.1:9",
        image_access_key="a",
        image_secret_key="b",
    )

    answer = Browser(app).get(UNKNOWN)

    assert answer.status_code == 503
    assert "can&#39;t be read or kept at present" in answer.text
