"""`askwell import`"""

import sys
from pathlib import Path

import click
from rich.console import Console

from forum.cli.site import open_site, settle_in
from forum.importers.stackexchange.importing import import_dump
from forum.importers.stackexchange.progress import BarProgress, LineProgress, Progress
from forum.importers.stackexchange.summary import show_report


@click.group("import")
def command() -> None:
    """Bring in the history of another community."""


@command.command("stackexchange")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Read and check everything, report, and change nothing.")
@click.option("--host", help="The site that the dump comes from, if it can't be found out.")
def stackexchange(path: Path, dry_run: bool, host: str | None) -> None:
    """Import the Stack Exchange data dump at PATH: a folder, .zip or .7z of Posts.xml and its companions.

    Running it again adds what is new; after an interruption it goes on where it stopped. Every row that is
    left out is listed in a report file with its reason.
    """
    with open_site() as site:
        report = import_dump(
            path,
            database=site.database,
            data_dir=site.settings.data_dir,
            progress=_progress(),
            host=host,
            is_dry_run=dry_run,
        )
        show_report(report, Console())
        if not dry_run:
            settle_in(site)


def _progress() -> Progress:
    console = Console(stderr=True)
    return BarProgress(console) if console.is_terminal else LineProgress(sys.stderr)
