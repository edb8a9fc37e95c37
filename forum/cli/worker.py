"""`askwell worker`"""

import click

from forum import wiring
from forum.cli.serving.working import work
from forum.cli.site import open_site
from forum.core import logs
from forum.core.settings import load_settings


@click.command("worker")
def command() -> None:
    """Keep the search index up to date and sweep; "askwell serve" starts one by itself.

    Several may run: one works, the others stand by.
    """
    settings = load_settings()
    logs.configure(form=settings.log_format, level=settings.log_level)
    with open_site(settings) as site:
        work(site.database, site.engine, wiring.open_images(settings), data_dir=settings.data_dir)
