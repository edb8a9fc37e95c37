"""The yardstick: Flask with one route that answers with bytes it holds, the least any page can cost."""

import os
from pathlib import Path

from flask import Flask, Response

app = Flask(__name__)
_PAGE = Path(os.environ["BENCH_PAGE"]).read_bytes()


@app.get("/page")
def page() -> Response:
    """Answer with the page."""
    return Response(_PAGE, mimetype="text/html")
