"""What is wrong with a page for those who read it on a small screen, by its headings, or by ear."""

from collections.abc import Sequence

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# The rules of WCAG 2.2 up to AA, and what their authors recommend besides.
ALL_RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
_AXE = Axe().axe_script

_FAULTS = """() => {
    const seen = (selector) =>
        [...document.querySelectorAll(selector)].filter((element) => element.checkVisibility());

    const root = document.documentElement;
    const wider = root.scrollWidth - root.clientWidth;

    // What a drawing covers its place with is cut on purpose.
    const cut = seen('svg:not([preserveAspectRatio$="slice"]) text').filter(
        (text) => text.getBoundingClientRect().left < text.ownerSVGElement.getBoundingClientRect().left,
    );

    const levels = seen("h1, h2, h3, h4, h5, h6").map((heading) => Number(heading.tagName[1]));
    const leaps = levels.filter((level, at) => level > (levels[at - 1] ?? 0) + 1);

    const roles = { NAV: "navigation", ASIDE: "complementary", SECTION: "region" };
    const labelled = "section[aria-label], section[aria-labelledby]";
    const landmarks = seen(`nav, aside, ${labelled}, [role=region], [role=search]`).map((landmark) => {
        const label = document.getElementById(landmark.getAttribute("aria-labelledby"));
        const name = landmark.ariaLabel ?? label?.textContent ?? "";
        return `${landmark.role ?? roles[landmark.tagName]} “${name.trim()}”`;
    });
    const shared = landmarks.filter((name, at) => landmarks.indexOf(name) !== at);

    return [
        ...(wider > 0 ? [`${wider} pixels too wide`] : []),
        ...cut.map((text) => `“${text.textContent}” begins outside of its drawing`),
        ...leaps.map((level) => `a heading of level ${level} follows a much higher one`),
        ...shared.map((name) => `two landmarks are ${name}`),
    ];
}"""


# What scripts do after a window has changed its size is done when the next frame is drawn.
_RUN_AXE = """async (options) => {
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    return (await axe.run(options)).violations;
}"""


def faults_of(page: Page, *, rules: Sequence[str] = ALL_RULES) -> list[str]:
    """Return what is too wide or cut off, wrong with headings and landmarks, or found by axe-core.

    Without rules axe-core is left out, which is all that can be done where scripts are switched off.
    """
    if not rules:
        return page.evaluate(_FAULTS)
    if not page.evaluate("'axe' in window"):
        page.evaluate(_AXE)
    # No rule of ours needs the style sheets, which axe-core would fetch once more.
    options = {"runOnly": list(rules), "resultTypes": ["violations"], "preload": False}
    violations = page.evaluate(_RUN_AXE, options)
    faults: list[str] = page.evaluate(_FAULTS)
    return faults + [
        f"{violation['id']}: {violation['help']}: {node['html'][:160]}"
        for violation in violations
        for node in violation["nodes"]
    ]
