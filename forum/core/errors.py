"""The errors that entry points turn into pages, JSON or one line on the terminal.

Everything below `web` and `cli` raises one of these for what a person did or configured; any other
exception is a defect of ours. A message is a sentence for the person who reads it and says what to do.
"""


class AskwellError(Exception):
    """What a person can do something about."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Refused(AskwellError):
    """A rule says no; `code` names the rule for programs, the message explains it to people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class NotFound(AskwellError):
    """What was asked for does not exist, or may not be seen by the one who asks."""


class Conflict(AskwellError):
    """Somebody else changed the same thing meanwhile."""


class Invalid(AskwellError):
    """A value given for `field` can't be used."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class TooMany(AskwellError):
    """A rate limit is reached; `retry_after` is the number of seconds to wait."""

    def __init__(self, message: str, *, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Misconfigured(AskwellError):
    """A setting is missing or wrong; the message names the variable."""
