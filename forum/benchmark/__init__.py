"""How well and how fast search finds earlier threads, measured on a set of real questions."""
