"""Log lines for machines (one JSON object each) or for people, with the id of the request they belong to.

Lines of the libraries we use go the same way, so that a log collector never meets a line that it can't read.
"""

import logging
import sys
from typing import Any, TextIO

import structlog
from structlog.contextvars import bind_contextvars, clear_contextvars, merge_contextvars
from structlog.typing import EventDict, Processor

_LEVEL_AND_TIME: tuple[Processor, ...] = (
    merge_contextvars,
    structlog.processors.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
)


class _OwnLines:
    """Writes lines of ours past the standard library's records, of which it would make two for each."""

    def __init__(self, name: str = "forum") -> None:
        self.name = name

    def _write(self, line: str) -> None:
        sys.stderr.write(f"{line}\n")

    debug = info = warning = error = critical = _write


class _ErrorStream(logging.StreamHandler[TextIO]):
    """Writes to whatever is the standard error stream at the moment of writing."""

    @property
    def stream(self) -> TextIO:
        """The present standard error stream."""
        return sys.stderr

    @stream.setter
    def stream(self, _value: TextIO) -> None:
        """Ignore the stream of the moment at which the logs were set up."""


def configure(*, form: str, level: str) -> None:
    """Write log lines of `level` and above to the standard error stream, as "json" or "text"."""
    structlog.configure(
        processors=[*_LEVEL_AND_TIME, *_rendering(form)],
        logger_factory=_OwnLines,
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=False,
    )
    output = _ErrorStream()
    output.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_LEVEL_AND_TIME,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_rendering(form)],
        )
    )
    root = logging.getLogger()
    for former in [entry for entry in root.handlers if isinstance(entry, _ErrorStream)]:
        root.removeHandler(former)
    root.addHandler(output)
    root.setLevel(level.upper())


def begin_request(**known: Any) -> None:
    """Let every line of this thread carry what is known of the request, until `end_request`."""
    clear_contextvars()
    bind_contextvars(**known)


def end_request() -> None:
    """Forget the request; lines that follow belong to no request."""
    clear_contextvars()


def _rendering(form: str) -> list[Processor]:
    if form == "json":
        return [structlog.processors.dict_tracebacks, _rename_event, structlog.processors.JSONRenderer()]
    return [structlog.dev.ConsoleRenderer(colors=False)]


def _rename_event(_logger: Any, _method: str, line: EventDict) -> EventDict:
    """Call the text of a line "message", as log collectors expect it."""
    line["message"] = line.pop("event")
    return line
