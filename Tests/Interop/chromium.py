#!/usr/bin/env python3
"""Calls a headless Chromium, and is called by it: audio both ways.

usage: chromium.py SWIFTLET

Our tone must be what the browser hears; the browser's fake microphone (a beep of 20 ms, twice a
second) must be in what we record. Exits with 0 if both calls went well.
"""

import contextlib
import functools
import http.server
import pathlib
import sys
import tempfile
import threading
import time

from common import Failure, event, loudness, program, read_samples, wait_for
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

HERE = pathlib.Path(__file__).resolve().parent
TONE = 1000
# What Chromium's fake device says: beeps of this frequency.
BEEP = 400
SECONDS = 6


@contextlib.contextmanager
def page_server():
    """Serves the page on loopback, where getUserMedia is allowed."""
    handler = functools.partial(QuietHandler, directory=str(HERE))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/page.html"
    finally:
        server.shutdown()


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass


@contextlib.contextmanager
def browser():
    options = Options()
    options.binary_location = "/usr/bin/chromium"
    for flag in [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        "--allow-loopback-in-peer-connection",
        "--autoplay-policy=no-user-gesture-required",
        "--disable-features=WebRtcHideLocalIpsWithMdns",
    ]:
        options.add_argument(flag)
    driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
    driver.set_script_timeout(30)
    try:
        yield driver
    finally:
        driver.quit()


def run_call(swiftlet, server, driver, page, we_call, folder):
    """One call; returns what the browser reports and our recording."""
    recording = folder / ("we-call.wav" if we_call else "we-answer.wav")
    driver.get(page)
    begin = "const done = arguments[arguments.length - 1];" \
        "start(...[].slice.call(arguments, 0, 4)).then(() => done(null), (e) => done(`${e}`));"
    ours = ["--server", server, "--tone", TONE, "--record", recording]
    if we_call:
        check(driver.execute_async_script(begin, server, "browser", "swift", False))
        context = program(swiftlet, "call", "--id", "swift", "--to", "browser", *ours)
    else:
        context = program(swiftlet, "answer", "--id", "swift", *ours)
    with context as peer:
        if not we_call:
            wait_for("registration of ours", lambda: event(peer, "registered"))
            check(driver.execute_async_script(begin, server, "browser", "swift", True))
        connected = wait_for("connection", lambda: event(peer, "connected"))
        time.sleep(SECONDS)
        report = driver.execute_async_script("report().then(arguments[arguments.length - 1]);")
        driver.execute_script("call.hangUp();")
        wait_for("end of our side after the browser hung up", lambda: peer.poll() is not None, 10)
        if peer.returncode != 0:
            raise Failure(f"our side ended with {peer.returncode}: {peer.events[-3:]}")
    return report, recording, connected


def check(error):
    if error:
        raise Failure(f"page: {error}")


def check_browser(report):
    """The browser was connected and heard our tone, most of the time."""
    if report["errors"]:
        raise Failure(f"page: {report['errors']}")
    if "connected" not in report["states"]:
        raise Failure(f"browser states: {report['states']}")
    heard = [level for level in report["levels"][-40:] if level["decibels"] > -60]
    right = [level for level in heard if abs(level["frequency"] - TONE) < 15]
    if len(right) < 30:
        raise Failure(f"our tone was heard {len(right)} of 40 times: {report['levels'][-5:]}")
    return len(right)


def check_recording(path):
    """The beeps are in the recording, two a second."""
    data, rate = read_samples(path)
    step = rate // 50
    beeps = [loudness(data[start:start + step], rate, BEEP) > 0.1
             for start in range(0, len(data) - step, step)]
    starts = sum(1 for before, now in zip(beeps, beeps[1:]) if now and not before)
    seconds = len(data) / rate
    if starts < SECONDS:
        raise Failure(f"{starts} beeps in {seconds:.1f} s of {path}")
    return starts, seconds


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    swiftlet = pathlib.Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as folder, page_server() as page, \
            program(swiftlet, "signal", "--port", 0) as server, browser() as driver:
        url = wait_for("signaling server", lambda: event(server, "listening"))["url"]
        print(f"Chromium {driver.capabilities['browserVersion']}")
        for we_call in (True, False):
            name = "we call" if we_call else "we are called"
            report, recording, connected = run_call(
                swiftlet, url, driver, page, we_call, pathlib.Path(folder))
            tones = check_browser(report)
            beeps, seconds = check_recording(recording)
            print(f"ok: {name}: connected in {connected.get('milliseconds', 0):.0f} ms; browser "
                  f"heard our tone {tones} of 40 times; {beeps} beeps in {seconds:.1f} s of ours")


try:
    main()
except Failure as failure:
    sys.exit(f"FAILED: {failure}")
