"""Lighthouse over a freshly filled demo site: `make lighthouse`.

Prints the scores of a question and of the first page, signed out, on a phone and on a desktop. The reports
lie in `lighthouse/`. Ends with 1 when a score is below `LEAST`, with 2 when something is missing here.
"""

import http.client
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import select

from forum.posts.models import Post
from forum.posts.rules import question_path
from tests.journeys.live_site import LiveSite, run_askwell, serving
from tests.services import locate

PACKAGE = "lighthouse@12.8.2"
LEAST = 98
"""Points of 100 that each category must have."""
TRIES = 3
"""The best of so many measurements counts: the machine's other work takes points away and never adds any."""
WARM_UP = 20
"""Requests for each page beforehand; that all of them miss one of two processes is as good as impossible."""
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
DEVICES = ("mobile", "desktop")
FOLDER = Path(__file__).resolve().parent.parent / "lighthouse"

Scores = dict[str, int]


class CannotMeasureError(Exception):
    """Something is missing on this machine, or Lighthouse did not come to an end."""


def main() -> int:
    """Measure, print the table, and return how the program ends."""
    try:
        npx, chromium = _programs()
        with tempfile.TemporaryDirectory() as folder:
            measured = _measure_site(Path(folder) / "site", npx, chromium)
    except CannotMeasureError as error:
        print(f"lighthouse: {error}", file=sys.stderr)
        return 2
    _print(measured)
    return int(any(_lacks(scores) for scores in measured.values()))


def _programs() -> tuple[str, str]:
    npx, chromium = shutil.which("npx"), os.environ.get("CHROME_PATH") or locate.chromium()
    if npx is None:
        raise CannotMeasureError("needs npx, which comes with Node.js")
    if chromium is None:
        raise CannotMeasureError("needs Chromium or Chrome; CHROME_PATH names one")
    return npx, str(chromium)


def _measure_site(data_dir: Path, npx: str, chromium: str) -> dict[str, Scores]:
    """Fill and serve a demo site, and return the scores of its pages on each device."""
    filled = run_askwell(data_dir, "demo")
    if filled.returncode:
        raise CannotMeasureError(filled.stderr.strip())
    FOLDER.mkdir(exist_ok=True)
    measured: dict[str, Scores] = {}
    with serving(data_dir) as site:
        pages = {"question": _longest_question(site), "home": "/"}
        for name, path in pages.items():
            _warm(site, path)
            for device in DEVICES:
                command = [npx, "--yes", PACKAGE, site.address + path, *_options(device)]
                measured[f"{name}, {device}"] = _best(command, chromium, FOLDER / f"{name}-{device}")
    return measured


def _longest_question(site: LiveSite) -> str:
    """Return the path of the question with the most answers, which is the heaviest page to draw."""
    longest = select(Post.id, Post.slug).where(Post.kind == "question").order_by(Post.answer_count.desc())
    with site.database() as database, database.reading() as session:
        id, slug = session.execute(longest.limit(1)).one()
    return question_path(id, slug)


def _warm(site: LiveSite, path: str) -> None:
    """Ask for a page until each process of the server has opened the search index, as on a site that runs."""
    for _ in range(WARM_UP):
        # A connection of its own each time, as a connection stays with one process.
        connection = http.client.HTTPConnection(urlsplit(site.address).netloc, timeout=60)
        connection.request("GET", path)
        connection.getresponse().read()
        connection.close()


def _options(device: str) -> list[str]:
    return [
        "--quiet",
        "--output=html",
        "--output=json",
        f"--only-categories={','.join(CATEGORIES)}",
        "--chrome-flags=--no-sandbox --headless=new",
        *(["--preset=desktop"] if device == "desktop" else []),
    ]


def _best(command: list[str], chromium: str, report: Path) -> Scores:
    """Measure until every category has its points, a few times at most; the reports are of the last time."""
    best: Scores = dict.fromkeys(CATEGORIES, 0)
    for _ in range(TRIES):
        scores = _measure(command, chromium, report)
        best = {name: max(best[name], scores[name]) for name in CATEGORIES}
        if not _lacks(best):
            break
    return best


def _measure(command: list[str], chromium: str, report: Path) -> Scores:
    ran = subprocess.run(
        [*command, f"--output-path={report}"],
        env={**os.environ, "CHROME_PATH": chromium},
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode:
        lines = ran.stderr.strip().splitlines()
        raise CannotMeasureError(
            f"npx ended with {ran.returncode}: {lines[0] if lines else 'no reason given'}"
        )
    found = json.loads(report.with_name(f"{report.name}.report.json").read_text())["categories"]
    # A category that could not be measured has no score, which is no pass.
    return {name: round((found[name]["score"] or 0) * 100) for name in CATEGORIES}


def _lacks(scores: Scores) -> bool:
    return min(scores.values()) < LEAST


def _print(measured: dict[str, Scores]) -> None:
    print(f"{'':20}" + "".join(f"{name:>16}" for name in CATEGORIES))
    for name, scores in measured.items():
        print(f"{name:20}" + "".join(f"{score:>16}" for score in scores.values()))
    print(f"At least {LEAST} is wanted everywhere. Reports: {FOLDER.name}/*.report.html")


if __name__ == "__main__":
    sys.exit(main())
