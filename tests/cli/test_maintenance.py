from pathlib import Path

from tests.cli.conftest import Run


def test_it_closes_tells_and_opens_without_a_database(askwell: Run, data_dir: Path) -> None:
    assert askwell("maintenance").out == "Maintenance is off: the site is open.\n"

    assert askwell("maintenance", "on", "Back at\n18:00.").status == 0
    told = askwell("maintenance").out
    assert "Maintenance is on since " in told
    assert "Visitors read: Back at 18:00." in told
    assert [path.name for path in data_dir.iterdir()] == ["maintenance"]

    assert "the site is open" in askwell("maintenance", "off").out
    assert "open already" in askwell("maintenance", "off").out
    assert list(data_dir.iterdir()) == []


def test_the_text_may_be_left_out_but_not_go_on_and_on(askwell: Run) -> None:
    assert askwell("maintenance", "on").status == 0
    assert "no text" in askwell("maintenance").out

    refused = askwell("maintenance", "on", "x" * 501)
    assert (refused.status, refused.err.count("\n")) == (2, 1)
    assert "at most 500 characters" in refused.err
