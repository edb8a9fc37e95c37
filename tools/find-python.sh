#!/usr/bin/env bash
# Prints the Python to build the environment with: $PYTHON if set, else the newest that Askwell supports.
set -euo pipefail

# Being there is not enough: version switchers leave commands on the path that only print an error.
is_supported() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

if [ -n "${PYTHON:-}" ]; then
    if is_supported "$PYTHON"; then
        echo "$PYTHON"
        exit 0
    fi
    echo "PYTHON=$PYTHON is not a Python 3.11 or newer." >&2
    exit 2
fi

for candidate in python3.13 python3.12 python3.11 python3; do
    if is_supported "$candidate"; then
        echo "$candidate"
        exit 0
    fi
done

echo "Askwell needs Python 3.11 or newer, and none was found." >&2
echo "On Debian or Ubuntu: sudo apt-get install python3 python3-venv. On macOS: brew install python@3.13." >&2
echo "If it lies elsewhere: make run PYTHON=/path/to/python3" >&2
exit 2
