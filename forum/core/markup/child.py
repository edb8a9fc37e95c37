"""The process that renders: one source after the other, in batches, until its parent closes the pipe.

    python -m forum.core.markup.child CPU_SECONDS MEMORY_BYTES

Python-Markdown and Bleach take quadratic time on some inputs, 150 s on 30,000 opening brackets, and no thread
can be stopped while it runs a regular expression. A process can.
"""

import os
import signal
import sys
from typing import BinaryIO

from forum.core.markup.pipeline import OutputTooLarge, convert
from forum.core.markup.values import Flavour, Rendered, Source
from forum.core.markup.wire import READY, decode_sources, encode_results, read_frame, write_frame

if (
    sys.platform != "win32"
):  # It has neither limits of memory nor timers of CPU time; the parent's limit holds.
    import resource


def main() -> None:
    """Answer requests on the standard input until it ends."""
    cpu_seconds, memory_bytes = float(sys.argv[1]), int(sys.argv[2])
    requests, answers = _take_pipes()
    _limit_memory(memory_bytes)
    # Loads the languages and builds the converters, at no source's expense.
    for flavour in Flavour:
        convert(Source("*a* `b` <c@d.e>", flavour))
    write_frame(answers, READY)
    try:
        while True:
            results = []
            for source in decode_sources(read_frame(requests)):
                # Each source has the whole time, whatever those before it took.
                _limit_cpu(cpu_seconds)
                results.append(_rendered(source))
            frame = encode_results(results)
            _limit_cpu(0)
            write_frame(answers, frame)
    except (EOFError, BrokenPipeError):
        return


def _take_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Return both pipes, and send anything that a library prints to the standard error instead."""
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    return os.fdopen(0, "rb", buffering=0), answers


def _limit_memory(size: int) -> None:
    if sys.platform == "win32":
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = size if hard == resource.RLIM_INFINITY else min(size, hard)
    try:
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ValueError, OSError):
        # macOS knows the limit by name only.
        return


def _limit_cpu(seconds: float) -> None:
    """Have the kernel end this process when it has run for so many seconds; 0 takes the limit back.

    A timer rather than RLIMIT_CPU, which counts whole seconds from the start of the process.
    """
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_PROF, seconds)


def _rendered(source: Source) -> Rendered | None:
    try:
        return convert(source)
    except (OutputTooLarge, RecursionError, MemoryError):
        return None
    except Exception as error:
        # The libraries raise whatever they like on hostile input, and no post may take the process down.
        print(
            f"askwell: a text of {len(source.text)} characters was not rendered: {error!r:.200}",
            file=sys.stderr,
        )
        return None


if __name__ == "__main__":
    main()
