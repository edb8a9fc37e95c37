"""Which sites use the engine, and what the others are spared."""

import subprocess
import sys

import pytest

from forum.core.errors import Misconfigured
from forum.core.settings import Settings, load_settings
from forum.search.engines.opensearch_engine import OpenSearchEngine
from forum.wiring import open_engine


def test_a_site_chooses_it_by_settings() -> None:
    settings = Settings(search_engine="opensearch", opensearch_index="help")
    engine = open_engine(settings)
    assert isinstance(engine, OpenSearchEngine)
    assert engine.name == "help"
    engine.close()


def test_without_the_package_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("forum.search.engines.opensearch")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "opensearchpy", None)
    with pytest.raises(Misconfigured, match=r"pip install 'askwell\[opensearch\]'"):
        open_engine(Settings(search_engine="opensearch"))


def test_other_sites_do_not_load_the_client_library() -> None:
    code = "import sys, forum.wiring; print('opensearchpy' in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "False"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ASKWELL_OPENSEARCH_URL", "search.example.org"),
        ("ASKWELL_OPENSEARCH_URL", "http://one:9200,two:9200"),
        ("ASKWELL_OPENSEARCH_URL", "http://one:port"),
        ("ASKWELL_OPENSEARCH_INDEX", "Askwell"),
        ("ASKWELL_OPENSEARCH_INDEX", "*"),
    ],
)
def test_a_wrong_setting_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(Misconfigured, match=name):
        load_settings()
