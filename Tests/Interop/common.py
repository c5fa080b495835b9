"""What the interoperability tests share: our programs, waiting, and looking at recordings."""

import contextlib
import json
import math
import signal
import struct
import subprocess
import threading
import time
import wave


class Failure(Exception):
    """Something a person should read."""


@contextlib.contextmanager
def program(*command):
    """Runs one of our programs with --json; it is ended by its pid."""
    process = subprocess.Popen(
        [*map(str, command), "--json"], stdout=subprocess.PIPE, text=True, bufsize=1
    )
    lines = []
    reader = threading.Thread(target=lambda: lines.extend(map_lines(process, lines)), daemon=True)
    reader.start()
    process.events = lines
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                raise Failure(f"{command[1]} did not end within 10 s of SIGINT")
        reader.join(5)


def map_lines(process, lines):
    for line in process.stdout:
        with contextlib.suppress(json.JSONDecodeError):
            lines.append(json.loads(line))
    return []


def wait_for(what, probe, seconds=20):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        result = probe()
        if result:
            return result
        time.sleep(0.05)
    raise Failure(f"no {what} within {seconds} s")


def event(process, name):
    return next((line for line in list(process.events) if line.get("event") == name), None)


def read_samples(path):
    """The first channel of a 16-bit WAV file, and its rate."""
    with wave.open(str(path)) as file:
        rate, count = file.getframerate(), file.getnframes()
        channels = file.getnchannels()
        data = struct.unpack(f"<{count * channels}h", file.readframes(count))[::channels]
    return data, rate


def loudness(samples, rate, frequency):
    """The amplitude of one frequency (Goertzel), as a share of full scale."""
    factor = 2 * math.cos(2 * math.pi * frequency / rate)
    first = second = 0.0
    for sample in samples:
        first, second = sample / 32768 + factor * first - second, first
    power = first * first + second * second - factor * first * second
    return 2 * math.sqrt(max(power, 0)) / max(len(samples), 1)
