"""Secrets that are given out once and kept as hashes only."""

import hashlib
import secrets


def new_token() -> str:
    """Return a fresh secret of 256 bits, fit for addresses and cookies."""
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    """Return what is stored of a secret; fast hashing suffices for what can't be guessed."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
