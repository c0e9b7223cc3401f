#!/bin/sh
# Makes .venv hold exactly what a lock file names, and the project itself. Does nothing when it already does.
# usage: scripts/setup.sh requirements/FILE.txt
set -eu
cd "$(dirname "$0")/.."
lock=$1
stamp=.venv/.$(basename "$lock").stamp
python=${PYTHON:-python3}

fail() { echo "bullpen: $1" >&2; exit 1; }

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null ||
    fail "Python 3.11 or newer is needed; set PYTHON to one (found: $("$python" -V 2>&1))"

wanted="$(cksum < "$lock") $(cksum < pyproject.toml) $PWD"
if [ -x .venv/bin/python ] && [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ]; then
    exit 0
fi

# A checkout that was moved, or an interpreter that was removed, leaves a .venv that cannot run.
if ! .venv/bin/python -c 'import pip' 2>/dev/null || ! .venv/bin/pip --version >/dev/null 2>&1; then
    rm -rf .venv
    "$python" -m venv .venv ||
        fail "'$python -m venv' failed; on Debian and Ubuntu: apt-get install python3-venv"
fi

# The system's certificates: a company's own index is often signed by its own authority.
export UV_SYSTEM_CERTS=1 UV_NATIVE_TLS=1 UV_LINK_MODE=copy PIP_DISABLE_PIP_VERSION_CHECK=1
if command -v uv >/dev/null 2>&1; then
    uv=uv
else
    [ -x .venv/bin/uv ] || .venv/bin/python -m pip install --quiet uv ||
        fail "could not install uv from the package index"
    uv=.venv/bin/uv
fi

rm -f "$stamp"
echo "Installing what $lock names into .venv (once; about a minute)" >&2
# uv does not read pip's own configuration; where only pip knows the index, pip does the work.
"$uv" pip install --quiet --python .venv/bin/python --require-hashes -r "$lock" ||
    .venv/bin/python -m pip install --quiet --require-hashes -r "$lock" ||
    fail "could not install what $lock names from the package index"
"$uv" pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation -e . ||
    .venv/bin/python -m pip install --quiet --no-deps --no-build-isolation -e . ||
    fail "could not install the project itself"
echo "$wanted" > "$stamp"
