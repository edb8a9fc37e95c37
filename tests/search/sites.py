"""A small site with something for every kind of question, and what a search of an engine finds in it."""

from datetime import timedelta

from forum.search.engine import SearchEngine
from forum.search.syntax import parse
from tests.search.threads import START, answer, thread

BOB = (7, "Bob Builder")
EVE = (8, "Eve")

SITE = (
    thread(
        1,
        "Wi-Fi drops after suspend",
        "My laptop loses the wireless connection with error 0x80070057 on Windows 10.0.19045.",
        answers=(
            answer(11, "Update the firmware of the router.", score=2, author=BOB, day=40),
            answer(12, "Reinstalling the drivers fixed it.", accepted=True, score=9, author=EVE, day=41),
        ),
        comments="Same on the docking station",
        code="netsh wlan show drivers",
        tags=("wifi", "windows"),
        author=(3, "Otto"),
        score=5,
        active=60,
    ),
    thread(
        2,
        "Printer prints blank pages",
        "The printer feeds paper, but the pages stay blank. Cartridges are new.",
        answers=(answer(21, "Run a cleaning cycle and update the driver.", score=1, author=BOB, day=5),),
        tags=("printer",),
        author=EVE,
        score=-2,
    ),
    thread(
        3,
        "C++ program crashes with ECONNREFUSED",
        "My socket_client throws a NullPointerException in node.js when the server is down.",
        code="raise ConnectionError('snake_case_name')",
        tags=("c++", "networking"),
        author=BOB,
        score=12,
    ),
    thread(
        4,
        "Docking station and external monitors",
        "Which dock drives two 4K monitors over Thunderbolt? The café has one.",
        answers=(
            answer(
                41, "Any dock with its own driver works.", score=3, author=(None, "Gone"), code="lsusb -t"
            ),
        ),
        tags=("dock",),
        score=3,
    ),
    thread(5, "日本語のキーボード", "キーボード配列が違います", tags=("keyboard",), author=(None, "")),
)


def threads_of(engine: SearchEngine, text: str) -> list[int]:
    return sorted(hit.thread_id for hit in engine.search(parse(text, now=START + timedelta(days=45))).hits)
