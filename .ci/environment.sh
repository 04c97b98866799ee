# Makes the Python environment of this checkout; sourced by ./ombud and ./ombud-test (POSIX sh).
#
# The caller sets `root` to the checkout and calls `environment run` or `environment dev`;
# afterwards `venv` names the environment. Nothing is done when its stamp is right. Output goes
# to standard error, so that the output of the command itself stays clean.
#
# OMBUD_PYTHON  the Python to use, when it is not the newest one found
# OMBUD_VENV    where the environment lies, when it is not .venv in the checkout

# Container images often set it. Without what Python keeps of a module it has read, each command
# would read some 2,000 of them anew: seconds, every time.
unset PYTHONDONTWRITEBYTECODE

say() { printf '%s\n' "ombud: $*" >&2; }

fail() {
    say "$@"
    exit 2
}

is_python() {
    "$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

# Prints the Python to use, or stops with what is missing.
find_python() {
    if [ -n "${OMBUD_PYTHON:-}" ]; then
        is_python "$OMBUD_PYTHON" ||
            fail "OMBUD_PYTHON=$OMBUD_PYTHON is not Python 3.11 or newer with venv"
        printf '%s\n' "$OMBUD_PYTHON"
        return
    fi
    for python in python3 python3.14 python3.13 python3.12 python3.11 python; do
        if is_python "$python"; then
            printf '%s\n' "$python"
            return
        fi
    done
    found=$(python3 --version 2>/dev/null) || found="no python3"
    say "Ombud needs Python 3.11 or newer with the venv module; found: $found"
    case $found in
        "Python 3.1"[1-9]*) say "on Debian and Ubuntu: apt-get install python3-venv" ;;
        *) say "see https://www.python.org/downloads/, or set OMBUD_PYTHON to another Python" ;;
    esac
    exit 2
}

# What the environment must match: the place, the locked packages, and the package's own head.
stamp_of() {
    printf '%s\n' "$root"
    cksum <"$1"
    sed -n '/^\[project\]/,/^\[dependency-groups\]/p' "$root/pyproject.toml" | cksum
}

stamped() {
    [ -x "$venv/bin/python" ] && [ -f "$venv/ombud-$1" ] &&
        [ "$(cat "$venv/ombud-$1")" = "$(stamp_of "$2")" ]
}

# One maker at a time; the others wait. A lock whose maker is gone is taken over.
take_lock() {
    waited=0
    until mkdir "$venv.lock" 2>/dev/null; do
        holder=$(cat "$venv.lock/pid" 2>/dev/null || :)
        if [ -n "$holder" ] && ! kill -0 "$holder" 2>/dev/null; then
            rm -rf "$venv.lock"
            continue
        fi
        [ "$waited" -gt 0 ] || say "another run is making the environment; waiting"
        waited=$((waited + 1))
        [ "$waited" -le 600 ] || fail "gave up waiting; remove $venv.lock if nothing runs"
        sleep 1
    done
    trap 'rm -rf "$venv.lock"' EXIT
    trap 'exit 130' HUP INT TERM
    printf '%s\n' "$$" >"$venv.lock/pid"
}

# uv takes a second where pip takes twenty; it comes from the lock when the machine has none.
find_uv() {
    if uv --version >/dev/null 2>&1; then
        command -v uv
        return
    fi
    sed -n '/^uv==/,/[^\\]$/p' "$1" >"$venv/uv.lock"
    pip install --require-hashes -r "$venv/uv.lock" && printf '%s\n' "$venv/bin/uv"
}

pip() {
    PIP_DISABLE_PIP_VERSION_CHECK=1 "$venv/bin/python" -m pip -qq --no-input "$@"
}

# Everything, the build tool too, comes from the lock with its hash.
install_packages() {
    if uv=$(find_uv "$1"); then
        # uv does not read pip's settings; a machine with its own index may have only those
        index=${UV_DEFAULT_INDEX:-${UV_INDEX_URL:-${PIP_INDEX_URL:-}}}
        [ -n "$index" ] || index=$(pip config get global.index-url 2>/dev/null) || :
        if [ -n "$index" ]; then
            UV_DEFAULT_INDEX=$index
            export UV_DEFAULT_INDEX
        fi
        # UV_LINK_MODE: quiet where the cache lies on another disk
        UV_LINK_MODE=${UV_LINK_MODE:-copy}
        export UV_LINK_MODE
        "$uv" pip install -q --python "$venv/bin/python" --require-hashes -r "$1" &&
            "$uv" pip install -q --python "$venv/bin/python" --no-deps --no-build-isolation \
                -e "$root" &&
            return 0
        say "uv could not; trying pip"
    fi
    pip install --require-hashes -r "$1" && pip install --no-deps --no-build-isolation -e "$root"
}

environment() {
    venv=${OMBUD_VENV:-$root/.venv}
    lock=$root/requirements.lock
    if [ "$1" = dev ]; then
        lock=$root/requirements-dev.lock
    elif stamped dev "$root/requirements-dev.lock"; then
        return 0 # the developer's environment holds everything
    fi
    if stamped "$1" "$lock"; then
        return 0
    fi
    take_lock
    if ! stamped "$1" "$lock"; then
        if ! is_python "$venv/bin/python"; then
            python=$(find_python) || exit $?
            [ ! -f "$venv/pyvenv.cfg" ] || rm -rf "$venv"
            say "making the environment in $venv"
            if uv --version >/dev/null 2>&1; then
                uv venv -q --seed --python "$python" "$venv"
            else
                "$python" -m venv "$venv"
            fi || fail "could not make $venv"
        fi
        say "installing packages"
        install_packages "$lock" >&2 ||
            fail "could not install the packages; the lines above say why"
        stamp_of "$lock" >"$venv/ombud-$1"
    fi
    rm -rf "$venv.lock"
    trap - EXIT HUP INT TERM
}
