"""How pages are compressed, by the coding that a browser asks for."""

import gzip
import sys
from collections.abc import Callable, Mapping
from functools import lru_cache

from flask import Response
from werkzeug.http import parse_accept_header

from forum.web.varying import depends_on

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

CODINGS: Mapping[str, tuple[Callable[[bytes], bytes], Callable[[bytes], bytes]]] = {
    # Half the work of gzip for the same length; browsers that don't know it get gzip. The next levels of both
    # take twice as long for three hundredths of the length.
    "zstd": (lambda body: zstd.compress(body, 3), zstd.decompress),
    "gzip": (lambda body: gzip.compress(body, 4, mtime=0), gzip.decompress),
}
"""How a page is compressed and read again, what costs least first."""


@lru_cache(maxsize=200)
def coding_for(accepted: str) -> str | None:
    """Return the coding in which whoever sent an Accept-Encoding can read a page, or None for as it is."""
    welcome = parse_accept_header(accepted)
    return next((coding for coding in CODINGS if welcome[coding] > 0), None)


def compress(response: Response, accepted: str) -> str | None:
    """Compress a page for whoever sent an Accept-Encoding, and return the coding, or None for as it is."""
    coding = coding_for(accepted)
    if coding is not None:
        response.set_data(CODINGS[coding][0](response.get_data()))
        response.headers["Content-Encoding"] = coding
    depends_on(response, "Accept-Encoding")
    return coding
