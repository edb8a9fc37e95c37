"""The program `askwell`: its verbs, and how their errors look.

The modules of the verbs are imported when they are called for, because the importer, the web server and the
index take a second to load, which no other verb should cost. Their own imports are at their top as usual.
"""

import importlib
import os
import sys
from collections.abc import Iterator, MutableMapping

import click

from forum import __version__
from forum.cli.loading import without_collecting
from forum.core.errors import AskwellError

_MODULES = {
    "serve": "forum.cli.serve",
    "worker": "forum.cli.worker",
    "demo": "forum.cli.demo",
    "import": "forum.cli.importing",
    "search": "forum.cli.search",
    "reindex": "forum.cli.reindex",
    "search-benchmark": "forum.cli.search_benchmark",
    "images": "forum.cli.images",
    "check": "forum.cli.check",
    "stats": "forum.cli.stats",
    "insight": "forum.cli.insight",
    "maintenance": "forum.cli.maintenance",
    "db": "forum.cli.db",
    "user": "forum.cli.user",
    "config": "forum.cli.config",
}
"""The module of each verb, in which the command is called `command`."""

INTERRUPTED = 130
"""What a shell expects of a program that Ctrl+C ended."""


class _Verbs(MutableMapping[str, click.Command]):
    """The commands by name; a module is imported when its command is looked at."""

    def __init__(self) -> None:
        self._commands: dict[str, click.Command] = {}

    def __getitem__(self, name: str) -> click.Command:
        if name not in self._commands:
            with without_collecting():
                command: click.Command = importlib.import_module(_MODULES[name]).command
            self._commands[name] = command
        return self._commands[name]

    def __setitem__(self, name: str, command: click.Command) -> None:
        self._commands[name] = command

    def __delitem__(self, name: str) -> None:
        del self._commands[name]

    def __iter__(self) -> Iterator[str]:
        return iter(_MODULES)

    def __len__(self) -> int:
        return len(_MODULES)


@click.group(commands=_Verbs(), context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="askwell")
def askwell() -> None:
    """Run and look after a question-and-answer site.

    Settings are environment variables ASKWELL_* or lines of a file .env; "askwell config" shows them all.
    """


def main() -> None:
    """Run the program and end the process: with 2 and one line for what a person can mend."""
    try:
        askwell.main(prog_name="askwell", standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        sys.exit(2)
    except click.ClickException as error:
        context = getattr(error, "ctx", None)
        more = f" See: {context.command_path} --help" if context else ""
        _end_with(f"{error.format_message()}{more}")
    except AskwellError as error:
        _end_with(error.message)
    except BrokenPipeError:
        # Whoever read our output has gone, as `head` does; Python would complain once more while it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        _end_with(f"{where}{error.strerror or error}")
    except (click.Abort, KeyboardInterrupt):
        click.echo(err=True)
        sys.exit(INTERRUPTED)


def _end_with(message: str) -> None:
    click.echo(f"askwell: {message}", err=True)
    sys.exit(2)
