import pytest

from forum.importers.stackexchange.links import Links, Places

HOST = "repair.example.net"
POSTS = {10: ("question", 110), 11: ("answer", 111)}
LINKS = Links(HOST, Places(post=POSTS.get, user={1: 501}.get))


@pytest.mark.parametrize(
    ("address", "ours"),
    [
        (f"https://{HOST}/questions/10/some-title", "/questions/110"),
        (f"http://{HOST}/questions/10", "/questions/110"),
        (f"https://www.{HOST}/q/10/77", "/questions/110"),
        (f"//{HOST}/q/10", "/questions/110"),
        ("/questions/10/some-title", "/questions/110"),
        (f"https://{HOST}/a/11/77", "/answers/111"),
        (f"https://{HOST}/questions/10/some-title/11#11", "/answers/111"),
        (f"https://{HOST}/questions/10/some-title#11", "/answers/111"),
        (f"https://{HOST}/questions/10/some-title#comment5_11", "/questions/110"),
        (f"https://{HOST}/questions/10/x?noredirect=1&lq=1", "/questions/110"),
        (f"https://{HOST}/users/1/ada", "/users/501"),
        (f"https://{HOST}/tags/c%23/info", "/tags/c%23"),
        ("/questions/tagged/docks", "/tags/docks"),
        # What is not in the dump leads to the old site.
        (f"https://{HOST}/questions/99/x", f"https://{HOST}/questions/99/x"),
        ("/questions/99/x", f"https://{HOST}/questions/99/x"),
        ("/help/tagging", f"https://{HOST}/help/tagging"),
        (f"https://{HOST}/users/2", f"https://{HOST}/users/2"),
        (f"https://{HOST}/tags", f"https://{HOST}/tags"),
        # Other sites stay as they are.
        ("https://other.example/questions/10/x", "https://other.example/questions/10/x"),
        ("//other.example/q/10", "https://other.example/q/10"),
        ("mailto:a@b.example", "mailto:a@b.example"),
        ("#anchor", "#anchor"),
        ("https://[broken", "https://[broken"),
    ],
)
def test_addresses_of_the_site_lead_to_their_new_places(address: str, ours: str) -> None:
    assert LINKS.rewrite(address) == ours


def test_meta_sites_have_an_older_name() -> None:
    links = Links("bicycles.meta.stackexchange.com", LINKS.places)

    assert links.rewrite("http://meta.bicycles.stackexchange.com/q/10") == "/questions/110"


def test_without_a_host_only_paths_are_rewritten() -> None:
    links = Links(None, LINKS.places)

    assert links.rewrite("/q/10") == "/questions/110"
    assert links.rewrite("/help") == "/help"
    assert links.rewrite(f"https://{HOST}/q/10") == f"https://{HOST}/q/10"


@pytest.mark.parametrize(
    ("source", "rewritten"),
    [
        (f"[t](https://{HOST}/q/10)", "[t](/questions/110)"),
        (f'[t](https://{HOST}/q/10 "title")', '[t](/questions/110 "title")'),
        ("[t](/q/10)", "[t](/questions/110)"),
        (f"[t][1]\n\n  [1]: https://{HOST}/q/10", "[t][1]\n\n  [1]: /questions/110"),
        (f"<https://{HOST}/q/10>", f"[https://{HOST}/q/10](/questions/110)"),
        (f"see https://{HOST}/q/10.", f"see [https://{HOST}/q/10](/questions/110)."),
        (f"(https://{HOST}/q/10)", f"([https://{HOST}/q/10](/questions/110))"),
        (f'<a href="https://{HOST}/q/10">t</a>', '<a href="/questions/110">t</a>'),
        (f"`https://{HOST}/q/10`", f"`https://{HOST}/q/10`"),
        (f"    https://{HOST}/q/10", f"    https://{HOST}/q/10"),
        (f"```\nhttps://{HOST}/q/10\n```", f"```\nhttps://{HOST}/q/10\n```"),
        ("https://other.example/q/10", "https://other.example/q/10"),
        ("and/or (a/b) /q/10", "and/or (a/b) /q/10"),
    ],
)
def test_links_in_markdown_are_rewritten_and_code_is_not(source: str, rewritten: str) -> None:
    assert LINKS.rewrite_markdown(source) == rewritten
