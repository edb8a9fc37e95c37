"""The engines behind `forum.search.engine.SearchEngine`; `forum.wiring` chooses one."""
