"""What people say about themselves, once all that it may link to is there."""

from sqlalchemy import bindparam, select, update

from forum.accounts.models import User
from forum.core.markup import Flavour, Source
from forum.importers.stackexchange import staged_tables as staged
from forum.importers.stackexchange.html_to_markdown import to_markdown
from forum.importers.stackexchange.loading.run import Run
from forum.importers.stackexchange.progress import Step

_BATCH = 200
_BEFORE_ALL = -2
"""Below every id of a person: the account of the site itself has -1."""

_FILL_IN = (
    update(User)
    .where(User.id == bindparam("person"), User.about_source == "")
    .values(
        about_source=bindparam("source"),
        about_html=bindparam("html"),
        about_render_version=bindparam("version"),
    )
)


def load_profiles(run: Run, step: Step) -> None:
    """Fill in the profiles of those who came with this dump and have not done so themselves."""
    user = staged.user
    last = _BEFORE_ALL
    while True:
        some = select(user.c.id, user.c.local_id, user.c.about_html).where(
            user.c.state == staged.IMPORTED, user.c.id > last
        )
        people = run.staging.select(some.order_by(user.c.id).limit(_BATCH))
        if not people:
            return
        told = [person for person in people if person.about_html.strip()]
        sources = [to_markdown(person.about_html, rewrite=run.links.rewrite) for person in told]
        rendered = run.renderer.render(Source(text, Flavour.ABOUT) for text in sources)
        rows = [
            {"person": person.local_id, "source": source, "html": shown.html, "version": shown.version}
            for person, source, shown in zip(told, sources, rendered, strict=True)
        ]
        if rows:
            with run.database.transaction() as session:
                session.connection().execute(_FILL_IN, rows)
        last = people[-1].id
        step.advance(len(people))
