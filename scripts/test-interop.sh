#!/usr/bin/env bash
# Runs calls with other WebRTC stacks, Chromium and aiortc, and measures NATs of the kernel. Needs the
# network once, to install them.
#
#   scripts/test-interop.sh
source "$(dirname "$0")/setup.sh"

require_swift
require_packages "${library_packages[@]}" chromium chromium-driver python3-venv
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
say "Calling Chromium, and being called by it"
"$environment/bin/python" Tests/Interop/chromium.py "$swiftlet"
say "Speaking wss: with Python, as client and as server"
"$environment/bin/python" Tests/Interop/tls.py "$swiftlet"
# 77: namespaces are not permitted here, and the script has said so.
SWIFTLET=$swiftlet scripts/test-namespaces.sh --checks || [ $? -eq 77 ]
