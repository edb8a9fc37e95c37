"""`askwell reindex`"""

import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from types import FrameType

import click

from forum.cli.progress import Told, bar
from forum.cli.site import open_site
from forum.core.forked import processes_here
from forum.worker.rebuild_log import Stage
from forum.worker.rebuilding import Rebuilding, Tell

_SHOWN = {Stage.FILLING: "threads", Stage.COMPARING: "comparing"}


@click.command("reindex")
def command() -> None:
    """Build the search index anew beside the live one, then switch to it; searching goes on meanwhile.

    Ctrl+C ends it between two batches. The next run goes on there, as it does after a kill.
    """
    with open_site() as site, _shown() as tell, _ended_gently(tell) as tell_or_end:
        rebuilding = Rebuilding(
            site.database, site.engine, data_dir=site.settings.data_dir, processes=processes_here()
        )
        count = rebuilding.rebuild("askwell reindex was run.", tell_or_end)
    click.echo(f"Indexed {count:,} threads.")


@contextmanager
def _shown() -> Iterator[Tell]:
    """Show a bar for each stage, one after the other."""
    with ExitStack() as shown:
        at: Stage | None = None
        told: Told | None = None

        def tell(stage: Stage, done: int, total: int) -> None:
            nonlocal at, told
            if stage is not at or told is None:
                shown.close()
                at, told = stage, shown.enter_context(bar(_SHOWN[stage]))
            told(done, total)

        yield tell


@contextmanager
def _ended_gently(tell: Tell) -> Iterator[Tell]:
    """Let the first Ctrl+C end the work when the batch at hand is done, and a second one at once."""
    asked: list[int] = []

    def ask(number: int, _frame: FrameType | None) -> None:
        asked.append(number)
        signal.signal(number, before[number])

    def tell_or_end(stage: Stage, done: int, total: int) -> None:
        if asked:
            message = f"Ended after {done:,} of {total:,} threads. Run `askwell reindex` again to go on."
            click.echo(f"askwell: {message}", err=True)
            raise click.Abort
        tell(stage, done, total)

    numbers: tuple[int, ...] = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, ask) for number in numbers}
    try:
        yield tell_or_end
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
