#!/bin/sh
# Resolves requirements/*.txt from pyproject.toml: hashes for every platform, no index's address.
set -eu
cd "$(dirname "$0")/.."
export UV_SYSTEM_CERTS=1
uv=$(command -v uv || echo .venv/bin/uv)
lock() {
    out=$1
    shift
    "$uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-annotate --custom-compile-command "make lock" "$@" -o "$out"
}
lock requirements/run.txt pyproject.toml requirements/build.in
lock requirements/dev.txt pyproject.toml requirements/build.in --group dev -c requirements/run.txt
lock requirements/claude.txt pyproject.toml --extra claude -c requirements/run.txt
