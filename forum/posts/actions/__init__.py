"""What people do with questions, answers and comments, one module per verb family.

Each action locks the thread first (queries.threads), then tags, then people in the order of their ids;
whoever keeps to that order never meets a deadlock.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Posted:
    """The post that an action was about; `is_new` is false for a submission that had arrived before."""

    post_id: int
    question_id: int
    is_new: bool = True


@dataclass(frozen=True, slots=True)
class Acceptance:
    """An answer after its question's acceptance changed, and the answer that was the accepted one before."""

    post_id: int
    question_id: int
    is_accepted: bool
    former_id: int | None


@dataclass(frozen=True, slots=True)
class Commented:
    """The comment that an action was about."""

    comment_id: int
    post_id: int
    question_id: int
    is_new: bool = True
