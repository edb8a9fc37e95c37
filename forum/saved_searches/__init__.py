"""Searches that people keep under a name, and the threads that came since and match them."""
