"""`askwell search`"""

import json
from typing import Any

import click

from forum.cli.site import Site, bring_index_up_to_date, open_site
from forum.pages import search_results
from forum.pages.search_results import SearchPage, SearchResult
from forum.search.engine import MAX_LIMIT, MAX_RESULTS, Sort

_sorts = click.Choice([sort.value for sort in Sort])


@click.command("search")
@click.argument("words", nargs=-1, required=True)
@click.option("--sort", type=_sorts, default=Sort.RELEVANCE.value, show_default=True)
@click.option("--page", type=click.IntRange(min=1), default=1, show_default=True)
@click.option("--limit", type=click.IntRange(1, MAX_LIMIT), default=15, show_default=True)
@click.option("--facets", "with_facets", is_flag=True, help="Count the results by what narrows them.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(
    words: tuple[str, ...], sort: str, page: int, limit: int, with_facets: bool, as_json: bool
) -> None:
    """Search the site as its search page does: words, "a phrase", -not, [tag], user:, is:answer, score:3 …

    What a worker has not indexed yet is indexed first, unless one is running.
    """
    if page * limit > MAX_RESULTS:
        raise click.BadParameter(f"results end at number {MAX_RESULTS:,}", param_hint="--page")
    with open_site() as site:
        bring_index_up_to_date(site)
        with site.database.reading() as session:
            found = search_results.load(
                session,
                site.engine,
                " ".join(words),
                sort=Sort(sort),
                page=page,
                limit=limit,
                with_facets=with_facets,
            )
        if as_json:
            click.echo(json.dumps(_object(site, found), ensure_ascii=False))
        else:
            _print(site, found)


def _object(site: Site, found: SearchPage) -> dict[str, Any]:
    results = [
        {
            "id": result.id,
            "post_id": result.post_id,
            "title": result.title,
            "url": f"{site.settings.address}{result.url}",
            "score": result.score,
            "snippet": result.text,
            "tags": list(result.post.tags),
            "answers": result.post.answer_count,
            "relevance": round(result.relevance, 4),
        }
        for result in found.results
    ]
    return {
        "total": found.total,
        "results": results,
        "did_you_mean": found.did_you_mean.text if found.did_you_mean else None,
        "facets": {
            facet.title: [
                {"label": choice.label, "search": choice.text, "count": choice.count}
                for choice in facet.choices
            ]
            for facet in found.narrowing.facets
        },
        "ignored": list(found.ignored),
        "relaxed": found.relaxed,
    }


def _print(site: Site, found: SearchPage) -> None:
    for sentence in found.ignored:
        click.echo(sentence, err=True)
    if found.relaxed:
        click.echo("Nothing holds all the words; these hold some of them.", err=True)
    if found.did_you_mean:
        click.echo(f"Did you mean: {found.did_you_mean.text}", err=True)
    for wider in found.without_filters:
        click.echo(f"{wider.total:,} results without filters: {wider.text}", err=True)
    click.echo(f"{found.total:,} results")
    for facet in found.narrowing.facets:
        counted = [f"{choice.label} ({choice.count:,})" for choice in facet.choices if choice.count]
        if counted:
            click.echo(f"{facet.title}: {', '.join(counted)}")
    for result in found.results:
        click.echo(f"\n{click.style(result.title, bold=True)}  ({result.score:+d})")
        click.echo(f"{site.settings.address}{result.url}")
        click.echo(_passage(result))


def _passage(result: SearchResult) -> str:
    """Return the passage on one line, with what matched made bold; a pipe gets it plain."""
    pieces = (click.style(text, bold=True) if is_match else text for text, is_match in result.snippet)
    return " ".join("".join(pieces).split())
