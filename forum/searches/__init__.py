"""What is searched for and what came of it: counts by day and text, of nobody in particular."""
