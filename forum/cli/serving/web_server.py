"""The web server: Granian, with the processes and threads of the settings."""

import os
import signal
from functools import partial
from multiprocessing.util import Finalize
from typing import Any

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.common import AbstractServer
from granian.server.mp import MPServer

from forum.cli.serving.sharing import application, call_process, let_go
from forum.core.parent import when_parent_ends
from forum.core.settings import Settings

GRACE_SECONDS = 5
"""How long a process of the server may take to finish its requests."""

# The server's lines go the way of ours, see forum.core.logs.
_LOGS: dict[str, Any] = {
    "formatters": {},
    "handlers": {},
    "loggers": {name: {"handlers": [], "propagate": True} for name in ("_granian", "granian.access")},
}


class _Server(MPServer):
    """Granian's server, which lets go of what its processes have inherited."""

    def startup(self, spawn_target: Any, target_loader: Any) -> None:
        """Start the processes."""
        super().startup(spawn_target, target_loader)  # type: ignore[no-untyped-call]  # typed in part only
        let_go()


def web_server(settings: Settings, *, host: str, port: int) -> AbstractServer[Any]:
    """Return the server, ready to be started by `serve`."""
    return _Server(
        "askwell",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=settings.workers,
        blocking_threads=settings.threads,
        http=HTTPModes.http1,
        # Whoever sends its request more slowly than this holds a connection for nothing.
        http1_settings=HTTP1Settings(header_read_timeout=15_000),
        websockets=False,
        log_level=LogLevels(settings.log_level),
        log_dictconfig=_LOGS,
        respawn_failed_workers=True,
        workers_kill_timeout=GRACE_SECONDS,
    )


def serve(server: AbstractServer[Any], settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT arrives and the requests at hand are answered."""
    server.serve(target_loader=partial(load_application, settings, os.getpid()), wrap_loader=False)


def load_application(settings: Settings, parent: int) -> Any:
    """Return the WSGI application, in one of the server's processes."""
    call_process("askwell-web")
    app = application(settings)
    # Processes of this kind end without running what atexit registered.
    Finalize(None, app.extensions["askwell"].activity.close, exitpriority=10)
    when_parent_ends(parent, lambda: os.kill(os.getpid(), signal.SIGTERM))
    return app
