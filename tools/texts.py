"""Brings the catalogues of forum/translations up to date with the texts of templates, code and scripts.

`python -m tools.texts` gathers the messages, merges them into each language's catalogue and compiles it;
messages that are no longer used are dropped. What is new then waits there for its translation.
`python -m tools.texts --missing LANGUAGE` prints what has none yet.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from forum.core.i18n import LANGUAGES

ROOT = Path(__file__).resolve().parent.parent
CATALOGUES = ROOT / "forum" / "translations"
SCRIPT_TEXTS = ROOT / "forum" / "static" / "texts"
TRANSLATED = tuple(code for code in LANGUAGES if code != "en")

_KEYWORDS = {
    "_": None,
    "gettext": None,
    "marked": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
_DATES_AND_NAMES = tuple(
    f'"{name}'.encode()
    for name in (
        "Project-Id-Version",
        "Report-Msgid",
        "POT-Creation",
        "PO-Revision",
        "Last-Translator",
        "Language-Team",
        "Generated-By",
    )
)
_NO_DATE = datetime(2000, 1, 1, tzinfo=UTC)
_COMMENTS = ["Translators:"]
# Each catalogue with what it is gathered from: folder, pattern, Babel's method, its options.
_PAGES = (
    ("forum", "**.py", "python", {}),
    ("templates", "**.html", "jinja2", {"trimmed": "true", "silent": "false"}),
)
_SCRIPTS = (("forum/static/js", "**.js", "javascript", {}),)
DOMAINS = {"messages": _PAGES, "scripts": _SCRIPTS}


def gather(domain: str) -> Catalog:
    """Return the messages that the sources of a domain have now."""
    catalogue = Catalog(domain=domain, project="Askwell")
    for folder, pattern, method, options in DOMAINS[domain]:
        found = extract_from_dir(
            ROOT / folder,
            method_map=[(pattern, method)],
            options_map={pattern: options},
            keywords=_KEYWORDS,
            comment_tags=_COMMENTS,
        )
        for name, _line, message, comments, context in found:
            # Files alone: line numbers would change with every edit of a template.
            catalogue.add(
                message, locations=[(f"{folder}/{name}", 0)], auto_comments=comments, context=context
            )
    return catalogue


def load(code: str, domain: str) -> Catalog:
    """Return a language's catalogue as it is in the project; an empty one for a new language."""
    path = path_of(code, domain)
    if not path.is_file():
        return Catalog(locale=Locale.parse(code), domain=domain, header_comment="#", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=code, domain=domain)


def path_of(code: str, domain: str, ending: str = "po") -> Path:
    """Return the file of a language's catalogue."""
    return CATALOGUES / code / "LC_MESSAGES" / f"{domain}.{ending}"


def merged(code: str, domain: str) -> Catalog:
    """Return a language's catalogue with the messages that the sources have now and no others."""
    catalogue = load(code, domain)
    # Guesses by likeness would put wrong words before people.
    catalogue.update(gather(domain), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    return catalogue


def as_po(catalogue: Catalog) -> bytes:
    """Return a catalogue as the file that translators edit, without what would change each time."""
    file = BytesIO()
    write_po(file, catalogue, width=100, sort_output=True, include_lineno=False)
    lines = file.getvalue().split(b"\n")
    return b"\n".join(line for line in lines if not line.startswith(_DATES_AND_NAMES))


def as_mo(catalogue: Catalog) -> bytes:
    """Return a catalogue as the program reads it, the same bytes for the same messages."""
    catalogue.creation_date = catalogue.revision_date = _NO_DATE
    file = BytesIO()
    write_mo(file, catalogue)
    return file.getvalue()


def as_script(catalogue: Catalog) -> str:
    """Return a catalogue of scripts as the script that pages of its language load."""
    messages = {_key(message): _forms(message) for message in translated(catalogue)}
    texts = json.dumps(messages, ensure_ascii=False, indent=1, sort_keys=True)
    return (
        "// Made by `make texts` from the catalogue of the scripts.\n"
        "globalThis.askwellTexts = {\n"
        f" plural: (n) => Number({catalogue.plural_expr}),\n"
        f" messages: {texts},\n"
        "};\n"
    )


def translated(catalogue: Catalog) -> Iterator[Message]:
    """Yield the messages that have a translation."""
    for message in catalogue:
        if message.id and all(_forms(message)):
            yield message


def _key(message: Message) -> str:
    return message.id[0] if isinstance(message.id, tuple | list) else message.id


def _forms(message: Message) -> list[str]:
    return list(message.string) if isinstance(message.string, tuple | list) else [message.string]


def _missing(code: str) -> None:
    for domain in DOMAINS:
        catalogue = merged(code, domain)
        there = {id(message) for message in translated(catalogue)}
        for message in catalogue:
            if message.id and id(message) not in there:
                print(f"{domain}: {message.id!r}")


def _bring_up_to_date() -> None:
    SCRIPT_TEXTS.mkdir(exist_ok=True)
    for code in TRANSLATED:
        for domain in DOMAINS:
            catalogue = merged(code, domain)
            path_of(code, domain).parent.mkdir(parents=True, exist_ok=True)
            path_of(code, domain).write_bytes(as_po(catalogue))
            catalogue = load(code, domain)
            path_of(code, domain, "mo").write_bytes(as_mo(catalogue))
            if domain == "scripts":
                (SCRIPT_TEXTS / f"{code}.js").write_text(as_script(catalogue), encoding="utf-8")
            count = sum(1 for _ in translated(catalogue))
            print(f"{code} {domain}: {count} of {len(catalogue)} messages are translated")


def main() -> int:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--missing", metavar="LANGUAGE", choices=TRANSLATED)
    chosen = parser.parse_args()
    if chosen.missing:
        _missing(chosen.missing)
    else:
        _bring_up_to_date()
    return 0


if __name__ == "__main__":
    sys.exit(main())
