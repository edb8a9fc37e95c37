"""The processes of `askwell serve`: the supervisor, the web server's workers, the background worker."""
