"""What people say about themselves, once all that it may link to is there."""

from sqlalchemy import select, update

from forum.accounts.models import User
from forum.core.markup import Flavour, Source
from forum.importers.stackexchange import staged_tables as staged
from forum.importers.stackexchange.html_to_markdown import to_markdown
from forum.importers.stackexchange.loading.run import Run
from forum.importers.stackexchange.progress import Step

_BATCH = 200
_BEFORE_ALL = -2
"""Below every id of a person: the account of the site itself has -1."""


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
        with run.database.transaction() as session:
            for person, source, shown in zip(told, sources, rendered, strict=True):
                untouched = update(User).where(User.id == person.local_id, User.about_source == "")
                session.execute(
                    untouched.values(
                        about_source=source, about_html=shown.html, about_render_version=shown.version
                    )
                )
        last = people[-1].id
        step.advance(len(people))
