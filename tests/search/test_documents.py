"""What the index is told about a thread."""

from datetime import timedelta

from sqlalchemy.orm import Session

from forum.core import clock
from forum.core.db import Database
from forum.posts.models import QuestionLink
from forum.search.documents import BATCH, documents, visible_thread_count, visible_thread_ids
from forum.search.stored import pack, unpack
from forum.search.threads import ThreadDocument
from tests.factories import make_answer, make_comment, make_outdated_mark, make_question, make_user
from tests.statements import recorded


def test_a_document_holds_the_whole_thread(database: Database) -> None:
    with database.transaction() as session:
        otto, eve = make_user(session, "Otto"), make_user(session, "Eve")
        question = make_question(
            session, otto, title="Dock loses its network", tags=("docks", "ethernet"), score=3
        )
        question.html = "<p>It says <code>link down</code>.</p>"
        make_comment(session, question, eve, text="Which dock?")
        plain = make_answer(session, question, otto, text="Buy another cable.")
        solving = make_answer(session, question, eve, score=5, accepted=True)
        solving.html = "<p>Run</p>\n<pre><code>ethtool -s eth0</code></pre>"
        make_comment(session, solving, otto, text="That was it")
        question_id, plain_id, solving_id, eve_id = question.id, plain.id, solving.id, eve.id

    document = _only(database, question_id)

    assert document.title == "Dock loses its network"
    assert document.question == "It says link down."
    assert document.code == "link down"
    assert document.tags == ("docks", "ethernet")
    assert (document.author_name, document.score, document.answer_count) == ("Otto", 3, 2)
    assert document.has_accepted
    assert not document.is_closed
    assert document.comments == "Which dock?\nThat was it"
    assert [(text.post_id, text.text, text.accepted) for text in document.answers] == [
        (plain_id, "Buy another cable.", False),
        (solving_id, "Run\nethtool -s eth0", True),
    ]
    last = document.answers[1]
    assert (last.code, last.score, last.author_id, last.author_name) == ("ethtool -s eth0", 5, eve_id, "Eve")


def test_an_answer_is_outdated_from_two_marks_on(database: Database) -> None:
    with database.transaction() as session:
        question = make_question(session)
        answers = [make_answer(session, question) for _ in range(3)]
        for answer, marks in zip(answers, range(3), strict=True):
            for _ in range(marks):
                make_outdated_mark(session, answer, make_user(session))
        question_id = question.id

    document = _only(database, question_id)

    assert [answer.outdated for answer in document.answers] == [False, False, True]
    assert unpack(pack(document)) == document


def test_times_have_their_zone(database: Database) -> None:
    with database.transaction() as session:
        question = make_question(session)
        make_answer(session, question)
        question_id = question.id

    document = _only(database, question_id)

    for moment in (document.created_at, document.active_at, document.answers[0].created_at):
        assert moment.utcoffset() == timedelta(0)


def test_what_nobody_sees_is_left_out(database: Database) -> None:
    gone = clock.now()
    with database.transaction() as session:
        question = make_question(session)
        make_comment(session, question, text="shown remark")
        make_comment(session, question, text="hidden remark", deleted_at=gone)
        hidden = make_answer(session, question, text="hidden answer", deleted_at=gone)
        make_comment(session, hidden, text="remark below a hidden answer")
        deleted = make_question(session, deleted_at=gone)
        make_answer(session, deleted)
        ids = [question.id, deleted.id, 999_999]

    with database.reading() as session:
        found = list(documents(session, ids))

    assert [document.thread_id for document in found] == ids[:1]
    assert found[0].answers == ()
    assert found[0].comments == "shown remark"


def test_an_answer_is_no_thread(database: Database) -> None:
    with database.transaction() as session:
        answer_id = make_answer(session, make_question(session)).id

    with database.reading() as session:
        assert list(documents(session, [answer_id])) == []


def test_people_who_are_gone_keep_their_name(database: Database) -> None:
    with database.transaction() as session:
        question = make_question(session)
        question_id = question.id

    document = _only(database, question_id)

    assert (document.author_id, document.author_name) == (None, "Somebody")


def test_a_closed_question_says_so(database: Database) -> None:
    with database.transaction() as session:
        question = make_question(session)
        question.closed_at = clock.now()
        question_id = question.id

    assert _only(database, question_id).is_closed


def test_a_thread_is_also_what_its_duplicates_are_called(database: Database) -> None:
    with database.transaction() as session:
        question = make_question(session, title="Dock loses its network")
        titles = ("No LAN after sleep", "Ethernet dead", "Hidden")
        others = [make_question(session, title=title) for title in titles]
        others[2].deleted_at = clock.now()
        mentioned = make_question(session, title="Only mentioned")
        links = [(other.id, "duplicate") for other in others] + [(mentioned.id, "mention")]
        for from_id, kind in links:
            session.add(QuestionLink(from_id=from_id, to_id=question.id, kind=kind, created_at=clock.now()))
        question_id = question.id

    document = _only(database, question_id)

    assert document.asked_as == titles[:2]
    assert unpack(pack(document)) == document


def test_the_number_of_statements_does_not_grow_with_the_threads(database: Database) -> None:
    with database.transaction() as session:
        ids = [_thread(session) for _ in range(12)]

    with recorded(database) as statements, database.reading() as session:
        assert len(list(documents(session, ids))) == 12

    assert len(statements) == 4


def test_the_same_thread_is_the_same_document(database: Database) -> None:
    with database.transaction() as session:
        thread_id = _thread(session)

    assert _only(database, thread_id).fingerprint() == _only(database, thread_id).fingerprint()


def test_all_visible_threads_are_walked_through_once(database: Database) -> None:
    with database.transaction() as session:
        kept = [make_question(session).id for _ in range(3)]
        make_question(session, deleted_at=clock.now())

    with database.reading() as session:
        assert visible_thread_count(session) == 3
        assert list(visible_thread_ids(session)) == kept
        assert list(visible_thread_ids(session, after=kept[0])) == kept[1:]
        assert list(visible_thread_ids(session, after=kept[-1])) == []


def test_more_threads_than_a_batch_are_all_read(database: Database) -> None:
    with database.transaction() as session:
        ids = [make_question(session).id for _ in range(BATCH + 2)]

    with database.reading() as session:
        assert sorted(document.thread_id for document in documents(session, ids)) == ids


def _thread(session: Session) -> int:
    question = make_question(session)
    for _ in range(2):
        make_comment(session, make_answer(session, question))
    return question.id


def _only(database: Database, thread_id: int) -> ThreadDocument:
    with database.reading() as session:
        (document,) = documents(session, [thread_id])
    return document
