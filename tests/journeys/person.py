"""Somebody at a browser, who reads labels and presses buttons."""

import re
import time
from typing import Literal
from urllib.parse import quote_plus

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, Response, expect

PASSWORD = "seven unrelated words suffice"

GIVE_UP_SECONDS = 30.0
"""When a search that finds nothing is taken for one that never will."""

# Chromium and htmx report each answer of 4xx to a form so; the tests look at what came with it.
_REFUSED_FORM = ("Failed to load resource", "Response Status Error Code 4")


class Person:
    """One person with a window of a browser; `problems` collects what the browser complains about."""

    def __init__(self, context: BrowserContext, address: str, *, name: str = "") -> None:
        self.context = context
        self.address = address
        self.name = name
        self.problems: list[str] = []
        self.page = self.open_tab()

    def open_tab(self) -> Page:
        """Open one more tab, signed in like the others."""
        page = self.context.new_page()
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.problems.append(f"{page.url}: {error}"))
        return page

    def go(self, path: str) -> Response:
        """Open a page of the site."""
        response = self.page.goto(self.address + path)
        assert response is not None
        return response

    def register(self, name: str) -> None:
        """Make an account, by the links that a visitor of the first page finds."""
        self.name = name
        self.go("/")
        self.page.get_by_role("link", name="Sign in", exact=True).click()
        self.page.get_by_role("link", name="Register").click()
        self.fill_new_account(name)
        self.page.get_by_role("button", name="Register").click()
        expect(self.page.get_by_role("status")).to_contain_text(f"Welcome, {name}!")

    def fill_new_account(self, name: str) -> None:
        """Fill the fields of an account that is being made."""
        self.page.get_by_label("Name", exact=True).fill(name)
        self.page.get_by_label("Password").fill(PASSWORD)

    def sign_in(self) -> None:
        """Sign in at the page with the sign-in form."""
        self.page.get_by_label("Name or e-mail address").fill(self.name)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("main").get_by_role("button", name="Sign in").click()

    def sign_out(self) -> None:
        """Sign out by the menu in the head of the page."""
        self.page.locator(".account-menu summary").click()
        self.page.get_by_role("button", name="Sign out").click()
        expect(self.page.get_by_role("link", name="Sign in", exact=True)).to_be_visible()

    def fill_question(self, *, title: str, text: str, tags: str) -> None:
        """Fill the form of a question without sending it."""
        self.go("/questions/ask")
        self.page.get_by_label("Title").fill(title)
        self.page.get_by_role("textbox", name="Question").fill(text)
        self.tags_field().fill(tags)

    def ask(self, *, title: str, text: str, tags: str = "docks") -> str:
        """Ask a question and return the path of its page."""
        self.fill_question(title=title, text=text, tags=tags)
        self.page.get_by_role("button", name="Ask", exact=True).click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text(title)
        return self.path

    def answer(self, text: str) -> Locator:
        """Answer the question of the present page and return the answer."""
        self.page.get_by_role("textbox", name="Your answer").fill(text)
        self.page.get_by_role("button", name="Post your answer").click()
        answer = self.post_by(self.name)
        expect(answer).to_be_visible()
        return answer

    def comment_on(self, post: Locator, text: str) -> None:
        """Add a comment to a question or an answer."""
        post.get_by_text("Add a comment").click()
        post.get_by_role("textbox", name="Your comment").fill(text)
        post.get_by_role("button", name="Add comment").click()
        expect(post.locator(".comment", has_text=text)).to_be_visible()

    def vote(self, post: Locator, way: Literal["up", "down"], *, score: int) -> None:
        """Vote on a question or an answer, wait until it is counted, and see the new score."""
        # The page shows the score before the site has it.
        with self.page.expect_response("**/vote"):
            post.get_by_role("button", name=f"Vote {way}").click()
        expect(post.locator(".vote-score")).to_contain_text(str(score))

    def tags_field(self) -> Locator:
        """Return the field for the tags of a question; the list that completes them has the same name."""
        return self.page.locator("input[name=tags]")

    def question(self) -> Locator:
        """Return the question on the present page."""
        return self.page.locator("article.question")

    def post_by(self, name: str) -> Locator:
        """Return the answer of somebody on the present page."""
        return self.page.get_by_role("article", name=f"Answer by {name}")

    def search(self, words: str) -> None:
        """Search by the field in the head of the page."""
        field = self.page.get_by_label("Search questions and answers")
        field.fill(words)
        field.press("Enter")
        expect(self.page).to_have_title(re.compile(r"Search · "))

    def results_for(self, words: str) -> Locator:
        """Search and return the results."""
        self.go(f"/search?q={quote_plus(words)}")
        return self.page.locator(".search-result")

    def seconds_until_found(self, words: str, *, showing: str = "") -> float:
        """Search again and again until a result shows a text, and return how long it took."""
        began = time.monotonic()
        while self.results_for(words).filter(has_text=showing).count() == 0:
            assert time.monotonic() - began < GIVE_UP_SECONDS, f"search never found {words!r}"
        return time.monotonic() - began

    def reload_until(self, locator: Locator) -> None:
        """Reload the present page again and again until it has something."""
        began = time.monotonic()
        while locator.count() == 0:
            assert time.monotonic() - began < GIVE_UP_SECONDS, f"{self.page.url} never had {locator}"
            self.page.reload()

    @property
    def path(self) -> str:
        """The path of the present page."""
        return self.page.url.removeprefix(self.address).partition("#")[0]

    def _note(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not message.text.startswith(_REFUSED_FORM):
            self.problems.append(f"{message.page.url if message.page else ''}: {message.text}")
