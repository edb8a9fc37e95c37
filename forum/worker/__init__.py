"""The process beside the web server that does what happens after a commit: `loop` is where to begin."""
