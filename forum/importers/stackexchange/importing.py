"""The whole way of a dump: read, check, load, reconcile, report."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime
from pathlib import Path

from sqlalchemy import Table, func, select

from forum.core import clock
from forum.core.db import Database
from forum.importers.stackexchange import staged_tables as staged
from forum.importers.stackexchange.dump import locate_dump
from forum.importers.stackexchange.links import Links
from forum.importers.stackexchange.loading import numbers
from forum.importers.stackexchange.loading.batch import Preparation, prepare
from forum.importers.stackexchange.loading.linking import load_links
from forum.importers.stackexchange.loading.origins import FINISHED, find_present
from forum.importers.stackexchange.loading.people import load_badges, load_people
from forum.importers.stackexchange.loading.profiles import load_profiles
from forum.importers.stackexchange.loading.reconciling import reconcile
from forum.importers.stackexchange.loading.run import Renderer, Run, places_in
from forum.importers.stackexchange.loading.tagging import load_synonyms, load_tags
from forum.importers.stackexchange.loading.threads import count_waiting, waiting_threads
from forum.importers.stackexchange.loading.writing import write
from forum.importers.stackexchange.progress import Progress, Step
from forum.importers.stackexchange.report import Report, count_rows, frequent_reasons, write_report
from forum.importers.stackexchange.site_host import canonical, find_host
from forum.importers.stackexchange.source import stage_dump, working_folder
from forum.importers.stackexchange.staging import Staging

_ORIGIN_LENGTH = 120


def import_dump(
    path: Path,
    *,
    database: Database,
    data_dir: Path,
    progress: Progress,
    host: str | None = None,
    is_dry_run: bool = False,
    renderer: Renderer | None = None,
) -> Report:
    """Bring the dump at `path` into the forum, as far as it is not there yet, and report on every row.

    An import that was killed goes on where it stopped. A dry run stops before the first change of the forum
    and reports what would be done. Raise RefusedDump, with the forum unchanged, for a dump that can't be
    trusted. `host` names the site that the dump comes from; it is found out if it is not given. Without a
    `renderer` the import starts and ends one of its own, which takes a second or two.
    """
    path = locate_dump(path)
    with working_folder(path, data_dir=data_dir) as folder:
        staging = stage_dump(path, folder, progress=progress)
        try:
            site = canonical(host) if host else find_host(staging, path)
            origin = (site or path.stem.lower())[:_ORIGIN_LENGTH]
            find_present(database, staging, origin)
            if not is_dry_run:
                staging.keep(FINISHED, "no")
                with nullcontext(renderer) if renderer else Renderer() as rendering:
                    links = Links(site, places_in(staging))
                    _load(Run(database, staging, origin, links, rendering, _first_day(staging)), progress)
                staging.keep(FINISHED, "yes")
            return _report(staging, folder / "report.jsonl", origin=origin, host=site, is_dry_run=is_dry_run)
        finally:
            staging.close()


def _report(staging: Staging, path: Path, *, origin: str, host: str | None, is_dry_run: bool) -> Report:
    write_report(staging, path)
    return Report(
        origin=origin,
        host=host,
        is_dry_run=is_dry_run,
        files=count_rows(staging),
        reasons=frequent_reasons(staging),
        path=path,
    )


def _load(run: Run, progress: Progress) -> None:
    with _step(run, progress, "Loading people", staged.user, "people") as step:
        load_people(run, step)
    with _step(run, progress, "Loading badges", staged.badge, "badges") as step:
        load_badges(run, step)
    load_synonyms(run)
    _load_threads(run, progress)
    # After the threads, as the wikis of tags link to them.
    with _step(run, progress, "Loading tags", staged.tag, "tags") as step:
        load_tags(run, step)
    with _step(run, progress, "Loading links", staged.link, "links") as step:
        load_links(run, step)
    people = _count(run.staging, staged.user, staged.IMPORTED)
    with progress.step("Loading profiles", total=people, unit="people") as step:
        load_profiles(run, step)
    with progress.step("Reconciling reputation", total=people, unit="people") as step:
        reconcile(run, step)


def _load_threads(run: Run, progress: Progress) -> None:
    with progress.step("Loading threads", total=count_waiting(run.staging), unit="threads") as step:
        if not numbers.are_reserved(run.staging):
            _load_first_thread(run, step)
        waiting = waiting_threads(run.staging)
        following = _following(run, waiting)
        while following is not None:
            batch = following.finished()
            # Its texts are rendered by other processes while this one writes.
            following = _following(run, waiting)
            with run.database.transaction() as session:
                write(session, run, batch)
            step.advance(len(batch.threads))


def _following(run: Run, waiting: Iterator[list[int]]) -> Preparation | None:
    question_ids = next(waiting, None)
    return None if question_ids is None else Preparation(run, question_ids)


def _load_first_thread(run: Run, step: Step) -> None:
    """Load the thread that holds the highest id, in the transaction that reserves the ids for all."""
    with run.database.transaction() as session:
        question_id = numbers.reserve(session, run.staging)
        write(session, run, prepare(run, [question_id]))
    step.advance(1)


@contextmanager
def _step(run: Run, progress: Progress, name: str, table: Table, unit: str) -> Iterator[Step]:
    waiting = _count(run.staging, table, "")
    with progress.step(name, total=waiting, unit=unit) as step:
        yield step


def _count(staging: Staging, table: Table, state: str) -> int:
    rows = select(func.count().label("number")).select_from(table).where(table.c.state == state)
    return int(staging.select(rows)[0].number)


def _first_day(staging: Staging) -> datetime:
    first = staging.select(select(func.min(staged.post.c.created_at).label("first")))[0].first
    return first or clock.now()
