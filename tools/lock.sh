#!/usr/bin/env bash
# Locks the versions that pyproject.toml allows, for Linux and macOS and Python 3.11 to 3.13, into requirements/.
# Versions already locked stay; `tools/lock.sh --upgrade` takes the newest.
set -euo pipefail
cd "$(dirname "$0")/.."

# No index address goes into the files: they are installed from whatever index the machine uses.
compile() {
    .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-annotate --custom-compile-command "make lock" "$@"
}

compile pyproject.toml --output-file requirements/run.txt "$@"
compile pyproject.toml --extra dev --constraints requirements/run.txt --output-file requirements/dev.txt "$@"
# The build backend, so that installing the checkout itself fetches nothing.
.venv/bin/python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["build-system"]["requires"])' |
    compile - --constraints requirements/dev.txt --output-file requirements/build.txt "$@"
