#!/usr/bin/env bash
# Sets everything up and runs the tests.
#
#   scripts/test.sh                 everything that needs no other program
#   scripts/test.sh --interop       also Chromium and other stacks
#   scripts/test.sh --filter NAME   only tests whose name matches
source "$(dirname "$0")/setup.sh"

interop=false
filter=()
while [ $# -gt 0 ]; do
    case "$1" in
        --interop) interop=true ;;
        --filter)
            [ $# -gt 1 ] || stop "--filter needs a name." "Example: scripts/test.sh --filter ICETests"
            filter=(--filter "$2")
            shift
            ;;
        -h | --help)
            sed -n '2,7s/^# \{0,1\}//p' "$0"
            exit 0
            ;;
        *) stop "unknown option $1." "Known: --interop, --filter NAME" ;;
    esac
    shift
done

require_swift
require_packages "${library_packages[@]}"
say "Building the tests (about four minutes the first time)"
swift build --build-tests --explicit-target-dependency-import-check error
say "Testing"
swift test --skip-build --parallel "${filter[@]}"
say "Building Tests/Consumer, a package that imports Swiftlet from outside"
swift run --package-path Tests/Consumer

if $interop; then
    scripts/test-interop.sh
fi
say "All tests passed"
