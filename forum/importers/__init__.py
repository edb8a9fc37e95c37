"""Bringing in the history of a community that lived elsewhere."""
