"""Shared links: their addresses, how visitors are counted without being known, and which badges they earn."""

import hashlib
import hmac
import ipaddress
import math
from collections.abc import Iterable
from dataclasses import dataclass

from forum.core.i18n import marked

PLACES = 8192
"""Bits of a link. Half a million addresses and more share each, so that a bit tells of nobody; up to a few
thousand visitors the count is right to a hundredth or so."""


@dataclass(frozen=True, slots=True)
class SharingBadge:
    """What a link earns whoever shared it, once so many different visitors came by it."""

    visitors: int
    name: str
    level: str


BADGES = (
    SharingBadge(25, marked("Announcer"), "bronze"),
    SharingBadge(300, marked("Booster"), "silver"),
    SharingBadge(1000, marked("Publicist"), "gold"),
)
"""The numbers are Stack Exchange's, whose imported badges have the same names."""


def share_path(post_id: int, *, is_answer: bool, sharer_id: int | str) -> str:
    """Return the short address by which somebody shares a post."""
    return f"/{'a' if is_answer else 'q'}/{post_id}/{sharer_id}"


def network_of(address: str | None) -> str:
    """Return what counts as one visitor: an IPv4 address, or the 64 bits of an IPv6 one that a home has."""
    try:
        parsed = ipaddress.ip_address(address or "")
    except ValueError:
        return address or ""
    if isinstance(parsed, ipaddress.IPv6Address):
        mapped = parsed.ipv4_mapped
        return str(mapped or ipaddress.ip_network((parsed, 64), strict=False).network_address)
    return str(parsed)


def place_of(secret: str, *, post_id: int, sharer_id: int, network: str) -> int:
    """Return which of a link's bits stands for a visitor.

    It is always the same one, so nobody counts twice. The secret of the site goes into it, and the link, so
    that nobody else can find bits and bits of two links tell nothing about each other.
    """
    text = f"share {post_id} {sharer_id} {network}"
    digest = hmac.digest(secret.encode(), text.encode(), hashlib.sha256)
    return int.from_bytes(digest[:8]) % PLACES


def with_visitors(bits: bytes, places: Iterable[int]) -> bytes:
    """Return the bits of a link with those of more visitors; no bits at all are those of a new link."""
    changed = bytearray(bits or bytes(PLACES // 8))
    for place in places:
        changed[place // 8] |= 1 << place % 8
    return bytes(changed)


def visitor_count(bits: bytes) -> int:
    """Return about how many visitors have set the bits, those included who share one (linear counting).

    Whang, Vander-Zanden and Taylor, "A linear-time probabilistic counting algorithm", 1990.
    """
    unset = PLACES - int.from_bytes(bits).bit_count()
    return round(-PLACES * math.log(max(unset, 1) / PLACES))


def badges_earned(*, before: int, after: int) -> tuple[SharingBadge, ...]:
    """Return the badges whose number of visitors a link has now reached."""
    return tuple(badge for badge in BADGES if before < badge.visitors <= after)
