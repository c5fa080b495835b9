"""Our TURN client against coturn, and coturn's client against our server, on loopback.

    coturn.py SWIFTLET

Needs the Debian package coturn (turnserver and turnutils_uclient) and openssl.
"""

import contextlib
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

from common import Failure, event, program, wait_for

USER = ("alice", "secret")
SECRET = "north"


def free_port():
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def certificate(folder):
    """A certificate for 127.0.0.1 that vouches for itself."""
    chain, key = folder / "chain.pem", folder / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-keyout", key, "-out", chain, "-days", "2", "-subj", "/CN=127.0.0.1",
         "-addext", "subjectAltName=IP:127.0.0.1"],
        check=True, capture_output=True)
    return chain, key


class Coturn:
    """One coturn, which can be killed and started again at the same ports."""

    def __init__(self, folder, *options):
        self.folder, self.options = folder, options
        self.port, self.tls_port = free_port(), free_port()
        self.log = folder / f"coturn-{self.port}.log"
        self.process = None

    def start(self):
        output = open(self.log, "ab")
        self.process = subprocess.Popen(
            ["turnserver", "-n", "--listening-ip=127.0.0.1", "--relay-ip=127.0.0.1",
             f"--listening-port={self.port}", f"--tls-listening-port={self.tls_port}",
             "--realm=example.org", "--allow-loopback-peers", "--no-cli", "--no-dtls", "--verbose",
             "--log-file=stdout", f"--pidfile={self.folder}/coturn.pid",
             f"--userdb={self.folder}/turndb", *self.options],
            stdout=output, stderr=subprocess.STDOUT)
        output.close()
        wait_for("coturn's port", self.is_open)

    def is_open(self):
        if self.process.poll() is not None:
            raise Failure(f"coturn has ended:\n{self.log.read_text()[-2000:]}")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
            return True
        return False

    def kill(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait(10)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.kill()


def probe(swiftlet, uri, *options, seconds=40):
    """Runs a probe to its end; its events by name, in order, and its exit code."""
    with program(swiftlet, "turn", "--probe", uri, *options) as process:
        try:
            code = process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise Failure(f"the probe of {uri} has not ended: {process.events}") from None
        time.sleep(0.05)
    return code, list(process.events)


def named(events, name):
    return [line for line in events if line.get("event") == name]


def require(condition, what, events):
    if not condition:
        raise Failure(f"{what}; the probe said: {events}")


def expect_success(swiftlet, uri, *options, **settings):
    code, events = probe(swiftlet, uri, *options, **settings)
    require(code == 0, f"{uri} does not work", events)
    require(len(named(events, "allocated")) == 2, "two relays", events)
    require(len(named(events, "sent")) == 2, "packets in both forms", events)
    require(named(events, "released"), "given back", events)
    return events


def expect_refusal(swiftlet, uri, number, *options):
    code, events = probe(swiftlet, uri, *options)
    failed = named(events, "failed")
    require(code == 8 and failed and failed[0]["code"] == number, f"error {number}", events)


def say(text):
    print(f"  {text}", flush=True)


def against_coturn(swiftlet, folder):
    chain, key = certificate(folder)
    login = "--user=" + ":".join(USER)
    tls = (f"--cert={chain}", f"--pkey={key}")
    with Coturn(folder, "--lt-cred-mech", login, *tls) as server:
        here = f"127.0.0.1:{server.port}"
        expect_success(swiftlet, f"turn:{here}", login)
        say("UDP, long-term credentials")
        expect_success(swiftlet, f"turn:{here}?transport=tcp", login)
        say("TCP")
        secure = f"turns:127.0.0.1:{server.tls_port}"
        expect_success(swiftlet, secure, login, f"--trust={chain}")
        say("TLS, certificate verified")
        code, events = probe(swiftlet, secure, login)
        require(code == 8, "an unknown certificate must not be trusted", events)
        say("TLS, a certificate nobody vouches for is refused")
        expect_refusal(swiftlet, f"turn:{here}", 401, "--user=alice:wrong")
        expect_refusal(swiftlet, f"turn:{here}?transport=tcp", 401, "--user=nobody:secret")
        say("wrong password and unknown user: 401")
    with Coturn(folder, "--use-auth-secret", f"--static-auth-secret={SECRET}", "--no-tls") as server:
        events = expect_success(swiftlet, f"turn:127.0.0.1:{server.port}", f"--rest-secret={SECRET}")
        say("time-limited credentials; new ones: " + str(named(events, "renewed")[0]))
        expect_refusal(swiftlet, f"turn:127.0.0.1:{server.port}", 401, "--rest-secret=south")
        say("time-limited credentials of another secret: 401")
    with Coturn(folder, "--lt-cred-mech", login, "--no-tls", "--stale-nonce=2") as server:
        events = expect_success(swiftlet, f"turn:127.0.0.1:{server.port}", login, "--seconds=5")
        require(all(line["accepted"] for line in named(events, "renewed")), "renewed", events)
        require("438" in server.log.read_text(), "coturn must have called a nonce stale", events)
        say("a nonce that has expired: 438, asked again")
    with Coturn(folder, "--lt-cred-mech", login, "--no-tls", "--user-quota=1") as server:
        expect_refusal(swiftlet, f"turn:127.0.0.1:{server.port}", 486, login)
        say("quota reached: 486")
    for transport in ("udp", "tcp"):
        with Coturn(folder, "--lt-cred-mech", login, "--no-tls") as server:
            uri = f"turn:127.0.0.1:{server.port}?transport={transport}"
            with program(swiftlet, "turn", "--probe", uri, login, "--seconds=8") as process:
                wait_for("first packets", lambda: event(process, "alive"))
                server.kill()
                wait_for("interruption", lambda: event(process, "interrupted"))
                server.start()
                wait_for("return", lambda: event(process, "returned"), 60)
                code = process.wait(60)
            require(code == 0, "alive to the end", process.events)
        say(f"server killed and started again, {transport}")


def against_uclient(swiftlet, folder):
    """coturn's own client: five sessions of twenty messages each, none lost."""
    chain, key = certificate(folder)
    with program(swiftlet, "turn", "--user", ":".join(USER), "--port", "0", "--tls-port", "0",
                 "--certificate", chain, "--key", key, "--user-quota", "100") as server:
        listening = wait_for("listening", lambda: event(server, "listening"))
        port = listening["uris"][0].rsplit(":", 1)[1]
        tls_port = listening["uris"][-1].rsplit(":", 1)[1]
        ways = {"UDP": (port,), "TCP": (port, "-t"), "TLS": (tls_port, "-t", "-S")}
        for name, (number, *flags) in ways.items():
            for style in ([], ["-s"]):
                run = subprocess.run(
                    ["turnutils_uclient", *flags, *style, "-c", "-y", "-m", "5", "-n", "20", "-l",
                     "300", "-u", USER[0], "-w", USER[1], "-p", number, "127.0.0.1"],
                    capture_output=True, text=True, timeout=60)
                last = (run.stdout + run.stderr).strip().splitlines()[-6:]
                if run.returncode != 0 or not any("lost packets 0 " in line for line in last):
                    raise Failure("turnutils_uclient over " + name + ":\n" + "\n".join(last))
            say(f"turnutils_uclient over {name}: channels and indications")
        expect_success(swiftlet, f"turns:127.0.0.1:{tls_port}", "--user=alice:secret",
                       f"--trust={chain}")
        say("our own client over TLS")


def main():
    swiftlet = pathlib.Path(sys.argv[1]).resolve()
    for needed in ("turnserver", "turnutils_uclient", "openssl"):
        if not shutil.which(needed):
            raise Failure(f"{needed} is missing; apt-get install coturn openssl")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        os.chmod(folder, 0o755)
        print("our client and coturn", flush=True)
        against_coturn(swiftlet, folder)
        print("our server and coturn's client", flush=True)
        against_uclient(swiftlet, folder)


if __name__ == "__main__":
    try:
        main()
    except Failure as failure:
        sys.exit(f"coturn.py: {failure}")
