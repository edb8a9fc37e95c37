"""Finding out which site a dump comes from: its files don't say, but the links in its posts do.

People link to other questions of their own site, and the address of a question carries its title. So the site
is the host under whose links the dump holds a question with that id and that title.
"""

import re
from collections import Counter
from pathlib import Path

from sqlalchemy import select

from forum.importers.stackexchange.rows import PostType
from forum.importers.stackexchange.staged_tables import SKIPPED, post
from forum.importers.stackexchange.staging import Staging

_QUESTION_LINK = re.compile(r"https?://([a-z0-9-]+(?:\.[a-z0-9-]+)+)/questions/(\d{1,18})/([a-z0-9-]+)")
_FEWEST = 2
"""Links that must fit before a host is believed; one could be a coincidence of short titles."""
_ENOUGH = 50_000
"""Different links after which no more are looked at."""


def find_host(staging: Staging, path: Path) -> str | None:
    """Return the host of the site that the staged dump comes from, or None if nothing tells."""
    fitting: Counter[str] = Counter()
    linking = post.c.body_html.contains("/questions/", autoescape=True)
    links: Counter[tuple[str, int, str]] = Counter()
    for row in staging.stream(select(post.c.body_html).where(linking, post.c.state != SKIPPED)):
        links.update((host, int(id_), slug) for host, id_, slug in _QUESTION_LINK.findall(row.body_html))
        if len(links) > _ENOUGH:
            break
    for (host, id_, slug), count in links.items():
        fitting[host] += count if _is_title(staging, id_, slug) else 0
    believed = [host for host, count in fitting.most_common() if count >= _FEWEST]
    if believed:
        return canonical(believed[0])
    named = [host for host in fitting if fitting[host] and _fits_name(host, path)]
    return canonical(named[0]) if named else None


def canonical(host: str) -> str:
    """Return the present name of a host: meta sites were once called meta.<site>.stackexchange.com."""
    host = host.lower().removeprefix("www.")
    old = re.fullmatch(r"meta\.([a-z0-9-]+)\.stackexchange\.com", host)
    return f"{old[1]}.meta.stackexchange.com" if old else host


def _is_title(staging: Staging, id_: int, slug: str) -> bool:
    titles = staging.select(select(post.c.title).where(post.c.id == id_, post.c.type == PostType.QUESTION))
    if not titles:
        return False
    words = re.sub(r"[^a-z0-9]+", "-", titles[0].title.lower().replace("'", "")).strip("-")
    # Addresses cut long titles; and short slugs say little.
    return len(slug) >= 8 and (words.startswith(slug) or slug.startswith(words))


def _fits_name(host: str, path: Path) -> bool:
    words = set(re.split(r"[^a-z0-9]+", path.stem.lower())) - {"", "com", "stackexchange"}
    return bool(words & set(host.split(".")))
