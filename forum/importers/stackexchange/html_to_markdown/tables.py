"""Tables."""

import re

from lxml import etree

from forum.importers.stackexchange.html_to_markdown.inline import BREAK, Inline, child_nodes

_ALIGNMENT = re.compile(r"text-align:\s*(left|right|center)")
_RULES = {"left": ":--", "right": "--:", "center": ":-:", "": "---"}


def write_table(table: etree._Element, inline: Inline) -> str:
    """Return the Markdown of a table; one without a header row gets an empty one, as Markdown demands it."""
    rows = [_cells(row) for row in table.iter("tr")]
    rows = [row for row in rows if row]
    if not rows:
        return ""
    if any(cell.tag != "th" for cell in rows[0]):
        rows.insert(0, [])
    width = max(len(row) for row in rows)
    texts = [_written(row, inline, width=width) for row in rows]
    rules = [_RULES[_alignment(cell)] for cell in max(rows, key=len)]
    return "\n".join(_line(cells) for cells in (texts[0], rules, *texts[1:]))


def _cells(row: etree._Element) -> list[etree._Element]:
    return list(row.iterchildren("td", "th"))


def _written(cells: list[etree._Element], inline: Inline, *, width: int) -> list[str]:
    texts = [_cell(cell, inline) for cell in cells]
    return texts + [""] * (width - len(texts))


def _cell(cell: etree._Element, inline: Inline) -> str:
    text = inline.nodes(child_nodes(cell)).strip(" " + BREAK)
    return text.replace(BREAK, "<br>").replace("|", "\\|")


def _alignment(cell: etree._Element) -> str:
    found = _ALIGNMENT.search(cell.get("style") or "")
    return found[1] if found else ""


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"
