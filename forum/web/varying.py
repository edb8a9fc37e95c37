"""What of a request a response depends on, as caches are told."""

from flask import Response


def depends_on(response: Response, header: str) -> None:
    """Say that the response is another one for another value of a header of the request.

    Werkzeug's `vary` reads the list and writes it anew each time, which takes ten times as long; every page
    depends on three headers.
    """
    said = response.headers.get("Vary", "")
    if header.lower() not in said.lower():
        response.headers["Vary"] = f"{said}, {header}" if said else header
