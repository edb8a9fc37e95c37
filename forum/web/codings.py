"""How pages are compressed, by the coding that a browser asks for."""

import gzip
import sys
from collections.abc import Callable, Mapping

from werkzeug.datastructures import Accept

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


def coding_for(accepted: Accept) -> str | None:
    """Return the coding in which whoever asks can read a page, or None for as it is."""
    return next((coding for coding in CODINGS if accepted[coding] > 0), None)
