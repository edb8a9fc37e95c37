"""What the address of a history page asks for."""

from flask import request

from forum.pages.revisions import View


def asked_view() -> View:
    """Return how differences are to be shown: in one column unless two are asked for."""
    return "side" if request.args.get("view") == "side" else "inline"


def asked_below() -> int | None:
    """Return the revision number below which the page begins, or None for the latest revisions."""
    number = request.args.get("below", type=int)
    return number if number is not None and 0 < number < 2**31 else None
