"""POST /images, as the script of the editor uses it."""

from io import BytesIO
from typing import Any

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from forum.core.db import Database
from forum.web import images
from tests.images.pictures import noise, picture
from tests.images.uploads import kept, usage
from tests.web.browser import Browser, sign_in_as
from tests.web.conftest import MakeApp


def send(browser: Browser, content: bytes, *, name: str = "shot.png", **more: Any) -> TestResponse:
    fields = {"csrf_token": browser.token(), "file": FileStorage(BytesIO(content), name), **more}
    # Made in memory, because the client of the tests leaves a large file of its own open.
    boundary, body = encode_multipart(fields)
    kind = f"multipart/form-data; boundary={boundary}"
    return browser.client.post("/images", data=body, content_type=kind)


def test_an_upload_answers_with_all_that_the_editor_needs(member: Browser, database: Database) -> None:
    answer = send(member, picture((64, 48)), alt="A [red] square")

    assert answer.status_code == 201
    assert answer.json
    url = answer.json["url"]
    assert url.endswith("-64x48.png")
    assert answer.json == {
        "url": url,
        "width": 64,
        "height": 48,
        "markdown": f"![A \\[red\\] square]({url})",
    }
    assert member.get(url).status_code == 200
    assert usage(database, member.user_id) > 0


def test_the_token_may_come_in_a_header(member: Browser) -> None:
    headers = {"X-CSRFToken": member.token()}

    answer = member.post("/images", token=False, headers=headers, file=(BytesIO(picture()), "a.png"))

    assert answer.status_code == 201


def test_the_name_of_a_file_says_nothing(member: Browser) -> None:
    answer = send(member, picture(kind="JPEG"), name="../../evil.svg")

    assert answer.json
    assert answer.json["url"].endswith("-40x30.jpg")
    assert answer.json["markdown"].startswith("![image](/images/")


def test_sending_it_twice_gives_the_same_address(member: Browser, database: Database) -> None:
    assert send(member, picture()).json == send(member, picture()).json
    assert kept(database) == 1


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "Save it as PNG"),
        (b"%PDF-1.7", "Save it as PNG"),
        (b"", "empty"),
        (picture()[:40], "damaged"),
    ],
)
def test_what_can_not_be_shown_is_refused(member: Browser, content: bytes, message: str) -> None:
    answer = send(member, content)

    assert answer.status_code == 422
    assert answer.json
    assert list(answer.json) == ["error"]
    assert message in answer.json["error"]


def test_a_request_without_a_file_is_refused(member: Browser) -> None:
    answer = member.post("/images")

    assert (answer.status_code, answer.json) == (422, {"error": "The file is empty. Choose another one."})


@pytest.mark.parametrize("too_much", [1_000_001, 1_500_000])
def test_files_of_too_many_bytes_are_refused(make_app: MakeApp, database: Database, too_much: int) -> None:
    browser = sign_in_as(make_app(image_max_mb=1), database)

    answer = send(browser, picture() + bytes(too_much - len(picture())))

    assert answer.status_code in {413, 422}
    assert answer.json
    assert "An image may have 1 MB" in answer.json["error"]
    assert kept(database) == 0


def test_a_body_of_unknown_length_is_cut_off(make_app: MakeApp, database: Database) -> None:
    browser = sign_in_as(make_app(image_max_mb=1), database)

    answer = browser.client.post(
        "/images",
        input_stream=BytesIO(b"--x\r\n" + bytes(2_000_000)),
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"wsgi.input_terminated": True},
    )

    assert answer.status_code == 413
    assert answer.json == {"error": images.rules.too_large(1_000_000)}


def test_a_form_of_text_may_not_be_longer_for_it(member: Browser) -> None:
    assert member.post("/preview", source="x" * 1_200_000).status_code == 413


def test_beyond_the_quota_it_says_so(make_app: MakeApp, database: Database) -> None:
    browser = sign_in_as(make_app(image_quota_mb=1), database)
    assert send(browser, noise((900, 900))).status_code == 201

    answer = send(browser, noise((901, 900)))

    assert answer.status_code == 422
    assert answer.json
    assert "of 1 MB, and this one needs" in answer.json["error"]
    assert kept(database) == 1


@pytest.mark.parametrize("role", ["moderator", "admin"])
def test_nobody_is_an_exception(make_app: MakeApp, database: Database, role: str) -> None:
    browser = sign_in_as(make_app(image_quota_mb=0), database, role=role)

    answer = send(browser, picture())

    assert answer.status_code == 403
    assert answer.json == {"error": "This site takes no images. Put yours elsewhere and link to it."}


def test_too_many_an_hour_are_refused(member: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "_UPLOADS", "2 per hour")
    for _ in range(2):
        assert send(member, picture()).status_code == 201

    answer = send(member, picture())

    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 3_000
    assert answer.json == {"error": "You have uploaded many images within an hour. Go on a little later."}


def test_visitors_are_refused_before_their_file_is_read(visitor: Browser) -> None:
    class Unread(BytesIO):
        def read(self, *_arguments: Any) -> bytes:
            raise AssertionError("somebody read it")

    answer = visitor.client.post(
        "/images", input_stream=Unread(), content_length=50, content_type="multipart/form-data; boundary=x"
    )

    assert (answer.status_code, answer.json) == (403, {"error": "Sign in first, then do this again."})


def test_without_a_token_the_answer_is_json_too(member: Browser) -> None:
    answer = member.post("/images", token=False, file=(BytesIO(picture()), "a.png"))

    assert answer.status_code == 400
    assert answer.json
    assert "Reload the page" in answer.json["error"]


def test_without_the_store_it_says_so(make_app: MakeApp, database: Database) -> None:
    browser = sign_in_as(
        make_app(
            image_store="s3",
            image_bucket="images",
            image_endpoint="http://127.0.0.1:9",
            image_access_key="a",
            image_secret_key="b",
        ),
        database,
    )

    answer = send(browser, picture())

    assert answer.status_code == 503
    assert answer.json
    assert "can't be read or kept at present" in answer.json["error"]
    assert kept(database) == 0
