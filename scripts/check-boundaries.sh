#!/usr/bin/env bash
# Fails when a rule of docs/architecture.md, "Never", is broken, as far as a script can see.
#
#   scripts/check-boundaries.sh
set -euo pipefail
cd "$(dirname "$0")/.."
export LC_ALL=C.UTF-8

# Values, bytes and time only.
pure=(Wire SDP STUN ICE TURN MDNS RTP Congestion SCTP DataChannels JitterBuffer Peer)
# Pure but for the C library that each of them wraps.
wrapping=(Digests DTLS SRTP TLS)
status=0

present() {
    local module
    for module in "$@"; do [ -d "Sources/$module" ] && printf 'Sources/%s\n' "$module"; done
    return 0
}

fail() {
    printf 'error: %s\n' "$1" >&2
    status=1
}

# Fails for each line of code, comments aside, that matches PATTERN and not EXCEPTIONS.
#
#   forbid WHAT PATTERN EXCEPTIONS FOLDER…        both are Perl's; EXCEPTIONS see file:line: too
forbid() {
    local what=$1 pattern=$2 exceptions=${3:-'(?!)'} found
    shift 3
    [ $# -gt 0 ] || return 0
    found=$(find "$@" -name '*.swift' -print0 | sort -z | PATTERN=$pattern EXCEPTIONS=$exceptions \
        xargs -0 -r perl -ne '
            BEGIN { $pattern = qr/$ENV{PATTERN}/; $exceptions = qr/$ENV{EXCEPTIONS}/ }
            $code = $_;
            $code =~ s{(?<!:)//.*}{};
            print "$ARGV:$.:$_" if $code =~ $pattern && "$ARGV:$.:$code" !~ $exceptions;
            close ARGV if eof;')
    [ -n "$found" ] || return 0
    printf '%s\n' "$found" >&2
    fail "$what"
}

mapfile -t pure_folders < <(present "${pure[@]}")
mapfile -t wrapping_folders < <(present "${wrapping[@]}")
inner=("${pure_folders[@]}" "${wrapping_folders[@]}")
mapfile -t all_folders < <(find Sources -mindepth 1 -maxdepth 1 -type d | sort)

# Rules 1 to 3: no operating system, no concurrency, no clock, no chance.
forbid "a pure module must not import the system (rule 1)" \
    '\bimport +(?:struct +|func +)?(Glibc|Musl|Foundation\w*|Dispatch|Synchronization|_Concurrency)\b' \
    '' "${inner[@]}"
forbid "a pure module must not import a C library (rule 1)" \
    '\bimport +C[A-Z]\w*' '^Sources/Wire/CRC32C?\.swift:\d+:.*import CChecksums' "${pure_folders[@]}"
forbid "a pure module must not be concurrent (rule 2)" \
    '\basync\b|\bawait\b|\bTask\b *[.{(<]|\bMutex<|\bNSLock\b|\bactor +\w|\bweak +var\b' '' "${inner[@]}"
forbid "a machine has no stored closures and no delegates (rule 2)" \
    '^\s*(?:(?:public|package|private|fileprivate|internal) +)*(?:let|var) +\w+ *: *(?:\(?@\w+ +)*\(.*\) *(?:throws(?:\(\w+\))?)? *->|\bdelegate\b *:' \
    '\) *-> *[^{]*\{' "${inner[@]}"
forbid "a machine must not log (rule 2)" '\b(?:print|debugPrint|dump|NSLog)\(' '' "${inner[@]}"
forbid "time is an argument (rule 3)" \
    '\b(?:ContinuousClock|SuspendingClock|clock_gettime|gettimeofday|DispatchTime)\b|\bDate\(' '' "${inner[@]}"
forbid "chance is an argument (rule 3)" \
    '\bSystemRandomNumberGenerator\b|\.random\(in: *[^,)]*(?:\([^)]*\))?[^,)]*\)|\.(?:shuffled|randomElement|shuffle)\(\)' \
    '^Sources/Wire/Entropy\.swift:' "${inner[@]}"

# Rules 4 and 5: which module may import which. Package.swift says the same; this says it twice,
# so that a dependency added in passing is noticed.
while IFS=: read -r module allowed; do
    [ -d "Sources/$module" ] || continue
    imports=$(grep -rhoP '^\s*(?:(?:public|package|internal|private|@\w+(?:\(\w+\))?) +)*import +(?:struct +|func +|enum +|class +)?\K[A-Za-z_]\w*' \
        "Sources/$module" --include='*.swift' | sort -u) || true
    for import in $imports; do
        [ -d "Sources/$import" ] || continue
        [ "$import" = "$module" ] && continue
        [[ " $allowed " == *" $import "* ]] || fail "$module must not import $import (rules 4 and 5)"
    done
done <<'IMPORTS'
Wire:CChecksums
Digests:Wire COpenSSL
SDP:Wire
STUN:Wire Digests
TURN:Wire STUN
ICE:Wire STUN
DTLS:Wire Digests COpenSSL CLeanOpenSSL
TLS:Wire COpenSSL
SRTP:Wire CSRTP
MDNS:Wire
RTP:Wire
Congestion:Wire RTP
SCTP:Wire Digests
DataChannels:Wire SCTP
JitterBuffer:Wire RTP
Peer:Wire SDP STUN TURN ICE DTLS SRTP RTP SCTP DataChannels Congestion JitterBuffer MDNS
LinuxIO:Wire CLinux
Opus:Wire COpus
AudioIO:Wire CALSA
TLSStreams:Wire LinuxIO TLS
MDNSSockets:Wire LinuxIO MDNS
Signaling:Wire LinuxIO Digests TLS TLSStreams
TURNSockets:Wire STUN TURN LinuxIO TLS TLSStreams
NetworkSimulator:Wire COpenSSL CSimulatedOpenSSL
Swiftlet:Peer LinuxIO Opus JitterBuffer RTP Wire DTLS ICE SDP TLS TLSStreams MDNS MDNSSockets
IMPORTS

# Rules 6 to 8: errors are typed, decisions are complete, nothing is taken by force.
forbid "throws must say what (rule 6)" '\bthrows\b(?! *\()(?=.*(?:->|\{|$))' '' "${inner[@]}"
forbid "no erased errors (rule 6)" '\bany +(?:Swift\.)?Error\b|\bNSError\b' '' "${inner[@]}"
forbid "no catch-all that rebinds the state (rule 7)" '\bcase +(?:let|var) +\w+ *:' '' "${all_folders[@]}"
forbid "nothing is forced (rule 8)" \
    '\btry!|\bas!|\bfatalError\(|@unchecked\b|\bunowned\(unsafe\)|[\w)\]]!(?=[.\s,)\]]|$)(?!=)' \
    '\bprecondition(?:Failure)?\(|"[^"]*!"' "${all_folders[@]}"

# Rule 10: a file holds one idea. Tables of constants are named here: none yet.
while read -r lines file; do
    [ "$file" = total ] && continue
    ((lines <= 400)) || fail "$file has $lines lines; split it by concern, the limit is 400 (rule 10)"
done < <(git ls-files -z '*.swift' | xargs -0 -r wc -l)
scripts/check-functions.awk $(git ls-files '*.swift') >&2 || fail "functions have at most 50 lines (rule 10)"

# Rule 11: tests sleep and open sockets only where sockets are the subject.
mapfile -t quiet_tests < <(find Tests -mindepth 1 -maxdepth 1 -type d -name '*Tests' \
    ! -name LinuxIOTests ! -name SignalingTests ! -name SwiftletTests ! -name CallerTests \
    ! -name AudioIOTests ! -name TLSStreamsTests ! -name MDNSSocketsTests ! -name TURNSocketsTests | sort)
forbid "this test must not wait or read a clock (rule 11)" \
    '\b(?:Task\.sleep|usleep|nanosleep|ContinuousClock|SuspendingClock|clock_gettime)\b|\bsleep\(|\bsocket\(' \
    '' "${quiet_tests[@]}"

# Rule 13: a module that shares its name with a type cannot be named in full by its users.
for folder in "${all_folders[@]}"; do
    module=${folder#Sources/}
    forbid "a type has the name of the module $module (rule 13)" \
        "^(?!.*\\b(?:import|private|fileprivate)\\b).*\\b(?:struct|class|enum|actor|protocol|typealias) +$module\\b" \
        '' "${all_folders[@]}"
done

# Comments cite RFCs by section, not pages that move.
found=$(grep -rnP '^(?:[^"]|"[^"]*")*//.*https?://' Sources --include='*.swift' || true)
if [ -n "$found" ]; then
    printf '%s\n' "$found" >&2
    fail "cite the RFC's section, not an address"
fi

# What is committed speaks of the project, not of the machine where it was written.
found=$(git grep -nIP '(?<![\w.:/)}"'"'"'$])/(?:home|root|Users|work)/[\w.-]' \
    -- ':!scripts/check-boundaries.sh' ':!Fixtures' || true)
if [ -n "$found" ]; then
    printf '%s\n' "$found" >&2
    fail "a path of one machine only"
fi

[ $status -eq 0 ] && printf 'All boundaries hold.\n'
exit $status
