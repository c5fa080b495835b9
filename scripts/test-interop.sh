#!/usr/bin/env bash
# Runs calls with other WebRTC stacks, aiortc, Pion and Chromium; answers what they offer; TURN with
# coturn; and calls through NATs of the kernel. Needs the network once, to install them.
#
#   scripts/test-interop.sh
source "$(dirname "$0")/setup.sh"

require_swift
require_packages "${library_packages[@]}" chromium chromium-driver python3-venv \
    golang-go golang-github-pion-webrtc.v3-dev coturn openssl
environment=.build/interop
if [ ! -x "$environment/bin/python" ] || ! "$environment/bin/python" -c 'import aiortc, selenium, websockets' 2>/dev/null; then
    say "Making a virtual environment with selenium and aiortc"
    python3 -m venv "$environment" || stop "python3 -m venv failed." \
        "Install python3-venv and run this script again."
    "$environment/bin/pip" install --quiet --disable-pip-version-check 'selenium==4.*' \
        'aiortc==1.*' 'websockets>=13' numpy ||
        stop "pip could not install selenium and aiortc." "Check the network and run this script again."
fi
say "Building the caller"
swift build -c release --product swiftlet
swiftlet=$(swift build -c release --show-bin-path)/swiftlet
say "Calling aiortc, and being called by it"
"$environment/bin/python" Tests/Interop/aiortc_peer.py "$swiftlet"
say "Building the Pion peer"
pion=.build/interop/pion
mkdir -p "$pion/gopath/src/pion_peer"
cp Tests/Interop/pion_peer/main.go "$pion/gopath/src/pion_peer/"
# Debian's Go packages lie in /usr/share/gocode; with a go.mod beside the importing file Go finds
# webrtc/v3 in the folder webrtc without modules.
echo "module pion_peer" >"$pion/gopath/src/pion_peer/go.mod"
(
    export GO111MODULE=off GOPATH="$PWD/$pion/gopath:/usr/share/gocode" GOCACHE="$PWD/$pion/cache"
    cd "$pion/gopath/src/pion_peer" && go build -o ../../../pion_peer .
)
say "Answering what aiortc and Pion offer today"
offers=.build/interop/offers
rm -rf "$offers"
"$environment/bin/python" Tests/Interop/live_offers.py "$pion/pion_peer" "$offers"
swift build --build-tests --explicit-target-dependency-import-check error
SWIFTLET_LIVE_OFFERS=$PWD/$offers swift test --skip-build --filter LiveOfferTests
say "Calling Pion, and being called by it; as a lite agent, and through our relay, too"
"$environment/bin/python" Tests/Interop/pion_peer.py "$swiftlet" "$pion/pion_peer"
say "Calling Chromium, and being called by it"
"$environment/bin/python" Tests/Interop/chromium.py "$swiftlet"
say "Speaking wss: with Python, as client and as server"
"$environment/bin/python" Tests/Interop/tls.py "$swiftlet"
say "Relaying through coturn, and for coturn's client"
"$environment/bin/python" Tests/Interop/coturn.py "$swiftlet"
say "Calling through NATs of the kernel"
status=0
SWIFTLET=$swiftlet scripts/test-namespaces.sh || status=$?
# 77: namespaces are not permitted here, and the script has said why.
case $status in
    0) ;;
    77) say "Skipped: calls through NATs of the kernel" ;;
    *) exit "$status" ;;
esac
