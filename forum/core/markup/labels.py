"""The words beside a checkbox as its label, so that a list of tasks can be told by ear in any language."""

from collections.abc import Iterable, Iterator

from forum.core.markup.allow_list import BLOCKS
from forum.core.markup.tokens import Token, tag_token

_STEPS = {"StartTag": 1, "EndTag": -1}
# A label goes on over the end of a line.
_ENDS = BLOCKS - {"br"} | {"input"}


class Labels:
    """Wrap each checkbox and the words behind it, up to the end of their paragraph or the next list.

    Without it a screen reader would say nothing but "checkbox". Labels of authors are taken out.
    """

    def __init__(self, source: Iterable[Token]) -> None:
        self._source = source

    def __iter__(self) -> Iterator[Token]:
        is_open, depth = False, 0
        for token in self._source:
            kind, name = token["type"], token.get("name", "")
            if name == "label":
                continue
            if is_open and depth == 0 and (kind == "EndTag" or name in _ENDS):
                is_open = False
                yield tag_token("EndTag", "label", {})
            if name == "input" and not is_open:
                is_open, depth = True, 0
                yield tag_token("StartTag", "label", {})
            elif is_open:
                depth += _STEPS.get(kind, 0)
            yield token
        if is_open:
            yield tag_token("EndTag", "label", {})
