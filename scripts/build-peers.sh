#!/usr/bin/env bash
# Builds the harnesses of Benchmarks/Peers into a folder, for measuring other stacks beside ours.
set -euo pipefail

if (($# != 1)) || [[ $1 == -* ]]; then
    echo "usage: scripts/build-peers.sh DIR    e.g. scripts/build-peers.sh /tmp/peers" >&2
    exit 64
fi

packages=(gcc libssl-dev libsrtp2-dev golang-go golang-github-pion-webrtc.v3-dev)
for tool in gcc go; do
    if ! command -v "$tool" >/dev/null; then
        echo "error: $tool is missing; on Debian: apt-get install ${packages[*]}" >&2
        exit 1
    fi
done
if [[ ! -d /usr/share/gocode/src/github.com/pion/webrtc ]]; then
    echo "error: Pion is missing; on Debian: apt-get install ${packages[*]}" >&2
    exit 1
fi

sources=$(cd "$(dirname "$0")/../Benchmarks/Peers" && pwd)
mkdir -p "$1"
target=$(cd "$1" && pwd)

simd=()
[[ $(uname -m) == x86_64 ]] && simd=(-msse4.2)
gcc -O2 "${simd[@]}" -Wno-deprecated-declarations "$sources/limits.c" -o "$target/limits" \
    -lsrtp2 -lssl -lcrypto -lpthread
gcc -O2 "$sources/relay.c" -o "$target/relay"

# Debian's Go packages are sources in /usr/share/gocode, found in the old way, without modules.
export GO111MODULE=off GOPATH="$target/gopath:/usr/share/gocode" GOCACHE="$target/gocache"
for name in pion pion-micro; do
    mkdir -p "$target/gopath/src/$name"
    cp "$sources/$name"/* "$target/gopath/src/$name/"
    # With a go.mod beside the importing file Go finds webrtc/v3 in the folder webrtc.
    echo "module $name" >"$target/gopath/src/$name/go.mod"
done
(cd "$target/gopath/src/pion" && go build -o "$target/pion-bench" .)
(cd "$target/gopath/src/pion-micro" && go test -c -o "$target/pion-micro" .)
# The micro benchmarks read the offer from the folder they run in.
cp "$sources/pion-micro/chrome_offer.sdp" "$target/"

echo "built limits, relay, pion-bench and pion-micro in $target"
