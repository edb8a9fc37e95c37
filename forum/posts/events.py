"""What happens to posts and may concern others later."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ThreadChanged:
    """Something in the thread of a question has changed: text, tags, votes, acceptance, visibility."""

    question_id: int
    topic: str = "thread changed"

    @property
    def subject_id(self) -> int:
        """The question's id."""
        return self.question_id
