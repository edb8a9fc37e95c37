"""What stops an import before anything of the dump is kept."""

from forum.core.errors import AskwellError


class RefusedDump(AskwellError):
    """The dump, or one of its files, can't be trusted as a whole; the message names file, line and reason."""
