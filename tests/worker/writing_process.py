"""A process that asks, answers and votes until it is killed, and prints each question that was committed."""

import secrets
import sys

from sqlalchemy import select

import forum.wiring
from forum.accounts.models import User
from forum.accounts.rules import Actor
from forum.core.db import open_database
from forum.posts.actions.answering import answer
from forum.posts.actions.asking import ask
from forum.votes.actions import cast

assert forum.wiring.metadata.tables

database = open_database(sys.argv[1])
with database.reading() as session:
    people = select(User.id, User.name, User.role, User.reputation).order_by(User.id)
    asker, answerer, *_ = (Actor(*row) for row in session.execute(people))

while True:
    text = f"It beeps {secrets.token_hex(8)} and then nothing happens."
    with database.transaction() as session:
        question = ask(session, asker, title=f"Why {secrets.token_hex(4)}?", source=text, tags=["beeps"])
    print(question.question_id, flush=True)
    with database.transaction() as session:
        answered = answer(session, answerer, question.question_id, source=text)
    with database.transaction() as session:
        cast(session, asker, answered.post_id, 1)
