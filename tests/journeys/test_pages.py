"""Every page fits its window, in both themes, with headings and landmarks that readers can tell apart."""

from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, expect

from forum.core.maintenance import Maintenance
from tests.journeys.conftest import Arrive
from tests.journeys.live_site import LiveSite
from tests.journeys.page_faults import ALL_RULES, faults_of
from tests.journeys.person import Person
from tests.journeys.visited_pages import ANSWERS_TO_FORMS, FOR_EVERYBODY, FOR_MEMBERS, FOR_VISITORS, MISSING
from tests.journeys.wide_content import LONG_WORD, NAME, SOLVED, TAGS, WIDE_TEXT, write_wide_content

pytestmark = pytest.mark.browser

Look = tuple[int, Literal["light", "dark"]]
MEMBERS_LOOKS: tuple[Look, Look] = ((320, "dark"), (1440, "light"))
VISITORS_LOOKS: tuple[Look, Look] = ((390, "light"), (1440, "dark"))
"""Windows and themes in which pages are looked at one after the other, as opening them takes longest."""

_OPEN_ALL = "for (const folded of document.querySelectorAll('main details')) folded.open = true"
_SEND = """([path, fields]) => {
    const form = document.createElement("form");
    Object.assign(form, { action: path, method: "post" });
    const token = document.querySelector("[name=csrf_token]").value;
    for (const [name, value] of Object.entries({ ...fields, csrf_token: token })) {
        form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
    }
    document.body.append(form);
    form.submit();
}"""


@pytest.fixture(scope="module")
def site(own_site: LiveSite) -> LiveSite:
    """A site of its own: what is wide is on its first pages."""
    return own_site


@pytest.fixture(scope="module")
def wide_content(browser: Browser, site: LiveSite) -> Iterator[dict[str, str]]:
    """What stands in the addresses of pages with content that is as wide as the rules allow."""
    author = Person(browser.new_context(), site.address)
    yield write_wide_content(author, site)
    author.context.close()


@pytest.mark.parametrize(
    ("name", "looks", "paths"),
    [
        pytest.param(NAME, MEMBERS_LOOKS, FOR_MEMBERS, id="for members"),
        pytest.param(NAME, MEMBERS_LOOKS, FOR_EVERYBODY, id="for everybody, seen by members"),
        pytest.param("", VISITORS_LOOKS, FOR_EVERYBODY, id="for everybody, seen by visitors"),
        pytest.param("", VISITORS_LOOKS, FOR_VISITORS, id="for visitors"),
    ],
)
def test_pages_have_no_faults_in_either_theme(
    arrive: Arrive, wide_content: dict[str, str], name: str, looks: tuple[Look, Look], paths: tuple[str, ...]
) -> None:
    person = arrive(name, reduced_motion="reduce")

    faults = {}
    for path in paths:
        _open(person, path, wide_content)
        faults |= _faults_in(person, looks, path)

    assert faults == {}


def test_answers_to_forms_have_no_faults(arrive: Arrive, wide_content: dict[str, str]) -> None:
    member, visitor = arrive(NAME, reduced_motion="reduce"), arrive(reduced_motion="reduce")

    faults = {}
    member.go("/tags")
    for page, (status, path, fields) in ANSWERS_TO_FORMS.items():
        sent = {name: value.format(**wide_content) for name, value in fields.items()}
        assert _send(member, path.format(**wide_content), sent) == status, page
        faults |= _faults_in(member, MEMBERS_LOOKS, page)
    visitor.go("/sign-in")
    assert _send(visitor, f"/questions/{wide_content['busy']}/answers", {"source": LONG_WORD * 3}) == 403
    faults |= _faults_in(visitor, VISITORS_LOOKS, "an answer before signing in")
    visitor.name = NAME
    visitor.sign_in()
    expect(visitor.page.get_by_role("heading", level=1)).to_contain_text("your text is still here")
    faults |= _faults_in(visitor, VISITORS_LOOKS, "an answer after signing in")

    assert faults == {}


def test_asking_and_searching_have_no_faults(arrive: Arrive, wide_content: dict[str, str]) -> None:
    person = arrive(NAME, reduced_motion="reduce")

    person.fill_question(title=f"{SOLVED}?", text=WIDE_TEXT, tags=TAGS)
    person.page.locator("[data-panel] summary").click()
    faults = _faults_in(person, MEMBERS_LOOKS, "while asking")
    person.page.get_by_role("button", name="Ask", exact=True).click()
    expect(person.page.get_by_role("region", name="already solve it")).to_be_visible()
    faults |= _faults_in(person, MEMBERS_LOOKS, "before posting")
    field = person.page.get_by_label("Search questions and answers")
    expect(field).to_have_role("combobox")
    field.press_sequentially(LONG_WORD[:10])
    expect(person.page.get_by_role("option").first).to_be_visible()
    faults |= _faults_in(person, MEMBERS_LOOKS, "suggestions")

    assert faults == {}


def test_the_page_of_a_closed_site_has_no_faults(
    arrive: Arrive, site: LiveSite, wide_content: dict[str, str]
) -> None:
    visitor = arrive(reduced_motion="reduce")
    sign = Maintenance(site.data_dir)

    sign.begin(f"Back at noon. {LONG_WORD}")
    visitor.go("/questions")
    sign.end()

    expect(visitor.page.get_by_role("heading", level=1)).to_have_text("Closed for maintenance")
    assert _faults_in(visitor, VISITORS_LOOKS, "closed") == {}


def test_no_page_is_too_wide_or_out_of_order_without_scripts(
    arrive: Arrive, wide_content: dict[str, str]
) -> None:
    person = arrive(NAME, java_script_enabled=False, viewport={"width": 320, "height": 844})

    faults = {}
    for path in FOR_EVERYBODY + FOR_MEMBERS:
        _open(person, path, wide_content)
        person.page.evaluate(_OPEN_ALL)
        for theme in ("light", "dark"):
            person.page.emulate_media(color_scheme=theme)
            faults[f"{path}, {theme}"] = faults_of(person.page, rules=())

    assert {path: found for path, found in faults.items() if found} == {}


def _open(person: Person, path: str, wide_content: dict[str, str]) -> None:
    """Open the page of an address, and no other in its place."""
    path = path.format(**wide_content)
    response = person.go(path)
    assert response.status == (404 if path == MISSING else 200), path
    assert person.path == path
    # Scripts ask for the preview of what the field holds already, and it is a part of the page like others.
    expect(person.page.locator("[data-preview]:not([hidden]) .prose:empty")).to_have_count(0)


def _faults_in(person: Person, looks: tuple[Look, Look], page: str) -> dict[str, list[str]]:
    """Return the faults of the present page by its name and the looks that have some; unfold it before."""
    faults = {}
    for width, theme in looks:
        person.page.set_viewport_size({"width": width, "height": 844})
        person.page.emulate_media(color_scheme=theme)
        person.page.evaluate(_OPEN_ALL)
        faults[f"{page}, {width} pixels, {theme}"] = faults_of(person.page, rules=ALL_RULES)
    return {look: found for look, found in faults.items() if found}


def _send(person: Person, path: str, fields: dict[str, str]) -> int:
    """Send a form that no page has so, wait for the answer, and return its status."""
    with person.page.expect_navigation() as answered:
        person.page.evaluate(_SEND, [path, fields])
    return answered.value.status
