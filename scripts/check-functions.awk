#!/usr/bin/awk -f
# Prints every Swift function, initialiser or accessor longer than 50 lines, and fails if any is.
#
# The layout is that of swift-format: a declaration's closing brace stands alone, as far to the
# right as the line on which the declaration began.

BEGIN { limit = 50 }

FNR == 1 { start = 0 }

{
    line = $0
    sub(/^ */, "", line)
    indent = length($0) - length(line)
}

start == 0 && line ~ /^(@[A-Za-z_]+(\([^)]*\))? +)*((public|package|private|fileprivate|internal|static|mutating|nonmutating|consuming|borrowing|nonisolated|override|final|isolated|convenience|required)(\([a-z]+\))? +)*(func [^ ]|init[?<(]|deinit|subscript[<(])/ {
    start = FNR
    column = indent
    title = line
    next
}

# A declaration without body ends where the next one of the same column begins.
start > 0 && line != "" && indent <= column && line !~ /^[})\]]/ && line !~ /^where / {
    start = 0
}

start > 0 && indent == column && line ~ /^}/ {
    count = FNR - start + 1
    if (count > limit) {
        printf "%s:%d: %d lines: %s\n", FILENAME, start, count, title
        bad = 1
    }
    start = 0
}

END { exit bad }
