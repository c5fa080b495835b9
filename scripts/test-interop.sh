#!/usr/bin/env bash
# Runs calls with other WebRTC stacks: Chromium (Debian). Needs the network once, to install them.
#
#   scripts/test-interop.sh
source "$(dirname "$0")/setup.sh"

require_swift
require_packages "${library_packages[@]}" chromium chromium-driver python3-venv
environment=.build/interop
if [ ! -x "$environment/bin/python" ] || ! "$environment/bin/python" -c 'import selenium' 2>/dev/null; then
    say "Making a virtual environment with selenium"
    python3 -m venv "$environment" || stop "python3 -m venv failed." \
        "Install python3-venv and run this script again."
    "$environment/bin/pip" install --quiet --disable-pip-version-check 'selenium==4.*' ||
        stop "pip could not install selenium." "Check the network and run this script again."
fi
say "Building the caller"
swift build -c release --product swiftlet
say "Calling Chromium, and being called by it"
"$environment/bin/python" Tests/Interop/chromium.py \
    "$(swift build -c release --show-bin-path)/swiftlet"
