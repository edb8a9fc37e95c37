"""Texts that people have begun and not posted yet, kept for them on the server."""
