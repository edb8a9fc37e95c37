"""What is measured: pages that readers wait for, and what four people write at once."""

import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.cookiejar import CookieJar
from itertools import count, cycle
from urllib.parse import quote, urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

from bench.load import Next, get, post
from bench.site import PASSWORD, Site

CONNECTIONS = 16
WARM_ROUNDS = 4
"""So often is each page asked for, per process of the server, until it counts as kept by all of them."""
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
ANSWER = """The firmware resets the port when the cable draws more than 15 W at once.

1. Update the dock to the latest firmware.
2. Take the cable that came with it.

```sh
fwupdmgr get-devices && fwupdmgr update
```
"""


@dataclass(frozen=True, slots=True)
class Visitor:
    """A signed-in browser: its cookies, and the token its forms carry."""

    cookie: str
    token: str


@dataclass(frozen=True, slots=True)
class Measured:
    """A kind of request, who sends it over how many connections, and the kind to compare it with."""

    name: str
    feeds: Callable[[int], list[Next]]
    connections: tuple[int, ...] = (1, CONNECTIONS)
    against: str | None = None
    warm_answers: int = 0
    """How many answers are waited for before the measurement: until all pages are kept by all processes."""
    settles: bool = False
    """Whether it leaves work for the background, which is waited for and counted."""


def bare(site: Site, host: str) -> Iterator[Measured]:
    """Yield the bare pages, by which the others are measured."""
    questions = [get(f"/questions/{number}", host=host) for number, _ in site.questions]
    yield Measured("bare question", _in_turn(questions))
    yield Measured("bare list", _in_turn([get("/questions", host=host)]))


def sign_in(host: str, name: str) -> Visitor:
    """Sign somebody in through the form, as a browser does."""
    cookies = CookieJar()
    browser = build_opener(HTTPCookieProcessor(cookies))
    address = f"http://{host}/sign-in"
    fields = {"csrf_token": _token(browser, address), "login": name, "password": PASSWORD}
    browser.open(address, urlencode(fields).encode()).close()
    token = _token(browser, f"http://{host}/questions/ask")
    return Visitor(cookie="; ".join(f"{cookie.name}={cookie.value}" for cookie in cookies), token=token)


def measured(
    site: Site,
    host: str,
    people: list[Visitor],
    *,
    far_down: str,
    unknown: list[tuple[int, str]],
    workers: int,
) -> Iterator[Measured]:
    """Yield everything that is measured on a site.

    `far_down` is the cursor of a page far down a list; `unknown` are questions that are each asked for once.
    """

    def reading(paths: list[str], cookie: str = "") -> Callable[[int], list[Next]]:
        return _in_turn([get(path, host=host, cookie=cookie) for path in paths])

    def kept(name: str, paths: list[str], against: str) -> Measured:
        return Measured(
            name, reading(paths), against=against, warm_answers=WARM_ROUNDS * workers * len(paths)
        )

    def anew(paths: list[str]) -> Callable[[int], list[Next]]:
        return _each_anew(paths, host)

    questions = [f"/questions/{number}/{slug}" for number, slug in site.questions]
    tags = [f"/tags/{quote(name)}" for name in site.tag_names]
    searches = [f"/search?{urlencode({'q': words})}" for words in site.searches]
    # Addresses are new, so that no page is given out that is kept for visitors; what they show is not.
    yield Measured(
        "question, made anew",
        anew(questions),
        against="bare question",
        warm_answers=WARM_ROUNDS * workers * len(questions),
    )
    first = [f"/questions/{number}/{slug}" for number, slug in unknown]
    yield Measured("question, first view", reading(first), (CONNECTIONS,))
    yield kept("question, kept", questions, "bare question")
    yield Measured(
        "question, signed in",
        reading(questions, people[0].cookie),
        against="bare question",
        warm_answers=WARM_ROUNDS * workers * len(questions),
    )
    yield Measured("list, made anew", anew(["/questions"]), against="bare list")
    yield kept("list, kept", ["/questions"], "bare list")
    yield Measured("tag, made anew", anew(tags), against="bare list")
    yield kept("tag, kept", tags, "bare list")
    yield Measured("search, new words", reading(searches), against="list, made anew")
    yield kept("search, kept", searches[:20], "list, made anew")
    others = {
        "home": ["/"],
        "list, far down": [f"/questions?at={far_down}"],
        "unanswered": ["/questions/unanswered"],
        "tags": ["/tags"],
        "people": ["/users"],
        "leaders": ["/users?period=month"],
        "person": site.profiles,
    }
    for name, paths in others.items():
        yield Measured(f"{name}, made anew", anew(list(paths)), (1,))
    four = (len(people),)
    yield Measured("vote", lambda _connections: _voting(site, host, people), four, settles=True)
    yield Measured("answer", lambda _connections: _answering(site, host, people), four, settles=True)


def _each_anew(paths: list[str], host: str) -> Callable[[int], list[Next]]:
    """Ask for pages that nobody has asked for before: what is kept is kept by the whole address."""
    turn, number = cycle(paths), count()

    def request(_connection: int) -> bytes:
        path = next(turn)
        return get(f"{path}{'&' if '?' in path else '?'}n={next(number)}", host=host)

    return lambda connections: [request] * connections


def _in_turn(requests: list[bytes]) -> Callable[[int], list[Next]]:
    """Let all connections together send one request after the other."""
    turn = cycle(requests)
    return lambda connections: [lambda _connection: next(turn)] * connections


def _voting(site: Site, host: str, people: list[Visitor]) -> list[Next]:
    """Each person votes up, then down, then takes the vote back, on one question after the other."""
    turns = [cycle([(number, value) for number, _ in site.questions for value in (1, -1, 0)]) for _ in people]

    def vote(person: int) -> bytes:
        number, value = next(turns[person])
        body = urlencode({"csrf_token": people[person].token, "value": value})
        return post(f"/posts/{number}/vote", body, host=host, cookie=people[person].cookie)

    return [vote] * len(people)


def _answering(site: Site, host: str, people: list[Visitor]) -> list[Next]:
    turn = cycle(site.questions)

    def answer(person: int) -> bytes:
        number, _ = next(turn)
        fields = {"csrf_token": people[person].token, "source": ANSWER, "submission": uuid.uuid4().hex}
        path = f"/questions/{number}/answers"
        return post(path, urlencode(fields), host=host, cookie=people[person].cookie)

    return [answer] * len(people)


def _token(browser: OpenerDirector, address: str) -> str:
    with browser.open(address) as response:
        found = _TOKEN.search(response.read().decode())
    if found is None:
        raise RuntimeError(f"{address} has no form")
    return found[1]
