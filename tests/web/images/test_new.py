"""The page on which an image is added without any script, and what leads there."""

from io import BytesIO

import pytest
from lxml import html

from forum.core.db import Database
from forum.posts.rules import question_path
from tests.factories import make_question
from tests.images.pictures import picture
from tests.images.uploads import kept
from tests.web.browser import Browser, sign_in_as
from tests.web.conftest import MakeApp


def test_the_form_asks_for_a_file_and_what_it_shows(member: Browser) -> None:
    page = html.fromstring(member.get("/images/new").text)

    (form,) = page.xpath("//form[@action='/images/new']")
    assert form.get("enctype") == "multipart/form-data"
    assert {field.name for field in form.inputs if field.name} == {"csrf_token", "file", "alt"}
    assert all(form.xpath(f".//input[@name='{name}']/@required") for name in ("file", "alt"))
    assert all(page.xpath(f"//label[@for='{name}']") for name in ("file", "alt"))


def test_the_image_is_shown_with_the_line_to_copy(member: Browser) -> None:
    answer = member.post("/images/new", file=(BytesIO(picture((2_000, 1_000))), "a.png"), alt="Code <43>")

    assert answer.status_code == 201
    page = html.fromstring(answer.text)
    (image,) = page.xpath("//main//img")
    assert image.get("alt") == "Code <43>"
    assert (image.get("width"), image.get("height")) == ("720", "360")
    line = page.xpath("string(//textarea[@readonly])").strip()
    preview = member.post("/preview", source=line).text
    assert f'src="{image.get("src")}"' in preview
    assert 'alt="Code &lt;43&gt;"' in preview
    assert member.get(image.get("src")).status_code == 200


@pytest.mark.parametrize(
    ("content", "alt", "message"),
    [
        (None, "A cat", "Choose a file first."),
        (b"%PDF", "A cat", "Save it as PNG"),
        (picture(), " ", "Say what the image shows"),
        (picture(), "x" * 301, "at most 300 characters"),
    ],
)
def test_what_is_wrong_is_said_at_the_field(
    member: Browser, database: Database, content: bytes | None, alt: str, message: str
) -> None:
    file = {"file": (BytesIO(content), "a.png")} if content else {}

    answer = member.post("/images/new", alt=alt, **file)

    assert answer.status_code == 422
    page = html.fromstring(answer.text)
    assert message in page.xpath("string(//ul[@class='field-errors'])")
    assert page.xpath("//input[@name='alt']")[0].get("value", "") == alt
    assert kept(database) == 0


def test_visitors_are_asked_to_sign_in(visitor: Browser) -> None:
    assert visitor.get("/images/new").location == "/sign-in?next=/images/new"
    assert visitor.post("/images/new", alt="A cat").status_code == 403


@pytest.mark.parametrize("size", [1_300_000, 13_000_000])
def test_visitors_with_large_files_are_asked_to_sign_in_too(visitor: Browser, size: int) -> None:
    kind = "multipart/form-data; boundary=x"

    answer = visitor.client.post("/images/new", data=bytes(size), content_type=kind)

    assert answer.status_code == 403
    assert "Sign in to go on" in answer.text


def test_a_file_that_is_too_large_is_answered_with_what_to_do(make_app: MakeApp, database: Database) -> None:
    browser = sign_in_as(make_app(image_max_mb=1), database)

    answer = browser.client.post("/images/new", data=bytes(1_200_000), content_type="multipart/form-data")

    assert answer.status_code == 413
    assert "An image may have 1 MB" in answer.text


def test_a_site_without_images_says_so_and_leads_nobody_there(make_app: MakeApp, database: Database) -> None:
    browser = sign_in_as(make_app(image_quota_mb=0), database)

    assert browser.get("/images/new").status_code == 403
    assert "/images/new" not in browser.get("/questions/ask").text
    assert "Your images" not in browser.get("/settings").text


def test_where_posts_are_written_a_link_leads_there(member: Browser, database: Database) -> None:
    with database.transaction() as session:
        asked = make_question(session)
        question = question_path(asked.id, asked.slug)

    for path in ("/questions/ask", question):
        links = html.fromstring(member.get(path).text).xpath("//a[@href='/images/new']")
        assert [(link.text, link.get("target")) for link in links] == [("Add an image", "_blank")]


def test_settings_tell_how_much_room_is_taken(member: Browser) -> None:
    assert "0 MB of 200 MB" in member.get("/settings").text

    member.post("/images/new", file=(BytesIO(picture()), "a.png"), alt="A cat")

    assert "less than 0.1 MB of 200 MB" in member.get("/settings").text
