"""Finding threads again: what is indexed, the query language, and the engines behind one interface."""

import os

# Read by NumPy's OpenBLAS when it loads. Our tables are so narrow that its threads mostly wait for each
# other, at the full cost of a processor: decomposing a table of 453 threads took 1.6 to 3.7 s of two, and
# takes 0.4 s of one.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
