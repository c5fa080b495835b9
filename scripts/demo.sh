#!/usr/bin/env bash
# Sets everything up and makes a call on this machine: one peer speaks, the other records.
#
#   scripts/demo.sh            the demo
#   scripts/demo.sh --json     its result for machines; other options go to `swiftlet demo` too
source "$(dirname "$0")/setup.sh"

require_swift
require_packages "${library_packages[@]}"
say "Building (about two minutes the first time)"
swift build -c release --product swiftlet
say "Calling"
exec "$(swift build -c release --show-bin-path)/swiftlet" demo "$@"
