"""Measures the speed of a generated site: `python -m bench`, see docs/performance.md."""
