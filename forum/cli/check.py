"""`askwell check`"""

import dataclasses
import json
import sys

import click

from forum import wiring
from forum.checks.differences import Difference, Family
from forum.checks.images import IMAGE_USAGE, ImageFiles, ImageReferences
from forum.checks.jobs import Jobs
from forum.checks.posts import COMMENTS, POSTS
from forum.checks.questions import QUESTIONS
from forum.checks.reputation import REPUTATION
from forum.checks.run import check, repair
from forum.checks.saved_searches import NEW_MATCHES, SAVED_SEARCHES
from forum.checks.search import Search
from forum.checks.tags import TAGGED_QUESTIONS, TAGS
from forum.cli.site import Site, open_site
from forum.worker.catching_up import catch_up


class _Output:
    """Prints differences as they are found: a line each, or the members of one JSON object."""

    def __init__(self, *, as_json: bool) -> None:
        self._as_json = as_json
        self._count = 0

    def difference(self, difference: Difference) -> None:
        """Print one difference."""
        if not self._as_json:
            click.echo(str(difference))
            return
        click.echo('{"differences": [' if not self._count else ",")
        click.echo(json.dumps(dataclasses.asdict(difference)), nl=False)
        self._count += 1

    def end(self, count: int) -> None:
        """Print how many differences there are."""
        if self._as_json:
            opening = "" if self._count else '{"differences": ['
            click.echo(f'{opening}], "count": {count}}}')
        else:
            click.echo(f"{count:,} differences" if count else "Everything adds up.")


@click.command("check")
@click.option("--repair", "mend", is_flag=True, help="Mend what differs, then check again.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(mend: bool, as_json: bool) -> None:
    """Recount everything that is derived: scores, counters, reputation, tags, images, the search index.

    Prints each difference and exits with 1 if there is one. With --repair, the state after the repair counts.
    """
    with open_site() as site:
        families = families_of(site)
        output = _Output(as_json=as_json)
        if mend:
            found = check(site.database, families, report=_to_stderr, announce=_announce)
            if found:
                repair(site.database, families, announce=lambda name: _announce(f"mending {name}"))
        count = check(site.database, families, report=output.difference, announce=_announce)
        output.end(count)
    if count:
        raise SystemExit(1)


def families_of(site: Site) -> tuple[Family, ...]:
    """Return all checks, in the order in which their repairs build on one another."""
    jobs = Jobs(lambda: catch_up(site.database, site.engine, data_dir=site.settings.data_dir))
    counted = (
        POSTS,
        COMMENTS,
        TAGS,
        TAGGED_QUESTIONS,
        QUESTIONS,
        REPUTATION,
        SAVED_SEARCHES,
        NEW_MATCHES,
        IMAGE_USAGE,
    )
    files = ImageFiles(site.database, wiring.open_images(site.settings), progress=_announce_images)
    search = Search(site.database, site.engine, progress=_announce_threads)
    return (*counted, ImageReferences(), files, search, jobs)


def _to_stderr(difference: Difference) -> None:
    click.echo(str(difference), err=True)


def _announce_threads(done: int, total: int) -> None:
    _announce(f"search index: {done:,} of {total:,} threads")


def _announce_images(done: int, total: int) -> None:
    _announce(f"files of images: {done:,} of {total:,} parts of the store")


def _announce(text: str) -> None:
    """Say what is going on to somebody at a terminal, on a line that the next one replaces."""
    if sys.stderr.isatty():
        click.echo(f"\r\x1b[K{text} …\r", err=True, nl=False)
