"""What a page costs whoever sees it first: bytes as they travel, and requests."""

import gzip

import pytest
from playwright.sync_api import Page, Response, expect

from forum.core.db import Database
from tests.factories import make_answer, make_comment, make_question, make_user

pytestmark = pytest.mark.browser

MOST_BYTES = 100 * 1024
COMPRESSED = ("text/", "application/json", "image/svg+xml")


@pytest.fixture
def thread(database: Database) -> str:
    """A question with five answers and ten comments."""
    with database.transaction() as session:
        question = make_question(session, make_user(session), text="It stays dark. " * 40)
        for _ in range(5):
            answer = make_answer(session, question, make_user(session), text="Update the dock. " * 40)
            for _ in range(2):
                make_comment(session, answer, make_user(session))
    return f"/questions/{question.id}"


@pytest.mark.parametrize(("path", "most_requests"), [("thread", 37), ("/questions/ask", 34), ("/", 17)])
def test_the_first_view_of_a_page_is_light(page: Page, thread: str, path: str, most_requests: int) -> None:
    received: list[Response] = []
    page.on("response", lambda answer: received.append(answer))

    page.goto(thread if path == "thread" else path)
    expect(page.get_by_role("main")).to_be_visible()
    page.wait_for_load_state("networkidle")

    sizes = {answer.url: _travelling(answer) for answer in received if answer.status == 200}
    assert sum(sizes.values()) < MOST_BYTES, sizes
    assert len(sizes) <= most_requests, sorted(sizes)


def _travelling(answer: Response) -> int:
    """Return the bytes of the body as the server of a site would send them."""
    body = answer.body()
    is_compressed = answer.headers.get("content-type", "").startswith(COMPRESSED)
    return len(gzip.compress(body, 6)) if is_compressed else len(body)
