"""Telling how far an import is, without the importer knowing where that shows."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Protocol

from rich.console import Console
from rich.progress import (
    BarColumn,
    ProgressColumn,
    Task,
    TaskID,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.progress import Progress as Bars
from rich.text import Text

SECONDS_BETWEEN_LINES = 10.0


class Step(Protocol):
    """One step of the import."""

    def advance(self, amount: int) -> None:
        """Say that so much more of the step's total is done."""


class Progress(Protocol):
    """Where an import tells how far it is."""

    @contextmanager
    def step(self, name: str, *, total: int, unit: str) -> Iterator[Step]:
        """Give a step with a total amount of work, in bytes or things called `unit`."""
        ...


class SilentProgress:
    """Tells nobody."""

    @contextmanager
    def step(self, name: str, *, total: int, unit: str) -> Iterator[Step]:
        """Give a step that shows nothing."""
        yield _Unseen()


class BarProgress:
    """Bars on a terminal, with the rate and the remaining time."""

    def __init__(self, console: Console) -> None:
        self._console = console

    @contextmanager
    def step(self, name: str, *, total: int, unit: str) -> Iterator[Step]:
        """Show a bar until the step ends, and leave it there."""
        columns = (
            TextColumn("{task.description:<26}"),
            BarColumn(bar_width=30),
            TaskProgressColumn(),
            _Rate(unit),
            TimeRemainingColumn(compact=True, elapsed_when_finished=True),
        )
        with Bars(*columns, console=self._console) as bars:
            task = bars.add_task(name, total=max(total, 1))
            yield _Bar(bars, task)
            bars.update(task, completed=max(total, 1))


class LineProgress:
    """A line every ten seconds and one at the end of each step, for logs and pipes."""

    def __init__(self, output: IO[str]) -> None:
        self._output = output

    @contextmanager
    def step(self, name: str, *, total: int, unit: str) -> Iterator[Step]:
        """Write lines until the step ends."""
        lines = _Lines(self._output, name, total=total, unit=unit)
        yield lines
        lines.finish()


class _Unseen:
    def advance(self, amount: int) -> None:
        """Show nothing."""


class _Bar:
    def __init__(self, bars: Bars, task: TaskID) -> None:
        self._bars = bars
        self._task = task

    def advance(self, amount: int) -> None:
        """Move the bar."""
        self._bars.advance(self._task, amount)


class _Rate(ProgressColumn):
    """How much of the step is done per second."""

    def __init__(self, unit: str) -> None:
        super().__init__()
        self._unit = unit

    def render(self, task: Task) -> Text:
        """Return the rate as a text."""
        speed = task.finished_speed or task.speed
        return Text("" if speed is None else f"{_amount(speed, self._unit)}/s", style="progress.data.speed")


class _Lines:
    def __init__(self, output: IO[str], name: str, *, total: int, unit: str) -> None:
        self._output = output
        self._name = name
        self._total = total
        self._unit = unit
        self._done = 0
        self._started = self._written = time.monotonic()

    def advance(self, amount: int) -> None:
        """Write a line if the last one is old enough."""
        self._done += amount
        now = time.monotonic()
        if now - self._written >= SECONDS_BETWEEN_LINES:
            self._written = now
            rate = self._done / (now - self._started)
            left = max(self._total - self._done, 0) / rate if rate else 0.0
            share = 100 * self._done // max(self._total, 1)
            self._write(f"{share} %, {_amount(rate, self._unit)}/s, about {left:.0f} s left")

    def finish(self) -> None:
        """Write the last line."""
        self._write(f"{_amount(self._total, self._unit)} in {time.monotonic() - self._started:.1f} s")

    def _write(self, text: str) -> None:
        self._output.write(f"{self._name}: {text}\n")
        self._output.flush()


def _amount(number: float, unit: str) -> str:
    return f"{number / 1e6:.1f} MB" if unit == "bytes" else f"{number:,.0f} {unit}"
