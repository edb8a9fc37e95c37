# GNU make 3.81, which macOS ships, is enough.
BIN := .venv/bin
# Tests to run and further options of pytest: make test T=tests/votes PYTEST="-m 'not slow' -x"
T ?= tests
PYTEST ?=

export PYTHON

.DEFAULT_GOAL := help

.PHONY: help
help: ## Print this list
	@echo "Askwell. To see it: make run. To work on it: CONTRIBUTING.md."
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

# ------------------------------------------------------------------------------- a site

.PHONY: run
run: ## Start the site with demo content on this machine
	@tools/install.sh run
	@$(BIN)/askwell demo --if-empty
	@exec $(BIN)/askwell serve

# ------------------------------------------------------------------------------- work on the code

.PHONY: dev
dev: ## Make the environment for work on the code
	@tools/install.sh dev

.PHONY: services
services: dev
	@$(BIN)/python -m tests.services.install

.PHONY: test
test: services ## Run the tests, setting up what they need (T=tests/votes for a part)
	$(BIN)/python -m pytest -n logical --dist worksteal $(PYTEST) $(T)

.PHONY: check
check: lint types test ## Run everything a change must pass

.PHONY: lint
lint: dev ## Check format, style and the import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports

.PHONY: types
types: dev ## Check the types
	$(BIN)/mypy

.PHONY: format
format: dev ## Format the code and mend what ruff can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: bench
bench: dev ## Measure the speed of a generated site
	$(BIN)/python -m bench

# Sets of questions to measure search on, see docs/search.md: make bench-search SETS=path/to/sets
SETS ?= ../shared/data/prior-solutions

.PHONY: bench-search
bench-search: dev ## Measure how well and how fast earlier threads are found
	$(BIN)/askwell search-benchmark $(SETS)

.PHONY: screenshots
screenshots: services ## Take the pictures of docs/screenshots anew
	@$(BIN)/python -m tools.screenshots

.PHONY: texts
texts: dev ## Bring the catalogues of the languages up to date with the texts of the product
	$(BIN)/python -m tools.texts

.PHONY: lighthouse
lighthouse: dev ## Measure pages of the demo site with Lighthouse (needs Node.js and the npm registry)
	@$(BIN)/python -m tools.lighthouse

.PHONY: lock
lock: dev ## Lock the versions that pyproject.toml allows
	tools/lock.sh

.PHONY: clean
clean: ## Remove what was built, but neither .venv nor the site's data
	rm -rf build dist htmlcov .coverage .coverage.* .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -not -path './.venv/*' -prune -exec rm -rf {} +
