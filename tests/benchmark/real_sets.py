"""The sets of real questions, which are not part of this project."""

from pathlib import Path

import pytest

REAL_SETS = Path(__file__).resolve().parents[3] / "shared" / "data" / "prior-solutions"

needs_real_sets = pytest.mark.skipif(not REAL_SETS.is_dir(), reason="the real sets are not here")
