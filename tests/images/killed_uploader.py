"""Uploads a file and is killed when its files are written and its row is not committed.

python killed_uploader.py DATABASE_URL FOLDER PERSON_ID FILE
"""

import os
import signal
import sys
from pathlib import Path

import forum.wiring
from forum.core.db import open_database
from forum.images import actions, uploading
from forum.images.storage import Folder
from tests.images.pictures import ALLOWANCE

assert forum.wiring.metadata.tables
database, store = open_database(sys.argv[1]), Folder(Path(sys.argv[2]))
with database.reading() as reading:
    ready = uploading.prepare(
        reading, store, int(sys.argv[3]), Path(sys.argv[4]).read_bytes(), allowance=ALLOWANCE
    )
with database.transaction() as writing:
    actions.keep(writing, store, ready, quota_bytes=ALLOWANCE.quota_bytes)
    os.kill(os.getpid(), signal.SIGKILL)
