"""Reads of questions, answers and comments, one module per page or purpose."""
