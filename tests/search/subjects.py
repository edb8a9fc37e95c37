"""A site whose threads are about three subjects, which share no words."""

import random

from forum.search.meaning import FEWEST
from forum.search.threads import ThreadDocument
from tests.search.threads import thread

SUBJECTS = {
    "network": "wireless wifi router signal antenna channel roaming hotspot",
    "printing": "toner cartridge printer paper tray nozzle drum spooler",
    "power": "battery charger adapter voltage drains swelling cells plug",
}


def a_site() -> list[ThreadDocument]:
    """Threads of three subjects, each with some words of one."""
    chance = random.Random(1)
    return [
        thread(number, " ".join(chance.sample(words.split(), 3)), " ".join(chance.sample(words.split(), 4)))
        for number, words in enumerate([*SUBJECTS.values()] * FEWEST, start=1)
    ]
