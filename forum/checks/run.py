"""Running all families of checks."""

from collections.abc import Callable, Sequence

from forum.checks.differences import Difference, Family
from forum.core.db import Database

Report = Callable[[Difference], None]
Announce = Callable[[str], None]


def check(database: Database, families: Sequence[Family], *, report: Report, announce: Announce) -> int:
    """Report every difference and return how many there are; `announce` is told each family's name first."""
    count = 0
    for family in families:
        announce(family.name)
        # A snapshot for each family: one for all would keep a busy site's old rows alive for minutes.
        with database.reading() as session:
            for difference in family.differences(session):
                report(difference)
                count += 1
    return count


def repair(database: Database, families: Sequence[Family], *, announce: Announce) -> None:
    """Mend every family, in the order in which they build on one another."""
    for family in families:
        announce(family.name)
        family.repair(database)
