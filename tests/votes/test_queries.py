from forum.core.db import Database
from forum.votes import queries
from tests.factories import (
    make_answer,
    make_comment,
    make_comment_vote,
    make_outdated_mark,
    make_question,
    make_user,
    make_vote,
)


def test_marks_are_those_of_one_person_on_the_posts_asked_about(database: Database) -> None:
    with database.transaction() as session:
        one, other = make_user(session), make_user(session)
        up, down, none, elsewhere = (make_question(session) for _ in range(4))
        make_vote(session, up, one)
        make_vote(session, down, one, -1)
        make_vote(session, none, other)
        make_vote(session, elsewhere, one)
        answers = [make_answer(session, up) for _ in range(3)]
        make_vote(session, answers[0], one)
        make_outdated_mark(session, answers[0], one)
        make_outdated_mark(session, answers[1], one)
        make_outdated_mark(session, answers[2], other)
        ids, voter_id = (up.id, down.id, none.id, *(answer.id for answer in answers)), one.id

    with database.reading() as session:
        found = queries.marks(session, voter_id, ids)

    assert found.votes == {ids[0]: 1, ids[1]: -1, ids[3]: 1}
    assert found.outdated == {ids[3], ids[4]}


def test_marks_on_comments_are_those_of_one_person(database: Database) -> None:
    with database.transaction() as session:
        one, other = make_user(session), make_user(session)
        question = make_question(session)
        liked, left = make_comment(session, question), make_comment(session, question)
        make_comment_vote(session, liked, one)
        make_comment_vote(session, left, other)
        ids, voter_id = (liked.id, left.id), one.id

    with database.reading() as session:
        assert queries.marks(session, voter_id, [], ids).useful == {ids[0]}
        assert queries.marks(session, voter_id, []).useful == frozenset()
