"""The command line. `main` is its entry point; each verb or group of verbs has a module of its own."""
