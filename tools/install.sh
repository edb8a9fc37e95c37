#!/usr/bin/env bash
# Brings .venv up to date with the locked versions: `install.sh run` for a site, `install.sh dev` for work on it.
# Returns at once when nothing changed since the last time.
set -euo pipefail
cd "$(dirname "$0")/.."

kind=$1
venv=.venv

# What the environment was made from. The folder belongs to it, because the commands inside hold its full path.
wanted=$({ pwd; cat pyproject.toml requirements/*.txt; } | cksum)

is_current() { [ -f "$venv/.installed-$1" ] && [ "$(cat "$venv/.installed-$1")" = "$wanted" ]; }

works() { [ -x "$venv/bin/python" ] && [ -x "$venv/bin/pip" ] && "$venv/bin/python" -c '' 2>/dev/null; }

version() { "$1" -c 'import sys; print(*sys.version_info[:2])'; }

is_other_python() { [ -n "${PYTHON:-}" ] && [ "$(version "$PYTHON")" != "$(version "$venv/bin/python")" ]; }

create() {
    local python
    python=$(tools/find-python.sh)
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        echo "$python can't make virtual environments here." >&2
        echo "On Debian or Ubuntu: sudo apt-get install python3-venv" \
            "(or python$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')-venv)" >&2
        exit 2
    fi
    echo "Making the environment in $venv with $("$python" --version)."
    "$python" -m venv --clear "$venv"
}

if ! works || is_other_python; then
    create
elif is_current "$kind" || is_current dev; then
    exit 0
fi

# --require-hashes refuses anything but the very files that the versions were locked with, and as those are
# complete, --no-deps spares pip from working that out again.
pip=("$venv/bin/python" -m pip --disable-pip-version-check --no-input --quiet --quiet)
echo "Installing the locked versions of requirements/$kind.txt. This is done once and takes about a minute."
rm -f "$venv"/.installed-*
"${pip[@]}" install --no-deps --require-hashes -r requirements/build.txt -r "requirements/$kind.txt"
"${pip[@]}" install --no-deps --no-build-isolation --editable .
echo "$wanted" >"$venv/.installed-$kind"
