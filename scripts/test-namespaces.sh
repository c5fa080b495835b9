#!/usr/bin/env bash
# Calls through NATs of the kernel, in network namespaces: direct, relayed, and on when an interface
# goes down. Sets everything up and removes it at the end. Needs root; where namespaces are not
# permitted it says so and ends with 77.
#
#   scripts/test-namespaces.sh            the NATs and the relays, then calls
#   scripts/test-namespaces.sh --checks   only the NATs and the relays
source "$(dirname "$0")/setup.sh"

case "${1:-}" in
    -h | --help) sed -n '2,8s/^# \{0,1\}//p' "$0"; exit 0 ;;
    "" | --checks) ;;
    *) stop "unknown option $1." "Known: --checks" ;;
esac

require_packages "${library_packages[@]}" iproute2 nftables procps coturn python3
if [ "$(id -u)" -ne 0 ]; then
    printf 'skipped: network namespaces need root; run: sudo scripts/test-namespaces.sh\n'
    exit 77
fi
swiftlet=${SWIFTLET:-}
if [ -z "$swiftlet" ]; then
    require_swift
    say "Building the caller"
    swift build -c release --product swiftlet
    swiftlet=$(swift build -c release --show-bin-path)/swiftlet
fi
say "NATs of the kernel, in namespaces"
# The child gets Ctrl-C as well, and removes what it has made.
exec python3 Tests/Interop/namespaces.py "$swiftlet" "$@"
