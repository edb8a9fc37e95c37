"""Templates without the indentation of their lines, which is for those who read them and not for browsers.

Of several blanks one line feed is left, as words may have to stay apart. What pages print from elsewhere,
such as posts, is left as it is; a template must therefore not indent what it writes itself into `pre` or
`textarea`.
"""

import re

from jinja2 import nodes

_BLANKS = re.compile(r"[ \t\n]{2,}")


def unindent(template: nodes.Template) -> None:
    """Take the indentation and empty lines out of the text of a parsed template."""
    for text in template.find_all(nodes.TemplateData):
        text.data = _BLANKS.sub("\n", text.data)
