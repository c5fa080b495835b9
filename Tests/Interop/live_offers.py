#!/usr/bin/env python3
"""Writes what other stacks offer today, for our answers to be checked against.

usage: live_offers.py PION FOLDER
"""

import asyncio
import json
import pathlib
import subprocess
import sys

from aiortc import RTCPeerConnection
from aiortc.contrib.media import MediaBlackhole  # noqa: F401 - says early that aiortc is complete


async def aiortc_offer():
    connection = RTCPeerConnection()
    connection.addTransceiver("audio", direction="sendrecv")
    connection.addTransceiver("video", direction="recvonly")
    connection.createDataChannel("data")
    await connection.setLocalDescription(await connection.createOffer())
    text = connection.localDescription.sdp
    await connection.close()
    return text


def pion_offer(path, *options):
    process = subprocess.run([str(path), *options], input='{"type":"describe"}\n', text=True,
                             capture_output=True, timeout=30, check=True)
    messages = map(json.loads, process.stdout.splitlines())
    return next(message["sdp"] for message in messages if message["type"] == "offer")


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    pion, folder = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    offers = {
        "aiortc": asyncio.run(aiortc_offer()),
        "pion": pion_offer(pion),
        "pion-lite": pion_offer(pion, "-lite"),
    }
    for name, text in offers.items():
        (folder / f"{name}.sdp").write_bytes(text.encode())
        print(f"ok: {name} offers {text.count('m=')} sections in {len(text)} bytes")


main()
