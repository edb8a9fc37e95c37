"""`askwell worker`"""

import os
import signal
import threading

import click

from forum import wiring
from forum.cli.serving.parent import when_parent_ends
from forum.cli.site import open_site
from forum.core import logs
from forum.core.settings import load_settings
from forum.worker.loop import Worker

_NICENESS = 10
"""How far the worker stands back when processors are short: it has a tenth of a web process's share."""


@click.command("worker")
@click.option("--parent", type=int, hidden=True, help="End when this process ends.")
def command(parent: int | None) -> None:
    """Keep the search index up to date and sweep; "askwell serve" starts one by itself.

    Several may run: one works, the others stand by.
    """
    settings = load_settings()
    # Those who wait for a page or have sent a form go first; what is to be found can come a moment later.
    os.nice(_NICENESS)
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stopping.set())
    logs.configure(form=settings.log_format, level=settings.log_level)
    if parent is not None:
        when_parent_ends(parent, stopping.set)
    with open_site(settings) as site:
        images = wiring.open_images(settings)
        Worker(site.database, site.engine, images, data_dir=settings.data_dir).run(stopping)
