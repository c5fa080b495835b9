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
rm -rf "$out/STUNStreams" "$out/STUNExchanges"
packets STUNStreams 80 Fixtures/stun/*.tsv
packets STUNExchanges 80 Fixtures/stun/*.tsv
# In front of each message: where to cut the stream; length and choice of the datagram.
for seed in "$out"/STUNStreams/*.tsv.*; do
    { printf '\x05'; cat "$seed"; printf '\x40\x01\x00\x02ab\x00\x00'; } >"$seed.framed"
    rm "$seed"
done
for seed in "$out"/STUNExchanges/*.tsv.*; do
    { printf '%b' "\\x$(printf '%02x' "$(stat -c %s "$seed" | awk '{ print ($1 > 255 ? 255 : $1) }')")\\x40"
      cat "$seed"; } >"$seed.framed"
    rm "$seed"
done
# Each message behind its length, which is what the targets cut their input by.
seal() { printf '%b' "$(printf '\\x%02x\\x%02x' $(($1 / 256)) $(($1 % 256)))"; }
mkdir -p "$out/RelayClients" "$out/RelayServers" "$out/RelayStreams"
packets RelayStreams 40 Fixtures/stun/*.tsv
for file in "$out"/RelayStreams/*; do
    size=$(stat -c %s "$file")
    { seal "$size"; cat "$file"; } | tee "$out/RelayClients/$(basename "$file")" \
        >"$out/RelayServers/$(basename "$file")"
done
printf '\x40\x00\x00\x03abc\x00\x40\x01\x00\x00' >"$out/RelayStreams/channels"
packets RTPHeaders 40 Fixtures/rtp/*.hex
packets RTCPCompounds 40 Fixtures/rtp/*.hex
copies Descriptions Fixtures/sdp/*.sdp Fixtures/sdp/*/*.sdp
copies Findings Fixtures/sdp/*.sdp Fixtures/sdp/*/*.sdp
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
# Sizes of a picture that stand without spaces (RFC 6236), behind that choice.
printf '\x1e97 send [x=1,y=1][x=[1:2:3],y=[4,5]] recv *' >"$out/Attributes/sizes"
printf '%s' '{"type":"register","id":"left"}' >"$out/SignalingMessages/register"
printf '%s' '{"type":"offer","id":"left","targetId":"right","sdp":"v=0\r\n"}' >"$out/SignalingMessages/offer"
printf '%s' '{"type":"candidate","from":"a","to":"b","candidate":"candidate:1 1 udp 1 192.0.2.1 9 typ host","mid":"0"}' \
    >"$out/SignalingMessages/candidate"
printf '%s' '{"type":"disconnect","id":"left","targetId":"right","x":[1,-2.5e3,true,null,"\u00e9"]}' \
    >"$out/SignalingMessages/disconnect"
mkdir -p "$out/ServerAddresses"
number=0
for address in stun:example.org stuns:example.org:443 'turn:[2001:db8::1]:3478?transport=udp' \
    'turns:192.0.2.1?transport=tcp' 1796000000:alice 'pässword'; do
    number=$((number + 1))
    printf '%s' "$address" >"$out/ServerAddresses/$number"
done
printf '%s' '[2001:db8::1]:5000' >"$out/WireReader/v6"
printf '%s' '192.0.2.1:5000' >"$out/WireReader/v4"
mkdir -p "$out/NeighbourMessages" "$out/SecureStreams"
# A question for ab.local, both families; an answer with a compressed name and an NSEC.
printf '\0\0\0\0\0\2\0\0\0\0\0\0\2ab\5local\0\0\1\0\1\2ab\5local\0\0\34\200\1' \
    >"$out/NeighbourMessages/query"
printf '\0\0\204\0\0\1\0\1\0\0\0\1\2AB\5LOCAL\0\0\1\0\1\300\14\0\1\200\1\0\0\0\170\0\4\300\0\2\7\300\14\0\57\200\1\0\0\0\170\0\5\300\14\0\1\100' \
    >"$out/NeighbourMessages/response"
# Both sides hear each other to the end; then a fatal alert.
printf '\0\0\0\1\0\0\0\1\0\0\0\1' >"$out/SecureStreams/handshake"
printf '\0\16\25\3\3\0\2\2\50' >"$out/SecureStreams/alert"
mkdir -p "$out/ServerAnswers" "$out/SharedPorts"
# A mapped address from the STUN server; the realm and nonce of a TURN server, over UDP and the stream.
printf '\0\40\1\1\0\14\41\22\244\102AAAAAAAAAAAA\0\40\0\10\0\1\62\102\352\22\325\107' \
    >"$out/ServerAnswers/mapped"
for step in '\10' '\3'; do
    printf "$step"'\54\1\23\0\30\41\22\244\102AAAAAAAAAAAA\0\11\0\4\0\0\4\1\0\24\0\3abc\0\0\25\0\1x\0\0\0' \
        >"$out/ServerAnswers/realm${step#?}"
done
printf '\10\50\1\23\0\24\41\22\244\102AAAAAAAAAAAA\0\11\0\4\0\0\3\0\200\43\0\10\0\1\54\204\341\22\246\101' \
    >"$out/ServerAnswers/elsewhere"
printf '\10\34\1\23\0\10\41\22\244\102AAAAAAAAAAAA\0\11\0\4\0\0\4\45' >"$out/ServerAnswers/mismatch"
# A session, a check that names it, and its end.
printf '\0\1\4aB3x\4\1\44\0\1\0\20\41\22\244\102AAAAAAAAAAAA\0\6\0\11aB3x:peer\0\0\0\1\1\0' \
    >"$out/SharedPorts/claim"
printf '\0\2\4aB3x\3\7\0\2\7\0\4\7\1\200\1\2\0' >"$out/SharedPorts/known"
