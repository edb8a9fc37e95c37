"""Askwell: self-hosted question-and-answer software."""

__version__ = "0.1.0"
