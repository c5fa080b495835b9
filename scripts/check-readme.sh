#!/usr/bin/env bash
# Checks that the README's call is the program that Tests/Consumer compiles and runs.
set -euo pipefail
cd "$(dirname "$0")/.."

program=Tests/Consumer/Sources/Consumer/main.swift
# The first Swift block that imports the library.
snippet=$(awk '
    /^```swift$/ { inside = 1; text = ""; next }
    /^```$/ && inside { inside = 0; if (text ~ /import Swiftlet/) { printf "%s", text; exit } }
    inside { text = text $0 "\n" }
' README.md)
if ! diff -u --label README.md --label "$program" <(printf '%s\n' "$snippet") "$program"; then
    printf 'error: the call in README.md is not the one in %s; make them the same.\n' "$program" >&2
    exit 1
fi
printf 'The call in README.md is the one that Tests/Consumer runs.\n'
