"""A site that the actions made adds up; whatever is broken on purpose is found, named, and mended."""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import text

from forum.checks.differences import Difference, Family
from forum.checks.posts import COMMENTS, POSTS
from forum.checks.questions import QUESTIONS
from forum.checks.reputation import REPUTATION
from forum.checks.run import check, repair
from forum.checks.tags import TAGGED_QUESTIONS, TAGS
from forum.core.db import Database, open_database
from tests.checks.community import Community, settle

FAMILIES: tuple[Family, ...] = (POSTS, COMMENTS, TAGS, TAGGED_QUESTIONS, QUESTIONS, REPUTATION)


@dataclass(frozen=True, slots=True)
class Damage:
    """A statement that breaks something, and the kind of difference that it must be found as."""

    kind: str
    statement: str


DAMAGES = (
    Damage("post.score", "UPDATE post SET score = score + 1 WHERE id = :accepted"),
    Damage("post.score", "DELETE FROM vote WHERE post_id = :question"),
    Damage("post.comment_count", "UPDATE post SET comment_count = 7 WHERE id = :accepted"),
    Damage("post.outdated_count", "UPDATE post SET outdated_count = 3 WHERE id = :accepted"),
    Damage("post.outdated_count", "DELETE FROM outdated_mark WHERE post_id = :accepted"),
    Damage("post.follower_count", "UPDATE post SET follower_count = 7 WHERE id = :question"),
    Damage("post.follower_count", "UPDATE follow SET is_on = false WHERE question_id = :question"),
    Damage("post.revision_count", "UPDATE post SET revision_count = 1 WHERE id = :question"),
    Damage("post.answer_count", "UPDATE post SET answer_count = 2 WHERE id = :question"),
    Damage("post.upvoted_answer_count", "UPDATE post SET upvoted_answer_count = 0 WHERE id = :question"),
    Damage("post.accepted_answer_id", "UPDATE post SET accepted_answer_id = :other WHERE id = :question"),
    Damage("post.accepted_answer_id", "UPDATE post SET accepted_answer_id = :gone WHERE id = :question"),
    Damage("post.accepted_at", "UPDATE post SET accepted_at = NULL WHERE id = :question"),
    Damage("post.hot", "UPDATE post SET hot = hot + 0.5 WHERE id = :question"),
    Damage("post.slug", "UPDATE post SET slug = 'something-else' WHERE id = :question"),
    Damage("post.tag_names", "UPDATE post SET tag_names = 'beeps' WHERE id = :question"),
    Damage("comment.score", "UPDATE comment SET score = 0 WHERE id = :comment"),
    Damage("comment.revision_count", "UPDATE comment SET revision_count = 4 WHERE id = :comment"),
    Damage("tag.question_count", "UPDATE tag SET question_count = question_count + 1"),
    Damage("tag.question_count", "DELETE FROM question_tag WHERE question_id = :question"),
    Damage("question_tag.active_at", "UPDATE question_tag SET active_at = '2024-01-01 00:00:00'"),
    Damage("question_tag.active_at", "UPDATE post SET active_at = created_at WHERE id = :question"),
    Damage("user.reputation", 'UPDATE "user" SET reputation = 4711 WHERE id = :answerer'),
    Damage("reputation_day", "UPDATE reputation_day SET gain = gain + 5 WHERE user_id = :answerer"),
    Damage("reputation_day", "DELETE FROM reputation_day"),
    Damage("reputation_entry.missing", "UPDATE reputation_entry SET points = 9 WHERE user_id = :asker"),
    Damage("reputation_entry.surplus", "DELETE FROM vote WHERE post_id = :accepted"),
    Damage(
        "reputation_entry.missing",
        "DELETE FROM reputation_entry WHERE user_id = :answerer AND cause = 'answer accepted'",
    ),
    Damage("reputation_entry.change", "UPDATE reputation_entry SET change = 0 WHERE user_id = :answerer"),
)


@pytest.fixture
def community(database: Database) -> Community:
    return settle(database)


@pytest.fixture(scope="module")
def settled(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Community]:
    """A settled community in a file to copy."""
    path = tmp_path_factory.mktemp("settled") / "askwell.db"
    shutil.copyfile(sqlite_template, path)
    database = open_database(f"sqlite:///{path}")
    community = settle(database)
    database.dispose()
    return path, community


@pytest.fixture
def copied(settled: tuple[Path, Community], tmp_path: Path) -> Iterator[tuple[Database, Community]]:
    """A settled community that this test may damage."""
    path, community = settled
    shutil.copyfile(path, tmp_path / "askwell.db")
    database = open_database(f"sqlite:///{tmp_path / 'askwell.db'}")
    yield database, community
    database.dispose()


def differences(database: Database, families: Sequence[Family] = FAMILIES) -> list[Difference]:
    found: list[Difference] = []
    count = check(database, families, report=found.append, announce=lambda _name: None)
    assert count == len(found)
    return found


def damage(database: Database, community: Community, statement: str) -> None:
    ids = {
        "question": community.question_id,
        "accepted": community.accepted_id,
        "gone": community.deleted_answer_id,
        "other": community.kept_question_id,
        "comment": community.comment_id,
        "asker": community.people[0].id,
        "answerer": community.people[1].id,
    }
    with database.transaction() as session:
        used = {name: value for name, value in ids.items() if f":{name}" in statement}
        assert session.connection().execute(text(statement), used).rowcount > 0


@pytest.mark.usefixtures("community")
def test_a_site_that_the_actions_made_adds_up(database: Database) -> None:
    assert differences(database) == []


def test_an_empty_site_adds_up(database: Database) -> None:
    assert differences(database) == []


@pytest.mark.parametrize("broken", DAMAGES, ids=lambda damage: f"{damage.kind}: {damage.statement}"[:70])
def test_it_finds_and_mends_what_is_broken(copied: tuple[Database, Community], broken: Damage) -> None:
    database, community = copied
    damage(database, community, broken.statement)

    assert broken.kind in {difference.kind for difference in differences(database)}

    repair(database, FAMILIES, announce=lambda _name: None)

    assert differences(database) == []


def test_it_mends_everything_at_once(database: Database, community: Community) -> None:
    broken = [damage for damage in DAMAGES if not damage.statement.startswith("DELETE")]
    for each in broken:
        damage(database, community, each.statement)

    assert {each.kind for each in broken} <= {difference.kind for difference in differences(database)}

    repair(database, FAMILIES, announce=lambda _name: None)

    assert differences(database) == []


def test_a_difference_names_the_row_and_both_values(database: Database, community: Community) -> None:
    damage(database, community, "UPDATE post SET score = 99 WHERE id = :question")

    (difference, *_) = differences(database, [POSTS])

    assert difference == Difference("post.score", community.question_id, expected="5", found="99")
    assert str(difference) == f"post.score {community.question_id}: expected 5, found 99"


def test_mending_a_ledger_adds_lines_and_changes_none(database: Database, community: Community) -> None:
    lines = text("SELECT id, points, change FROM reputation_entry ORDER BY id")
    with database.reading() as session:
        before = session.execute(lines).all()
    damage(database, community, "DELETE FROM vote WHERE post_id = :accepted")

    repair(database, FAMILIES, announce=lambda _name: None)

    with database.reading() as session:
        after = session.execute(lines).all()
    assert after[: len(before)] == before
    assert len(after) > len(before)
