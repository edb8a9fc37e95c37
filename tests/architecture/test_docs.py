from collections.abc import Iterator

import click
import pytest

from forum.cli.main import askwell
from forum.core.settings import PREFIX, Settings
from tests.architecture.sources import ROOT


def _commands(command: click.Command, name: str) -> Iterator[str]:
    if not isinstance(command, click.Group):
        yield name
        return
    for part, child in command.commands.items():
        yield from _commands(child, f"{name} {part}")


@pytest.fixture(scope="module")
def operating() -> str:
    """The text of the operating manual."""
    return (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("field", sorted(Settings.model_fields))
def test_each_setting_is_documented(field: str, operating: str) -> None:
    assert f"`{PREFIX}{field.upper()}`" in operating


@pytest.mark.parametrize("field", sorted(Settings.model_fields))
def test_each_setting_describes_itself(field: str) -> None:
    assert Settings.model_fields[field].description


@pytest.mark.parametrize("command", sorted(_commands(askwell, "askwell")))
def test_each_command_is_documented(command: str, operating: str) -> None:
    assert command in operating


def test_each_command_has_help() -> None:
    silent = [name for name, command in askwell.commands.items() if not command.help]

    assert silent == []
