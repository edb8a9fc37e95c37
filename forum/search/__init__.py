"""Finding threads again: what is indexed, the query language, and the engines behind one interface."""
