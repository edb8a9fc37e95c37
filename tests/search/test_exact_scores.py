"""Our arrays against Whoosh's own matchers: the same records with the same scores."""

import random
from pathlib import Path

import pytest
from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex
from whoosh.searching import Searcher

from forum.search.engines.languages import analyses_for
from forum.search.engines.whoosh_index import WhooshIndex
from forum.search.engines.whoosh_reading import find
from forum.search.engines.whoosh_schema import schema
from forum.search.engines.whoosh_snapshots import Snapshots
from forum.search.plan import Plan, plan
from forum.search.ranking import SOLVED_FACTOR
from forum.search.syntax import parse
from tests.search.oracle.queries import query_for
from tests.search.oracle.ranking import Ranking
from tests.search.test_engines_agree import a_query, a_site

ENGLISH = analyses_for("en")


@pytest.fixture(params=range(4))
def index(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[FileIndex, random.Random]:
    """An index of several segments, in which threads were replaced and removed."""
    chance = random.Random(request.param)
    folder = tmp_path / "index"
    folder.mkdir()
    written = WhooshIndex.create(folder, ENGLISH)
    for _ in range(4):
        written.index(chance.sample(a_site(chance), 25))
    written.remove(chance.sample(range(1, 61), 5))
    written.close()
    return FileIndex(FileStorage(str(folder)), schema=schema()), chance


def ours(snapshots: Snapshots, planned: Plan) -> dict[tuple[int, int], float]:
    with snapshots.lent() as snapshot:
        return {
            (int(segment.columns["thread_id"][number]), int(segment.columns["post_id"][number])): score
            for segment, matches in find(snapshot, planned).parts
            for number, score in zip(matches.numbers.tolist(), matches.scores.tolist(), strict=True)
        }


def whooshs(index: FileIndex, planned: Plan) -> dict[tuple[int, int], float]:
    found = {}
    with Searcher(index.reader(), weighting=Ranking(), fromindex=index) as searcher:
        for leaf, _ in searcher.leaf_searchers():
            matcher = query_for(planned).matcher(leaf, searcher.context())
            column = {
                name: leaf.reader().column_reader(name, translate=False).numbers()
                for name in ("thread_id", "post_id", "is_solved")
            }
            while matcher.is_active():
                number = matcher.id()
                key = (int(column["thread_id"][number]), int(column["post_id"][number]))
                found[key] = matcher.score() * (SOLVED_FACTOR if column["is_solved"][number] else 1.0)
                matcher.next()
    return found


def test_every_query_finds_and_scores_as_whoosh_does(index: tuple[FileIndex, random.Random]) -> None:
    written, chance = index
    snapshots = Snapshots(written)
    found_anything = 0
    for _ in range(150):
        query = parse(a_query(chance))
        planned = plan(query, ENGLISH)
        if planned.is_empty:
            continue
        wanted = [planned, *([relaxed] if (relaxed := planned.relaxed()) else [])]
        for variant in wanted:
            expected = whooshs(written, variant)
            assert ours(snapshots, variant) == pytest.approx(expected, rel=1e-9, abs=1e-12), query
            found_anything += bool(expected)
    assert found_anything > 50
    snapshots.close()
