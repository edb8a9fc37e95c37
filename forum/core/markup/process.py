"""A process that renders, seen from the server: started when needed, killed when it takes too long."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, cast

from forum.core.errors import Misconfigured
from forum.core.markup.values import Rendered, Source
from forum.core.markup.wire import READY, decode_results, encode_sources, read_frame, write_frame

_IMPORT_ROOT = str(Path(__file__).resolve().parents[3])
# The secrets of the site, which are in the environment too, are no business of a process that reads posts.
_PASSED_ON = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "TZ")


# What a process ends with when its own timer stops it. There is no such signal on Windows.
_OUT_OF_CPU_TIME = -getattr(signal, "SIGPROF", 0)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one source may take.

    The limit of CPU time is the one that counts. The limit on the clock is twice as long, because on a busy
    machine an ordinary post waits for its turn and must not be stored unformatted for that.
    """

    cpu_seconds: float = 2.0
    clock_seconds: float = 4.0
    start_seconds: float = 60.0
    memory_bytes: int = 1024 * 1024 * 1024


class RenderingChild:
    """One process, used by one thread at a time."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._is_ready = False

    @property
    def pid(self) -> int | None:
        """The number of the process, None as long as none was needed."""
        return self._process.pid if self._process else None

    @property
    def is_starting(self) -> bool:
        """Whether the process was started and is not ready yet."""
        return self._process is not None and not self._is_ready

    def render(self, source: Source) -> Rendered | None:
        """Return the rendered source, or None when it takes more than the limits allow.

        A process that ends for another reason is started anew, once: it may have been killed from outside.
        Raises Misconfigured when no process can be started.
        """
        results = self._results([source], attempts=2)
        return results[0] if results else None

    def render_all(self, sources: Sequence[Source]) -> "list[Rendered | None] | None":
        """Return the rendered sources, or None when the process ended at one of them, whichever that was.

        Asking for each by itself takes this process seven times as long. Raises Misconfigured like `render`.
        """
        return self._results(sources, attempts=1)

    def _results(self, sources: Sequence[Source], *, attempts: int) -> "list[Rendered | None] | None":
        request = encode_sources(sources)
        with self._lock:
            for _ in range(attempts):
                process = self._ready_process()
                with _Watchdog(process, self._limits.clock_seconds * len(sources)) as watchdog:
                    answer = _exchange(process, request)
                if answer is not None and not watchdog.has_bitten:
                    return decode_results(answer)
                code = process.wait()
                # Started now rather than when the next source comes: it gets ready while nobody waits.
                self._start()
                if answer is not None:
                    return decode_results(answer)
                if watchdog.has_bitten or code == _OUT_OF_CPU_TIME:
                    break
        return None

    def close(self) -> None:
        """End the process after what it works on."""
        with self._lock:
            self._stop()

    def forget(self) -> None:
        """Let go of a process that belongs to the process from which this one was forked."""
        if self._process is not None:
            for pipe in _pipes(self._process):
                pipe.close()
            # It is no child of ours, so this finds nothing, and Python does not ask again.
            self._process.poll()
            self._process = None

    def _ready_process(self) -> "subprocess.Popen[bytes]":
        process = self._process
        if process is None or process.poll() is not None:
            process = self._start()
        if not self._is_ready:
            with _Watchdog(process, self._limits.start_seconds):
                self._is_ready = _answer(process) == READY
            if not self._is_ready:
                raise Misconfigured(f"Posts can't be rendered. This says why: {' '.join(self._command)}")
        return process

    def _start(self) -> "subprocess.Popen[bytes]":
        self._stop()
        environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        environment["PYTHONPATH"] = os.pathsep.join(
            filter(None, [_IMPORT_ROOT, os.environ.get("PYTHONPATH")])
        )
        self._is_ready = False
        self._process = subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            env=environment,
            # A process group of its own, out of the reach of Ctrl-C: it ends when its parent has ended.
            process_group=0 if os.name == "posix" else None,
        )
        return self._process

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        requests, answers = _pipes(process)
        requests.close()
        try:
            process.wait(self._limits.clock_seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        answers.close()

    @property
    def _command(self) -> list[str]:
        limits = [str(self._limits.cpu_seconds), str(self._limits.memory_bytes)]
        # -P: a module in the current directory must not take the place of one of ours.
        return [sys.executable, "-P", "-m", "forum.core.markup.child", *limits]


class _Watchdog:
    """Kill a process that has not answered in time; works on every system, as `select` on pipes does not."""

    def __init__(self, process: "subprocess.Popen[bytes]", seconds: float) -> None:
        self.has_bitten = False
        self._process = process
        self._timer = threading.Timer(seconds, self._bite)
        self._timer.daemon = True

    def __enter__(self) -> "_Watchdog":
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        # Without waiting for it, it could still kill the process, at the expense of the next source.
        self._timer.join()

    def _bite(self) -> None:
        self.has_bitten = True
        self._process.kill()


def _exchange(process: "subprocess.Popen[bytes]", request: bytes) -> bytes | None:
    try:
        write_frame(_pipes(process)[0], request)
    except OSError:
        return None
    return _answer(process)


def _answer(process: "subprocess.Popen[bytes]") -> bytes | None:
    try:
        return read_frame(_pipes(process)[1])
    except (EOFError, OSError):
        return None


def _pipes(process: "subprocess.Popen[bytes]") -> tuple[BinaryIO, BinaryIO]:
    return cast(BinaryIO, process.stdin), cast(BinaryIO, process.stdout)
