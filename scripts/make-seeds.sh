#!/usr/bin/env bash
# Turns recorded packets and descriptions of Fixtures into files that the fuzz targets start from.
#
#   scripts/make-seeds.sh FOLDER
#
# Packets are stored as text: hexadecimal digits, one packet a line, behind an optional name.
set -euo pipefail
cd "$(dirname "$0")/.."
out=${1:?usage: scripts/make-seeds.sh FOLDER}
mkdir -p "$out"
out=$(cd "$out" && pwd)

# Writes the longest run of hexadecimal digits of each line to a file of its own.
packets() {
    local folder=$out/$1 limit=$2 number=0 line digits
    shift 2
    mkdir -p "$folder"
    for file in "$@"; do
        [ -f "$file" ] || continue
        while IFS= read -r line; do
            digits=$(grep -oE '([0-9A-Fa-f]{2}){4,}' <<<"$line" | awk '{ if (length > length(best)) best = $0 } END { print best }') || continue
            [ -n "$digits" ] || continue
            number=$((number + 1))
            printf '%b' "$(sed 's/../\\x&/g' <<<"$digits")" >"$folder/$(basename "$file").$number"
        done < <(grep -v '^#' "$file" | awk 'length < 9000' | head -"$limit")
    done
}

copies() {
    local folder=$out/$1
    shift
    mkdir -p "$folder"
    for file in "$@"; do
        [ -f "$file" ] || continue
        cp "$file" "$folder/$(tr / - <<<"${file#Fixtures/}")"
    done
}

packets STUNMessages 80 Fixtures/stun/*.tsv
packets RTPHeaders 40 Fixtures/rtp/*.hex
packets RTCPCompounds 40 Fixtures/rtp/*.hex
copies Descriptions Fixtures/sdp/*.sdp Fixtures/sdp/*/*.sdp
copies WebSockets Fixtures/websocket/*.bin

copies Sessions Fixtures/sdp/*.sdp Fixtures/sdp/browsers/*initial-offer.sdp

# An offer, what a program does then, and another offer of the same browser.
mkdir -p "$out/Negotiations"
for offer in Fixtures/sdp/browsers/*.initial-offer.sdp; do
    later=${offer/initial-offer/reneg-offer}
    name=$(basename "$offer" .sdp)
    { printf '\x20'; cat "$offer"; printf '\0\x10'; cat "$later"; printf '\0\x30'; cat "$offer"; } \
        >"$out/Negotiations/$name"
done

mkdir -p "$out/Attributes" "$out/SignalingMessages" "$out/WireReader"
# The value of each attribute of one browser's offer, behind each choice of type.
number=0
while IFS= read -r value; do
    number=$((number + 1))
    printf '%b%s' "\\x$(printf '%02x' $((number % 20)))" "$value" >"$out/Attributes/$number"
done < <(sed -n 's/^a=[a-z-]*:\(.*\)\r$/\1/p' Fixtures/sdp/chrome_offer.sdp | sort -u | head -100)
printf '%s' '{"type":"register","id":"left"}' >"$out/SignalingMessages/register"
printf '%s' '{"type":"offer","id":"left","targetId":"right","sdp":"v=0\r\n"}' >"$out/SignalingMessages/offer"
printf '%s' '{"type":"candidate","from":"a","to":"b","candidate":"candidate:1 1 udp 1 192.0.2.1 9 typ host","mid":"0"}' \
    >"$out/SignalingMessages/candidate"
printf '%s' '{"type":"disconnect","id":"left","targetId":"right","x":[1,-2.5e3,true,null,"\u00e9"]}' \
    >"$out/SignalingMessages/disconnect"
printf '%s' '[2001:db8::1]:5000' >"$out/WireReader/v6"
printf '%s' '192.0.2.1:5000' >"$out/WireReader/v4"
