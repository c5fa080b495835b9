#!/usr/bin/env bash
# Runs the tests of what has threads under ThreadSanitizer: event loops, sockets, connections.
#
#   scripts/test-threads.sh                 LinuxIO and PeerConnection
#   scripts/test-threads.sh --filter NAME   only tests whose name matches
source "$(dirname "$0")/setup.sh"

filter='LinuxIOTests|SwiftletTests'
case "${1:-}" in
    "") ;;
    --filter)
        [ $# -gt 1 ] || stop "--filter needs a name." "Example: scripts/test-threads.sh --filter SwiftletTests"
        filter=$2
        ;;
    -h | --help) sed -n '2,5s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) stop "unknown option $1." "Known: --filter NAME" ;;
esac

require_swift
require_packages "${library_packages[@]}"
say "Building the tests for ThreadSanitizer (about four minutes the first time)"
swift build --build-tests --sanitize=thread --scratch-path .build/tsan
say "Testing under ThreadSanitizer"
# Every finding is an error. What a process leaves behind is counted without the sanitizer, whose
# own memory and threads would be counted with it.
TSAN_OPTIONS="halt_on_error=0 exitcode=66 second_deadlock_stack=1 ${TSAN_OPTIONS:-}" \
    swift test --sanitize=thread --scratch-path .build/tsan --skip-build \
    --filter "$filter" --skip LeftoverTests
say "No data race found"
