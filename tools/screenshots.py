"""Pictures of a freshly filled demo site for the README and the manual: `make screenshots`.

A picture shows what somebody sees who visits the site in a window of that size. The dates on it are those of
the demo, which ends at the present day.
"""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import quote_plus

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from forum.accounts import actions as accounts
from tests.journeys.live_site import LiveSite, run_askwell, serving
from tests.journeys.person import PASSWORD, Person
from tests.services import locate

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "screenshots"
DESKTOP = (1280, 800)
PHONE = (390, 844)
Theme = Literal["light", "dark"]

QUESTION = "Aria 14 loses 30 % of its battery overnight with the lid closed"
PERSON = "oskar_b"
VIEWER = "Nora Lindgren"


@dataclass(frozen=True, slots=True)
class Picture:
    """What is to be on a picture."""

    name: str
    path: str
    size: tuple[int, int] = DESKTOP
    theme: Theme = "light"
    language: str = "en"


def main() -> None:
    """Fill a site, take the pictures and say where they are."""
    chromium = locate.chromium()
    if chromium is None or not locate.can_run_playwright():
        raise SystemExit("screenshots: needs Chromium or Chrome; `make test` installs it where it can")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        data_dir = Path(folder) / "site"
        filled = run_askwell(data_dir, "demo")
        if filled.returncode:
            raise SystemExit(filled.stderr)
        browser = playwright.chromium.launch(executable_path=chromium)
        with serving(data_dir) as site:
            _take_all(browser, site)
        browser.close()


def _take_all(browser: Browser, site: LiveSite) -> None:
    viewer = _sign_in(browser, site)
    question, person = _path_of(viewer.page, site, QUESTION), _path_of_person(viewer.page, site, PERSON)
    pictures = (
        Picture("question", question, size=(1280, 1280)),
        Picture("home", "/"),
        Picture("search", f"/search?q={quote_plus('dock monitor')}"),
        Picture("profile", f"{person}?tab=reputation"),
        Picture("home-phone-arabic", "/", size=PHONE, language="ar"),
        Picture("profile-german", person, language="de"),
        Picture("question-phone-dark", question, size=PHONE, theme="dark"),
    )
    for picture in pictures:
        _take(viewer.page, site, picture)
    _take_ask_form(viewer)
    viewer.context.close()


def _take(page: Page, site: LiveSite, picture: Picture) -> None:
    _set_window(page, size=picture.size, theme=picture.theme)
    page.context.add_cookies([{"name": "language", "value": picture.language, "url": site.address}])
    page.goto(site.address + picture.path)
    _save(page, picture.name)


def _take_ask_form(viewer: Person) -> None:
    """Show the form with what somebody wrote, similar questions and its preview."""
    text = "After the update to 24H2 the dock charges, but **both screens** stay black:\n\n"
    _set_window(viewer.page, size=(1280, 1040), theme="light")
    viewer.fill_question(
        title="Harbor dock shows no picture since the update to 24H2",
        text=f"{text}```powershell\nGet-PnpDevice -Class Monitor | Format-Table Status, FriendlyName\n```\n",
        tags="docks displays windows-11",
    )
    viewer.page.locator("[data-preview] pre").wait_for()
    viewer.page.locator("[data-panel]").wait_for()
    _save(viewer.page, "ask")


def _set_window(page: Page, *, size: tuple[int, int], theme: Theme) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme=theme)


def _save(page: Page, name: str) -> None:
    path = FOLDER / f"{name}.png"
    page.screenshot(path=path)
    print(f"{path.relative_to(FOLDER.parent.parent)}: {path.stat().st_size // 1024} KB")


def _sign_in(browser: Browser, site: LiveSite) -> Person:
    with site.database() as database, database.transaction() as session:
        accounts.create_user(session, name=VIEWER, email="", password=PASSWORD, role="member")
    context: BrowserContext = browser.new_context()
    viewer = Person(context, site.address, name=VIEWER)
    viewer.go("/sign-in")
    viewer.sign_in()
    viewer.page.locator(".account-menu").wait_for()
    return viewer


def _path_of(page: Page, site: LiveSite, title: str) -> str:
    page.goto(f"{site.address}/search?q={quote_plus(title)}")
    href = page.get_by_role("main").get_by_role("link", name=title).first.get_attribute("href")
    return (href or "").partition("#")[0]


def _path_of_person(page: Page, site: LiveSite, name: str) -> str:
    page.goto(f"{site.address}/users?q={quote_plus(name)}")
    return page.get_by_role("main").get_by_role("link", name=name).first.get_attribute("href") or ""


if __name__ == "__main__":
    main()
