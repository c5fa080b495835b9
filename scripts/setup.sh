# Sourced by the other scripts: finds Swift, and installs Debian packages that are missing.
# Everything here can run again at once without doing anything twice.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { printf '\033[1m==> %s\033[0m\n' "$*"; }

stop() {
    printf 'error: %s\n' "$1" >&2
    shift
    for line in "$@"; do printf '       %s\n' "$line" >&2; done
    exit 1
}

# The libraries that Swiftlet links, and pkg-config to find them.
library_packages=(libssl-dev libsrtp2-dev libopus-dev libasound2-dev pkg-config)

require_swift() {
    command -v swift >/dev/null 2>&1 || stop "swift is not on the PATH." \
        "Swiftlet needs Swift 6.3: https://www.swift.org/install/linux/"
    local version
    version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' | head -1)
    case "$version" in
        6.[3-9] | 6.[1-9][0-9] | [7-9].*) ;;
        *) stop "Swift $version is too old: Swiftlet needs 6.3 or later." \
            "https://www.swift.org/install/linux/" ;;
    esac
}

is_installed() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

# Installs those of the named packages that are not there yet.
require_packages() {
    local missing=()
    local package
    for package in "$@"; do is_installed "$package" || missing+=("$package"); done
    [ ${#missing[@]} -gt 0 ] || return 0
    command -v apt-get >/dev/null 2>&1 || stop "these packages are missing: ${missing[*]}" \
        "They can be installed here only with apt-get, which this system does not have."
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null 2>&1 || stop "these packages are missing: ${missing[*]}" \
            "Run as root: apt-get install ${missing[*]}"
        as_root=(sudo)
    fi
    say "Installing ${missing[*]}"
    "${as_root[@]}" apt-get update -qq || stop "apt-get update failed." \
        "Check the network and /etc/apt/sources.list, then run this script again."
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}" \
        >/dev/null || stop "apt-get could not install ${missing[*]}." \
        "Run it by hand to see why: apt-get install ${missing[*]}"
}
