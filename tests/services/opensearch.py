"""Finds, or starts by tools/opensearch.sh, the OpenSearch node of a test run.

A node is started when its programs were fetched before, or when ASKWELL_TEST_OPENSEARCH=install asks to
fetch them; ASKWELL_TEST_OPENSEARCH_URL names a running one to use instead.
"""

import os
import subprocess
import uuid
from pathlib import Path

from forum.search.engines.languages import analyses_for
from forum.search.engines.opensearch_engine import OpenSearchEngine
from forum.search.engines.opensearch_server import Server

TOOL = Path(__file__).resolve().parents[2] / "tools" / "opensearch.sh"
INSTALL_SECONDS = 600
"""Downloading takes a minute or less; after this long the tests go on without it."""

# Read at once, because each test begins without the settings of this machine.
_NAMED = os.environ.get("ASKWELL_TEST_OPENSEARCH_URL")
_MAY_INSTALL = os.environ.get("ASKWELL_TEST_OPENSEARCH") == "install"


class DisposableEngine(OpenSearchEngine):
    """An engine on indexes of its own, which are removed when it is closed."""

    def __init__(self, address: str) -> None:
        super().__init__(Server(address), f"askwell-test-{uuid.uuid4().hex[:12]}", analyses_for("en"))

    def close(self) -> None:
        """Remove the indexes and close the connections."""
        self.discard()
        super().close()


def address_of_node(folder: Path) -> str | None:
    """Return the address of the run's node, starting one that lives in this folder, or None without any."""
    if _NAMED:
        return _NAMED
    if not _is_installed() and not (_MAY_INSTALL and _is_installed_now()):
        return None
    return _run("start", str(folder)).strip()


def stop(folder: Path) -> None:
    """Stop the node that lives in this folder, if one does."""
    _run("stop", str(folder))


def _is_installed() -> bool:
    return Path(_run("where").strip()).is_dir()


def _is_installed_now() -> bool:
    try:
        _run("install", seconds=INSTALL_SECONDS)
    except (subprocess.SubprocessError, OSError) as error:
        print(f"\nLEFT OUT: the tests marked 'opensearch', because it could not be fetched: {error}\n")
    return _is_installed()


def _run(*arguments: str, seconds: float = 240) -> str:
    answer = subprocess.run(
        [str(TOOL), *arguments], stdout=subprocess.PIPE, text=True, check=True, timeout=seconds
    )
    return answer.stdout
