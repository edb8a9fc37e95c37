"""What is stored when a text can't be rendered: the text itself, unformatted."""

from html import escape

from forum.core.markup.characters import with_visible_direction, without_controls
from forum.core.markup.values import Rendered


def unformatted(text: str) -> Rendered:
    """Return the text as it was written, in one block that no construct of it can leave."""
    readable = without_controls(text)
    shown = escape(with_visible_direction(readable), quote=False)
    return Rendered(f'<pre class="plain">{shown}</pre>', readable.strip(), "", ok=False)
