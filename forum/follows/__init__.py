"""Who follows which question, and up to when they have seen what happened there."""
