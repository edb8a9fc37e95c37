"""Malformed dumps, each with the verdict that it must get."""

import json
from pathlib import Path

import pytest
from sqlalchemy import func, select

from forum.accounts.models import User
from forum.core.db import Database
from forum.importers.stackexchange.refusal import RefusedDump
from forum.posts.models import Post
from tests.importers.conftest import Importing
from tests.importers.dumps import row_counts

CASES = [
    "accepted_foreign", "accepted_is_question", "answer_first", "attlist_default", "bad_charref",
    "billion_laughs", "billion_laughs_text", "cesu_surrogates", "comments_empty", "comments_xss",
    "crlf", "dangling_parent", "dup_attribute", "dup_ids", "empty_file", "encoding_unknown",
    "html_error_page", "internal_entity", "leading_garbage", "namespaced_rows", "nul_bytes",
    "ok_baseline", "parent_cycle", "quadratic_blowup", "row_date_empty", "row_date_far",
    "row_date_future", "row_date_leapsec", "row_date_month13", "row_date_tz", "row_date_year10000",
    "row_id_empty", "row_id_exp", "row_id_float", "row_id_negative", "row_id_overflow", "row_id_sql",
    "row_id_unicode_digits", "row_license_odd", "row_no_body", "row_no_owner", "row_no_title",
    "row_owner_text", "row_score_huge", "row_tags_broken", "row_tags_dup", "row_tags_none",
    "row_tags_pipe", "row_tags_unicode", "row_title_empty", "row_type_unknown", "row_views_negative",
    "trunc_mid_attr", "trunc_no_close", "two_roots", "undefined_entity", "unescaped_lt",
    "unknown_attrs", "user_community", "user_name_admin", "user_name_bidi", "user_name_empty",
    "user_url_js", "votes_dup", "votes_own", "votes_twice_same_user", "whitespace_only", "wrong_root",
    "xinclude", "xxe_ext_dtd", "xxe_param", "zip_absolute", "zip_backslash", "zip_bomb", "zip_crc",
    "zip_dup_member", "zip_nested", "zip_ok", "zip_slip", "zip_symlink",
]  # fmt: skip
# These differ from what dumps hold only in ways that Stack Exchange itself writes.
FLAWLESS = {"row_tags_pipe", "row_no_owner", "row_tags_unicode", "row_license_odd", "row_date_tz"}


@pytest.fixture(scope="session")
def bad_xml(shared_dir: Path) -> Path:
    return shared_dir / "data" / "attacks" / "bad_xml"


def test_every_case_is_tried(bad_xml: Path) -> None:
    assert sorted(json.loads((bad_xml / "cases.json").read_text("utf-8"))) == CASES


@pytest.mark.parametrize("name", CASES)
def test_each_dump_gets_its_verdict(
    name: str, bad_xml: Path, sqlite_database: Database, run_import: Importing
) -> None:
    case = json.loads((bad_xml / "cases.json").read_text("utf-8"))[name]
    path = next((bad_xml / name).glob("*.zip"), bad_xml / name)

    if case["verdict"] == "refuse":
        with pytest.raises(RefusedDump) as refused:
            run_import(path, sqlite_database)
        assert "\n" not in refused.value.message
        assert set(row_counts(sqlite_database).values()) == {0}
        return

    report = run_import(path, sqlite_database)

    assert all(file.waiting == 0 for file in report.files)
    noted = report.path.read_text("utf-8").splitlines()
    assert bool(noted) == (case["verdict"] == "skip" and name not in FLAWLESS) or case["verdict"] == "accept"
    questions, answers, people = case["rows"] or (1, 1, 2)
    # A row with a flaw is skipped or repaired; the rest arrives in any case.
    at_most = questions + (case["verdict"] == "skip")
    assert questions <= _count(sqlite_database, "question") <= at_most
    assert _count(sqlite_database, "answer") == answers
    assert row_counts(sqlite_database)["user"] == people


def test_votes_for_oneself_and_second_votes_earn_nothing(
    bad_xml: Path, sqlite_database: Database, run_import: Importing
) -> None:
    run_import(bad_xml / "votes_own", sqlite_database, host="own.example.net")

    with sqlite_database.reading() as session:
        assert row_counts(sqlite_database)["vote"] == 0
        assert session.scalars(select(User.reputation)).all() == [101, 101]


def _count(database: Database, kind: str) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Post).where(Post.kind == kind)) or 0
