#!/bin/sh
# Makes .venv hold exactly what a lock file names, and the project itself. Does nothing when it already does.
# usage: scripts/setup.sh requirements/FILE.txt
set -eu
cd "$(dirname "$0")/.."
lock=$1
stamp=.venv/.$(basename "$lock").stamp
python=${PYTHON:-python3}

drawing=
remove_bar() {
    [ -n "$drawing" ] || return 0
    kill "$drawing" 2>/dev/null || :
    wait "$drawing" 2>/dev/null || :
    drawing=
    printf '\r\033[K' >&2
}
fail() { remove_bar; echo "bullpen: $1" >&2; exit 1; }
no_index="could not install the Python packages (see above). Check the network connection and run the command again;
  where packages come from a company's own index, name it in pip's configuration or in UV_INDEX_URL"

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null ||
    fail "Python 3.11 or newer is needed (found: $("$python" -V 2>/dev/null || echo none)).
  Install one, or name it: make run PYTHON=/path/to/python3.12"

wanted="$(cksum < "$lock") $(cksum < pyproject.toml) $PWD"
if [ -x .venv/bin/python ] && [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ]; then
    exit 0
fi

for folder in "$PWD" "$PWD/.venv"; do
    [ ! -e "$folder" ] || [ -w "$folder" ] ||
        fail "cannot write to $folder. Make it yours (chown), or clone the project into a folder of yours"
done

echo "Installing Python packages (about a minute, once)…" >&2

# uv unpacks each package into its cache, then copies all of them into .venv: whichever is more is shown.
in_cache() { find "$cache" -mindepth 2 -maxdepth 2 -path '*/archive-v*' 2>/dev/null | wc -l; }
in_venv() { find .venv/lib -name '*.dist-info' 2>/dev/null | wc -l; }
draw_bar() {
    all=$(grep -c '^[a-z0-9].*==' "$lock") seconds=0 before=
    while sleep 1; do
        seconds=$((seconds + 1)) new=0 there=$(in_venv)
        # The first to answer is the uv that is used below.
        [ -n "$before" ] || { cache=$(uv cache dir 2>/dev/null || .venv/bin/uv cache dir 2>/dev/null) && before=$(in_cache); }
        [ -z "$before" ] || new=$(($(in_cache) - before))
        [ "$new" -gt "$there" ] || new=$there
        [ "$new" -lt "$all" ] || new=$all
        filled=$((new * 30 / all))
        printf '\r\033[K[%s%s] %d of %d, %d s' "$(printf '%*s' "$filled" '' | tr ' ' '#')" \
            "$(printf '%*s' $((30 - filled)) '' | tr ' ' '.')" "$new" "$all" "$seconds" >&2
    done
}
if [ -t 2 ]; then
    draw_bar & drawing=$!
    trap remove_bar EXIT
    trap 'exit 130' INT TERM
fi

# A checkout that was moved, or an interpreter that was removed, leaves a .venv that cannot run.
if ! .venv/bin/python -c 'import pip' 2>/dev/null || ! .venv/bin/pip --version >/dev/null 2>&1; then
    rm -rf .venv
    "$python" -m venv .venv ||
        fail "'$python -m venv' failed (see above); on Debian and Ubuntu: apt-get install python3-venv"
fi

# The system's certificates: a company's own index is often signed by its own authority.
export UV_SYSTEM_CERTS=1 UV_NATIVE_TLS=1 UV_LINK_MODE=copy PIP_DISABLE_PIP_VERSION_CHECK=1
if command -v uv >/dev/null 2>&1; then
    uv=uv
else
    [ -x .venv/bin/uv ] || .venv/bin/python -m pip install -qq uv || fail "$no_index"
    uv=.venv/bin/uv
fi

rm -f "$stamp"
# uv does not read pip's own configuration; where only pip knows the index, pip does the work.
"$uv" pip install --quiet --python .venv/bin/python --require-hashes -r "$lock" ||
    .venv/bin/python -m pip install --quiet --require-hashes -r "$lock" ||
    fail "$no_index"
"$uv" pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation -e . ||
    .venv/bin/python -m pip install --quiet --no-deps --no-build-isolation -e . ||
    fail "could not install the project itself (see above)"
echo "$wanted" > "$stamp"
