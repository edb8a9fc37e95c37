import pytest

from tests.web.browser import Browser


@pytest.mark.parametrize(("theme", "mark"), [("dark", 'data-theme="dark"'), ("light", 'data-theme="light"')])
def test_the_choice_is_kept_and_applies_to_every_page(visitor: Browser, theme: str, mark: str) -> None:
    answer = visitor.post("/appearance", theme=theme)

    assert (answer.status_code, answer.location) == (303, "/appearance")
    assert mark in visitor.get("/").text
    assert f'value="{theme}" checked' in visitor.get("/appearance").text


def test_automatic_leaves_it_to_the_device(visitor: Browser) -> None:
    visitor.post("/appearance", theme="dark")
    visitor.post("/appearance", theme="automatic")

    assert "data-theme" not in visitor.get("/").text


def test_there_are_no_other_themes(visitor: Browser) -> None:
    answer = visitor.post("/appearance", theme='"><script>')

    assert answer.status_code == 422
    assert "Set-Cookie" not in answer.headers or "theme=" not in answer.headers["Set-Cookie"]


def test_a_made_up_cookie_changes_nothing(visitor: Browser) -> None:
    visitor.client.set_cookie("theme", '"><script>alert(1)</script>')

    assert "alert(1)" not in visitor.get("/").text
