from datetime import date

import pytest
from flask import Flask

from forum.core.i18n import compact, day, decimal, number
from forum.images.rules import in_megabytes
from forum.pages.site_state import size

DAY = date(2026, 3, 4)
SKELETONS = ("MMMd", "yMMMd", "yMMMMd", "yMMM", "yMMMM")


@pytest.mark.parametrize(
    ("code", "numbers", "days"),
    [
        (
            "en",
            ("12,345", "0.1", "1,234", "1.5k", "3m", "950"),
            ("4 Mar", "4 Mar 2026", "4 March 2026", "Mar 2026", "March 2026"),
        ),
        (
            "de",
            ("12.345", "0,1", "1.234", "1500", "3\u00a0Mio.", "950"),
            ("4. März", "4. März 2026", "4. März 2026", "März 2026", "März 2026"),
        ),
    ],
)
def test_what_domains_and_pages_write_is_as_in_the_language(
    app: Flask, code: str, numbers: tuple[str, ...], days: tuple[str, ...]
) -> None:
    with app.test_request_context(headers={"Cookie": f"language={code}"}):
        written = (
            number(12_345),
            decimal(0.1),
            decimal(1234.0),
            compact(1500),
            compact(3_000_000),
            compact(950),
        )

        assert written == numbers
        assert tuple(day(DAY, skeleton) for skeleton in SKELETONS) == days


def test_it_is_english_where_nobody_is_spoken_to() -> None:
    assert tuple(day(DAY, skeleton) for skeleton in SKELETONS) == (
        *("4 Mar", "4 Mar 2026", "4 March 2026", "Mar 2026", "March 2026"),
    )
    assert (in_megabytes(400_000), in_megabytes(12_345_678), in_megabytes(1)) == (
        *("0.4 MB", "12 MB", "less than 0.1 MB"),
    )
    assert (size(999), size(12_000), size(1_234_500_000)) == ("999 bytes", "12 kB", "1.2 GB")
