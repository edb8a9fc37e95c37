"""`askwell serve`"""

import click

from forum.accounts import actions as accounts
from forum.accounts import queries
from forum.accounts.rules import LINK_HOURS
from forum.cli.serving.address import listening_address
from forum.cli.serving.announcement import announce_when_ready
from forum.cli.serving.background import BackgroundWorker
from forum.cli.serving.sharing import make_application
from forum.cli.serving.web_server import serve, web_server
from forum.cli.site import Site, open_site
from forum.core import logs
from forum.core.settings import load_settings


@click.command("serve")
@click.option("--host", help="Address to listen on, instead of ASKWELL_HOST.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on, instead of ASKWELL_PORT.")
@click.option("--workers", type=click.IntRange(1, 64), help="Web processes, instead of ASKWELL_WORKERS.")
def command(host: str | None, port: int | None, workers: int | None) -> None:
    """Run the site: the web server, and the background worker that keeps search up to date.

    Ends on SIGTERM and Ctrl+C, after the requests at hand are answered.
    """
    given = {"host": host, "port": port, "workers": workers}
    chosen = {name: value for name, value in given.items() if value is not None}
    settings = load_settings().model_copy(update=chosen)
    logs.configure(form=settings.log_format, level=settings.log_level)
    address, port = listening_address(settings)
    # Closed again before the server forks its processes, which must not share a connection.
    with open_site(settings) as site:
        settings.signing_key()
        text = _greeting(site)
    make_application(settings)
    background = BackgroundWorker(settings)
    server = web_server(settings, host=address, port=port)
    server.on_startup(background.start)
    server.on_startup(lambda: announce_when_ready(text, host=address, port=port))
    try:
        serve(server, settings)
    finally:
        background.stop()


def _greeting(site: Site) -> str:
    """Return what is printed when the site answers: its address and, without an administrator, a link."""
    lines = [f"{site.settings.site_name} answers at {site.settings.address} (Ctrl+C ends it)."]
    with site.database.transaction() as session:
        if not queries.admin_count(session):
            token = accounts.issue_link(session, purpose="first-admin")
            lines += [
                "There is no administrator yet. This link makes one; it works once, within "
                f"{LINK_HOURS['first-admin'] // 24} days:",
                f"  {site.settings.address}/setup/{token}",
            ]
    return "\n".join(lines)
