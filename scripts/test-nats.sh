#!/usr/bin/env bash
# Calls between all kinds of NATs, on a simulated network that loses packets: prints which path each
# pair of kinds ends on, and how soon. Fails if any call ends otherwise than on the best path there is.
# The same seeds always give the same table.
#
#   scripts/test-nats.sh                  200 seeds for each pair at 10 % loss, all pairs
#   scripts/test-nats.sh --seeds 20       fewer; --from 1000 for others, --loss 0.2 for more of it
#   scripts/test-nats.sh --pair symmetric open --story 17     one call, told line by line
source "$(dirname "$0")/setup.sh"

case "${1:-}" in -h | --help) sed -n '2,8s/^# \{0,1\}//p' "$0"; exit 0 ;; esac

require_swift
require_packages "${library_packages[@]}"
say "Building the survey"
swift build -c release --product traversals
say "Calls between NATs"
exec "$(swift build -c release --show-bin-path)/traversals" "$@"
