"""`askwell images`"""

import click

from forum import wiring
from forum.cli.site import open_site
from forum.images.cleaning import clean as remove
from forum.images.rules import in_megabytes


@click.group("images")
def command() -> None:
    """Look after the images that people uploaded."""


@command.command("clean")
@click.option("--dry-run", is_flag=True, help="Tell what would be removed, and remove nothing.")
def clean(dry_run: bool) -> None:
    """Remove images that no text has referred to for a day, and files that belong to no image.

    The worker does the same bit by bit, each hour.
    """
    with open_site() as site:
        cleaned = remove(site.database, wiring.open_images(site.settings), is_rehearsal=dry_run)
    verb = "Would remove" if dry_run else "Removed"
    freed = in_megabytes(cleaned.byte_count)
    click.echo(f"{verb} {cleaned.images:,} images and {cleaned.files:,} stray files, {freed}.")
