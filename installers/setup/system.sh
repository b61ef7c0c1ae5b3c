# Sourced by setup.sh: which system packages are missing, and how to get them.

# What a compiler, Python, and Qt (offscreen and on X11) need on a bare Debian 12.
DEBIAN_PACKAGES="python3 python3-venv g++ libxkbcommon0 libegl1 libgl1 libfontconfig1 libglib2.0-0 \
libdbus-1-3 fonts-dejavu-core libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 \
libxcb-render-util0 libxcb-shape0 libxcb-xkb1 libxkbcommon-x11-0"
LIBRARIES="libxkbcommon.so.0 libEGL.so.1 libGL.so.1 libfontconfig.so.1 libglib-2.0.so.0 libdbus-1.so.3 \
libxcb-cursor.so.0 libxcb-icccm.so.4 libxcb-image.so.0 libxcb-keysyms.so.1 libxcb-randr.so.0 \
libxcb-render-util.so.0 libxcb-shape.so.0 libxcb-xkb.so.1 libxkbcommon-x11.so.0"

# Prints the first Python that is new enough and can make virtual environments.
find_python() {
    for name in python3 python3.14 python3.13 python3.12 python3.11 /usr/bin/python3; do
        command -v "$name" >/dev/null 2>&1 || continue
        "$name" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' \
            >/dev/null 2>&1 || continue
        command -v "$name"
        return 0
    done
    return 1
}

# Prints what is missing, in words; nothing when all is there.
missing_parts() {
    find_python >/dev/null || printf '%s ' "Python 3.11 with venv"
    command -v c++ >/dev/null 2>&1 || command -v g++ >/dev/null 2>&1 || printf '%s ' "a C++ compiler"
    [ "$(uname -s)" = Linux ] || return 0
    known=$(PATH="$PATH:/sbin:/usr/sbin" ldconfig -p 2>/dev/null || true)
    for library in $LIBRARIES; do
        case "$known" in *"$library"*) ;; *) printf '%s ' "$library" ;; esac
    done
}

ensure_system_packages() {
    missing=$(missing_parts)
    [ -n "$missing" ] || return 0
    if ! command -v apt-get >/dev/null 2>&1; then
        stop "These parts of the system are missing: $missing
Install them with your package manager, then start again."
    fi
    if [ "$(id -u)" = 0 ]; then
        as_root=""
    elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
        as_root="sudo"
    else
        stop "These parts of the system are missing: $missing
Run this line once, then start again:

  sudo apt-get update && sudo apt-get install --no-install-recommends $DEBIAN_PACKAGES"
    fi
    say "Installing system packages: $missing ..."
    # shellcheck disable=SC2086 - words are wanted
    if ! { $as_root apt-get update -qq &&
        $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
            $DEBIAN_PACKAGES; } >/tmp/echelon-apt.$$ 2>&1; then
        tail -n 12 /tmp/echelon-apt.$$
        rm -f /tmp/echelon-apt.$$
        stop "The system packages could not be installed; see above."
    fi
    rm -f /tmp/echelon-apt.$$
    missing=$(missing_parts)
    [ -z "$missing" ] || stop "Still missing after the installation: $missing"
}
