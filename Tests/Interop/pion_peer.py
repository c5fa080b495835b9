#!/usr/bin/env python3
"""Calls Pion, and is called by it: either side full or lite, and through our own relay.

usage: pion_peer.py SWIFTLET PION

Pion sends back what it hears, so our own tone must be in our recording. Exits with 0 if all calls
went well.
"""

import asyncio
import contextlib
import json
import pathlib
import sys
import tempfile

import websockets

from common import Failure, event, loudness, program, read_samples, wait_for

TONE = 1000
SECONDS = 3


class Pion:
    """The Go program, and what it says."""

    def __init__(self, process):
        self.process = process

    @classmethod
    @contextlib.asynccontextmanager
    async def run(cls, path, *options):
        process = await asyncio.create_subprocess_exec(
            str(path), *options, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
            limit=1 << 20)
        try:
            yield cls(process)
        finally:
            process.stdin.close()
            try:
                await asyncio.wait_for(process.wait(), 10)
            except asyncio.TimeoutError:
                process.kill()
                await process.wait()
                raise Failure("Pion did not end")

    async def tell(self, **message):
        self.process.stdin.write(json.dumps(message).encode() + b"\n")
        await self.process.stdin.drain()

    async def messages(self):
        async for line in self.process.stdout:
            yield json.loads(line)


async def from_pion(pion, socket):
    async for message in pion.messages():
        if message["type"] in ("offer", "answer", "candidate"):
            addresses = {"id": "pion", "targetId": "swift"}
            await socket.send(json.dumps(message | addresses))


async def to_pion(pion, socket):
    async for text in socket:
        message = json.loads(text)
        if message["type"] == "error":
            raise Failure(f"signaling: {message}")
        if message["type"] in ("offer", "answer"):
            await pion.tell(type=message["type"], sdp=message["sdp"])
        if message["type"] == "candidate":
            await pion.tell(type="candidate", candidate=message["candidate"] or "",
                            mid=message.get("mid") or "0")


async def call(swiftlet, pion_path, server, recording, we_call, options, ours):
    arguments = ["--server", server, "--id", "swift", "--tone", TONE, "--record", recording, *ours]
    command = ["call", "--to", "pion"] if we_call else ["answer"]
    async with websockets.connect(server) as socket, Pion.run(pion_path, *options) as pion:
        await socket.send(json.dumps({"type": "register", "id": "pion"}))
        bridges = [asyncio.ensure_future(from_pion(pion, socket)),
                   asyncio.ensure_future(to_pion(pion, socket))]
        with program(swiftlet, *command, *arguments) as process:
            await asyncio.to_thread(wait_for, "registration", lambda: event(process, "registered"))
            if not we_call:
                await pion.tell(type="call")
            connected = await asyncio.to_thread(
                wait_for, "connection", lambda: event(process, "connected"))
            await asyncio.sleep(SECONDS)
        for bridge in bridges:
            bridge.cancel()
    return connected, share(*read_samples(recording))


def share(samples, rate):
    """How many seconds of the recording hold our tone."""
    step = rate // 10
    parts = [samples[start:start + step] for start in range(0, len(samples) - step, step)]
    right = [part for part in parts if loudness(part, rate, TONE) > 0.05]
    if len(right) < 10 * SECONDS * 0.7:
        raise Failure(f"our tone came back for {len(right) / 10} of {SECONDS} s")
    return len(right) / 10


# Who we are to the relay, and our options while it is the only way.
USER = "alice:secret"


# Pion looks at its pairs every 200 ms. While it decides, it takes a relayed pair after 2 s at the
# earliest, and a peer-reflexive one (our relay, where its check came before our candidate) after 1 s
# (RelayAcceptanceMinWait, PrflxAcceptanceMinWait): all that time the pair has worked. An impatient
# one shows what is left of it, and that we do not wait for anything ourselves.
TICKS = 700
PATIENCE = 2_000 + TICKS


def cases(relay):
    """Name, whether we call, Pion's options, our own, the time it may take in milliseconds."""
    relayed = ["--turn", relay, "--turn-user", USER, "--relay-only"]
    return [
        ("we call Pion", True, [], [], TICKS),
        ("Pion calls us", False, [], [], TICKS),
        ("we call Pion, which is lite", True, ["-lite"], [], TICKS),
        ("Pion, which is lite, calls us", False, ["-lite"], [], TICKS),
        ("we, who are lite, call Pion", True, [], ["--ice-lite"], TICKS),
        ("Pion calls us, who are lite", False, [], ["--ice-lite"], TICKS),
        ("we call Pion through a relay", True, [], relayed, TICKS),
        ("Pion calls us through a relay", False, [], relayed, PATIENCE),
        ("an impatient Pion calls us through a relay", False, ["-impatient"], relayed, TICKS),
    ]


def check_path(connected, ours):
    """Who uses a relay alone is seen at the relay, and nobody else is."""
    kind = connected["localKind"]
    if ("--relay-only" in ours) != (kind == "relay"):
        raise Failure(f"our end of the path is of kind {kind}: {connected}")
    return f"{kind} to {connected['remoteKind']}"


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    swiftlet, pion = (pathlib.Path(argument).resolve() for argument in sys.argv[1:])
    with tempfile.TemporaryDirectory() as folder, \
            program(swiftlet, "signal", "--port", 0) as server, \
            program(swiftlet, "turn", "--port", 0, "--user", USER, "--allow-private") as turn:
        relay = wait_for("relay", lambda: event(turn, "listening"))["uris"][0]
        url = wait_for("signaling server", lambda: event(server, "listening"))["url"]
        for number, (name, we_call, options, ours, limit) in enumerate(cases(relay)):
            recording = pathlib.Path(folder) / f"{number}.wav"
            connected, heard = asyncio.run(
                call(swiftlet, pion, url, recording, we_call, options, ours))
            way = check_path(connected, ours)
            if connected["milliseconds"] > limit:
                raise Failure(f"{name}: took {connected['milliseconds']:.0f} ms, not {limit}")
            print(f"ok: {name}: {way}, connected in {connected.get('milliseconds', 0):.0f} ms, "
                  f"our tone came back for {heard} s", flush=True)


try:
    main()
except Failure as failure:
    sys.exit(f"FAILED: {failure}")
