#!/usr/bin/env python3
"""Calls aiortc, and is called by it: a tone each way.

usage: aiortc_peer.py SWIFTLET

The tone of each side must be in what the other recorded. Exits with 0 if both calls went well.
"""

import asyncio
import fractions
import json
import math
import pathlib
import sys
import tempfile

import av
import numpy
import websockets
from aiortc import MediaStreamTrack, RTCPeerConnection, RTCSessionDescription
from aiortc.sdp import candidate_from_sdp

from common import Failure, event, loudness, program, read_samples, wait_for

OURS = 1000
THEIRS = 600
SECONDS = 4


class Tone(MediaStreamTrack):
    """A sine of 20 ms frames at the pace of real time."""

    kind = "audio"

    def __init__(self):
        super().__init__()
        self.position = 0
        self.start = None

    async def recv(self):
        loop = asyncio.get_running_loop()
        self.start = self.start or loop.time()
        await asyncio.sleep(max(0, self.start + self.position / 48000 - loop.time()))
        phase = 2 * math.pi * THEIRS * (self.position + numpy.arange(960)) / 48000
        samples = (8000 * numpy.sin(phase)).astype(numpy.int16).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(samples, format="s16", layout="mono")
        frame.sample_rate = 48000
        frame.pts = self.position
        frame.time_base = fractions.Fraction(1, 48000)
        self.position += 960
        return frame


class Peer:
    """aiortc's side of one call."""

    def __init__(self, socket):
        self.socket = socket
        self.connection = RTCPeerConnection()
        self.connection.addTrack(Tone())
        self.heard = []
        self.connection.on("track", lambda track: asyncio.ensure_future(self.listen(track)))

    async def listen(self, track):
        while True:
            try:
                frame = await track.recv()
            except Exception:
                return
            data = frame.to_ndarray().reshape(-1)
            # Interleaved stereo, as Opus is decoded here.
            self.heard.extend(int(sample) for sample in data[:: len(frame.layout.channels)])

    async def send(self, kind, **fields):
        message = {"type": kind, "id": "aiortc", "targetId": "swift", **fields}
        await self.socket.send(json.dumps(message))

    async def offer(self):
        await self.connection.setLocalDescription(await self.connection.createOffer())
        await self.send("offer", sdp=self.connection.localDescription.sdp)

    async def follow(self):
        async for text in self.socket:
            message = json.loads(text)
            if message["type"] in ("offer", "answer"):
                await self.connection.setRemoteDescription(
                    RTCSessionDescription(message["sdp"], message["type"])
                )
            if message["type"] == "offer":
                await self.connection.setLocalDescription(await self.connection.createAnswer())
                await self.send("answer", sdp=self.connection.localDescription.sdp)
            if message["type"] == "candidate" and message["candidate"]:
                candidate = candidate_from_sdp(message["candidate"].split(":", 1)[1])
                candidate.sdpMid = message.get("mid") or "0"
                await self.connection.addIceCandidate(candidate)
            if message["type"] == "error":
                raise Failure(f"signaling: {message}")


async def call(swiftlet, server, we_call, folder):
    recording = folder / ("we-call.wav" if we_call else "we-answer.wav")
    ours = ["--server", server, "--id", "swift", "--tone", OURS, "--record", recording]
    command = ["call", "--to", "aiortc"] if we_call else ["answer"]
    async with websockets.connect(server) as socket:
        await socket.send(json.dumps({"type": "register", "id": "aiortc"}))
        peer = Peer(socket)
        following = asyncio.ensure_future(peer.follow())
        with program(swiftlet, *command, *ours) as process:
            await asyncio.to_thread(wait_for, "registration", lambda: event(process, "registered"))
            if not we_call:
                await peer.offer()
            connected = await asyncio.to_thread(
                wait_for, "connection", lambda: event(process, "connected")
            )
            await asyncio.sleep(SECONDS)
            await peer.connection.close()
            await asyncio.to_thread(
                wait_for, "end of our side", lambda: process.poll() is not None, 10
            )
            if process.returncode != 0:
                raise Failure(f"our side ended with {process.returncode}: {process.events[-3:]}")
        following.cancel()
    return share(peer.heard, 48000, OURS), share(*read_samples(recording), THEIRS), connected


def share(samples, rate, frequency):
    """How many of the tenths of a second that hold sound hold this tone."""
    step = rate // 10
    parts = [samples[start:start + step] for start in range(0, len(samples) - step, step)]
    loud = [part for part in parts if max(map(abs, part)) > 1000]
    right = [part for part in loud if loudness(part, rate, frequency) > 0.05]
    if len(right) < 10 * SECONDS * 0.8:
        raise Failure(f"{frequency} Hz was heard for {len(right) / 10} of {SECONDS} s")
    return len(right) / 10


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    swiftlet = pathlib.Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as folder, \
            program(swiftlet, "signal", "--port", 0) as server:
        url = wait_for("signaling server", lambda: event(server, "listening"))["url"]
        for we_call in (True, False):
            theirs, ours, connected = asyncio.run(
                call(swiftlet, url, we_call, pathlib.Path(folder)))
            print(f"ok: {'we call aiortc' if we_call else 'aiortc calls us'}: connected in "
                  f"{connected.get('milliseconds', 0):.0f} ms; it heard us for {theirs} s, "
                  f"we heard it for {ours} s")


try:
    main()
except Failure as failure:
    sys.exit(f"FAILED: {failure}")
