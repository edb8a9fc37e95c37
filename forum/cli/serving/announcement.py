"""Telling whoever started the site that it answers, and where."""

import http.client
import threading
import time

import click

from forum.cli.serving.address import local_address

_PATIENCE_SECONDS = 120.0


def announce_when_ready(text: str, *, host: str, port: int) -> None:
    """Print `text` from a thread as soon as the server answers its health check, whatever that says."""
    arguments = {"text": text, "host": local_address(host), "port": port}
    threading.Thread(target=_announce, kwargs=arguments, name="announcement", daemon=True).start()


def _announce(*, text: str, host: str, port: int) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if _answers(host, port):
            click.echo(text)
            return
        time.sleep(0.1)


def _answers(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", "/healthz", headers={"Connection": "close"})
        connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True
