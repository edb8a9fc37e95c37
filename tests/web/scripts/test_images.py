"""Images in a text that is being written, in a real browser: chosen, pasted, refused."""

import base64
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

PASTE = """(field, content) => {
    const bytes = Uint8Array.from(atob(content), (character) => character.charCodeAt(0));
    const data = new DataTransfer();
    data.items.add(new File([bytes], "screen (1).png", { type: "image/png" }));
    const how = { clipboardData: data, bubbles: true, cancelable: true };
    field.dispatchEvent(new ClipboardEvent("paste", how));
}"""


def picture() -> bytes:
    """A picture as a screenshot would be."""
    written = BytesIO()
    Image.new("RGB", (320, 200), "navy").save(written, "PNG")
    return written.getvalue()


def test_a_pasted_image_is_shown_and_its_description_asked_for(page: Page) -> None:
    page.goto("/questions/ask")
    text = page.get_by_role("textbox", name="Question")
    text.press_sequentially("Look: ")
    text.evaluate(PASTE, base64.b64encode(picture()).decode())

    expect(page.locator("[data-announcement]")).to_contain_text("Describe it", timeout=30_000)
    page.keyboard.type("a blue screen")

    assert text.input_value().startswith("Look: ![a blue screen](/images/")
    shown = page.get_by_role("region", name="Preview").get_by_role("img", name="a blue screen")
    expect(shown).to_be_visible(timeout=30_000)
    assert shown.evaluate("image => image.complete && image.naturalWidth") == 320
    assert (shown.get_attribute("width"), shown.get_attribute("height")) == ("320", "200")


def test_what_is_no_image_is_refused_beside_the_text_which_stays(page: Page) -> None:
    page.goto("/questions/ask")
    text = page.get_by_role("textbox", name="Question")
    text.fill("It shows this:\n")

    page.locator("input[type=file]").set_input_files(
        {"name": "drawing.png", "mimeType": "image/png", "buffer": b"<svg onload='alert(1)'></svg>"}
    )

    expect(page.get_by_role("alert")).to_contain_text("drawing.png: ", timeout=30_000)
    expect(text).to_have_value("It shows this:\n")


def test_an_image_that_does_not_arrive_leaves_the_text_as_it_was(page: Page) -> None:
    page.goto("/questions/ask")
    page.route("**/images", lambda route: route.abort())
    text = page.get_by_role("textbox", name="Question")
    text.fill("Look:\n")

    page.locator("input[type=file]").set_input_files(
        {"name": "screen.png", "mimeType": "image/png", "buffer": picture()}
    )

    expect(page.get_by_role("alert")).to_contain_text("did not arrive", timeout=30_000)
    expect(text).to_have_value("Look:\n")
