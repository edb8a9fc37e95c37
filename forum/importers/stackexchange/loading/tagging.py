"""Tags, their wikis and their synonyms."""

from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.orm import Session

from forum.core import clock
from forum.core.markup import Source
from forum.importers.stackexchange import staged_tables as staged
from forum.importers.stackexchange.html_to_markdown import parse_html, to_markdown
from forum.importers.stackexchange.html_to_markdown.inline import text_of
from forum.importers.stackexchange.loading.origins import Loaded, leave_out, remember
from forum.importers.stackexchange.loading.run import Run
from forum.importers.stackexchange.progress import Step
from forum.importers.stackexchange.rows import PostType
from forum.tags.actions import ensure
from forum.tags.models import Tag, TagSynonym
from forum.tags.rules import EXCERPT_LENGTH

_BATCH = 200


def load_tags(run: Run, step: Step) -> None:
    """Make the tags of the dump, each with its wiki unless the forum describes the tag already."""
    table = staged.tag
    waiting = select(table).where(table.c.state == "").order_by(table.c.id).limit(_BATCH)
    while tags := run.staging.select(waiting):
        wikis = _wikis(run, tags)
        with run.database.transaction() as session:
            with clock.frozen(run.first_day):
                ids = {made.name: made.tag_id for made in ensure(session, [tag.name for tag in tags])}
            _describe(session, run, tags, wikis)
            loaded = [Loaded("tag", tag.id, ids.get(tag.name)) for tag in tags]
            loaded += [Loaded("post", wiki.id, None) for wiki in wikis.values() if wiki.state == ""]
            remember(session, run.staging, run.origin, loaded)
        step.advance(len(tags))


def load_synonyms(run: Run) -> None:
    """Make the synonyms of tags; a name that is a tag itself stays one."""
    table = staged.synonym
    for row in run.staging.select(select(table).where(table.c.state == "").order_by(table.c.id)):
        with run.database.transaction() as session:
            taken = session.scalar(select(Tag.id).where(Tag.name == row.source))
            known = session.scalar(select(TagSynonym.tag_id).where(TagSynonym.name == row.source))
            if taken is None and known is None:
                with clock.frozen(run.first_day):
                    tag_id = ensure(session, [row.target])[0].tag_id
                made = {"name": row.source, "tag_id": tag_id, "created_at": row.created_at}
                session.execute(insert(TagSynonym), made)
                remember(session, run.staging, run.origin, [Loaded("synonym", row.id, tag_id)])
        if taken is not None or known is not None:
            leave_out(run.staging, "synonym", [row.id], f"{row.source} is a tag or a synonym already")


def _wikis(run: Run, tags: list[Row[Any]]) -> dict[int, Row[Any]]:
    post = staged.post
    ids = {id_ for tag in tags for id_ in (tag.excerpt_post_id, tag.wiki_post_id) if id_ is not None}
    kept = (post.c.type.in_([PostType.TAG_WIKI, PostType.TAG_WIKI_EXCERPT]), post.c.state != staged.SKIPPED)
    return {wiki.id: wiki for wiki in run.staging.select(select(post).where(post.c.id.in_(ids), *kept))}


def _describe(session: Session, run: Run, tags: list[Row[Any]], wikis: dict[int, Row[Any]]) -> None:
    sources = {
        tag.name: to_markdown(wikis[tag.wiki_post_id].body_html, rewrite=run.links.rewrite)
        for tag in tags
        if tag.wiki_post_id in wikis
    }
    rendered = run.renderer.render(Source(source) for source in sources.values())
    for (name, source), shown in zip(sources.items(), rendered, strict=True):
        undescribed = update(Tag).where(Tag.name == name, Tag.description_source == "")
        described = {
            "description_source": source,
            "description_html": shown.html,
            "description_render_version": shown.version,
        }
        session.execute(undescribed.values(described))
    for tag in tags:
        if tag.excerpt_post_id in wikis:
            excerpt = " ".join(text_of(parse_html(wikis[tag.excerpt_post_id].body_html)).split())
            unexplained = update(Tag).where(Tag.name == tag.name, Tag.excerpt == "")
            session.execute(unexplained.values(excerpt=excerpt[:EXCERPT_LENGTH]))
