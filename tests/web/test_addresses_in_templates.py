"""Addresses in templates are those of Flask."""

from typing import Any

import pytest
from flask import Flask, url_for


@pytest.mark.parametrize(
    ("endpoint", "values"),
    [
        ("search.index", {"q": "a b&c=ü+/?:;@!$'()*,[]\"", "sort": "newest"}),
        ("search.index", {"page": 2, "_anchor": None, "q": "dock"}),
        ("search.index", {"q": ("a", "b"), "sort": None}),
        ("questions.index", {}),
        ("questions.show", {"id": 3, "slug": "a-b", "page": 2}),
        ("questions.show", {"id": 3, "sort": "newest"}),
        ("questions.show", {"id": 3, "slug": "a-b", "_anchor": "answers"}),
        ("questions.show", {"id": 3, "page": 2, "_external": True}),
        ("tags.show", {"name": "c++ ü", "sort": "score"}),
    ],
)
def test_an_address_is_what_flask_would_write(app: Flask, endpoint: str, values: dict[str, Any]) -> None:
    short = app.jinja_env.globals["url_for"]
    with app.test_request_context("/"):
        assert short(endpoint, **values) == url_for(endpoint, **values)
