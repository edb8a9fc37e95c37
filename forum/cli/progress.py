"""How far a long piece of work is, for the person at the terminal or for the log of a job."""

import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

LINE_SECONDS = 10.0
"""How often a line is printed where there is no terminal."""
WINDOW_SECONDS = 30.0
"""How far back the rate is measured: an interrupted piece of work begins faster than it goes on."""

Told = Callable[[int, int], None]
"""Is told how many are done, of how many."""


class Pace:
    """The rate of a piece of work, and how long it will take at that rate."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, int]] = deque()

    def of(self, done: int, total: int, *, at: float) -> str:
        """Note how many are done at a moment in seconds; return rate and remaining time, once known."""
        self._seen.append((at, done))
        while at - self._seen[0][0] > WINDOW_SECONDS and len(self._seen) > 2:
            self._seen.popleft()
        began, before = self._seen[0]
        if at - began < 1 or done <= before:
            return ""
        rate = (done - before) / (at - began)
        left = timedelta(seconds=round(max(total - done, 0) / rate))
        return f"{rate:,.0f} a second, {left} left"


@contextmanager
def bar(what: str) -> Iterator[Told]:
    """Give a function that is told how many are done, of how many; it shows a bar, or lines now and then."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _lines(what)
        return
    speed = TextColumn("{task.fields[pace]}")
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), speed)
    pace = Pace()
    with Progress(*columns, console=console, transient=True) as shown:
        task = shown.add_task(what, total=None, pace="")

        def tell(done: int, total: int) -> None:
            shown.update(task, completed=done, total=total, pace=pace.of(done, total, at=time.monotonic()))

        yield tell


def _lines(what: str) -> Told:
    pace = Pace()
    printed_at = time.monotonic()

    def tell(done: int, total: int) -> None:
        nonlocal printed_at
        now = time.monotonic()
        speed = pace.of(done, total, at=now)
        if now - printed_at >= LINE_SECONDS:
            printed_at = now
            click.echo(f"{what}: {done:,} of {total:,}{', ' if speed else ''}{speed}", err=True)

    return tell
