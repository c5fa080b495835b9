#!/usr/bin/env bash
# Builds every fuzz target of Tests/Fuzz and runs each for a while, from seeds out of Fixtures.
#
#   scripts/run-fuzzers.sh                60 seconds each
#   scripts/run-fuzzers.sh 10             10 seconds each
#   scripts/run-fuzzers.sh 10 RTPHeaders  only that one
#
# What was found stays in Tests/Fuzz/FailCases/<target>; those inputs run first, every time.
# What was learned stays in Tests/Fuzz/.corpus and makes the next run better.
source "$(dirname "$0")/setup.sh"

case "${1:-}" in
    -h | --help) sed -n '2,9s/^# \{0,1\}//p' "$0"; exit 0 ;;
esac
seconds=${1:-60}
[[ $seconds =~ ^[0-9]+$ ]] || stop "\"$seconds\" is no number of seconds." \
    "Example: scripts/run-fuzzers.sh 10"
targets=("${@:2}")
if [ ${#targets[@]} -eq 0 ]; then
    mapfile -t targets < <(find Tests/Fuzz/Sources -mindepth 1 -maxdepth 1 -type d -printf '%f\n' | sort)
fi

require_swift
require_packages "${library_packages[@]}"
say "Building the fuzz targets"
# lld, because the gold linker warns about every symbol of the address sanitizer. Both sanitizers in
# one word, because the build passes its own two in any order, and the compiler takes the last alone:
# without the fuzzer's there is no coverage, and nothing is learned.
build=(swift build --package-path Tests/Fuzz -c release --sanitize fuzzer --sanitize address
    -Xswiftc -sanitize=address,fuzzer -Xswiftc -use-ld=lld)
"${build[@]}"
binaries=$("${build[@]}" --show-bin-path)
seeds=Tests/Fuzz/.corpus/seeds
scripts/make-seeds.sh "$seeds"

export SWIFT_BACKTRACE=enable=no
# OpenSSL and libFuzzer's own dictionaries are never freed: not what is looked for here.
export ASAN_OPTIONS=detect_leaks=0
status=0
for target in "${targets[@]}"; do
    binary=$binaries/$target
    [ -x "$binary" ] || stop "there is no fuzz target $target." "See Tests/Fuzz/Sources."
    corpus=Tests/Fuzz/.corpus/$target
    failures=Tests/Fuzz/FailCases/$target
    mkdir -p "$corpus" "$failures" "$seeds/$target"
    say "$target: $(find "$failures" -type f ! -name .gitkeep | wc -l) old findings, then $seconds s"
    while IFS= read -r -d '' old; do
        "$binary" "$old" >/dev/null 2>&1 || {
            printf 'error: %s still fails\n' "$old" >&2
            status=1
        }
    done < <(find "$failures" -type f -print0)
    if ! "$binary" -max_total_time="$seconds" -max_len=8192 -timeout=10 -rss_limit_mb=2048 \
        -artifact_prefix="$failures/" "$corpus" "$seeds/$target" >"$corpus.log" 2>&1; then
        printf 'error: %s failed; the input is in %s\n' "$target" "$failures" >&2
        grep -E 'Fatal error|ERROR|SUMMARY|Test unit written' "$corpus.log" >&2 || tail -20 "$corpus.log" >&2
        status=1
    fi
    tail -1 "$corpus.log"
done
[ $status -eq 0 ] && say "No findings"
exit $status
