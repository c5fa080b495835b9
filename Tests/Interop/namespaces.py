"""Calls through NATs of the kernel: direct, relayed, and on when an interface goes.

    namespaces.py SWIFTLET            the NATs and the relays, then calls
    namespaces.py SWIFTLET --checks   only the NATs and the relays

Ends with 77 where namespaces are not permitted.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time

import nat_network
from common import Failure, event, program, wait_for
from nat_network import FULL_CONE, OTHER_SERVER, PORT_RESTRICTED, SERVER, SYMMETRIC, Network

PROBE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "nat_probe.py")
USER, PASSWORD = "swiftlet", "a-secret"

# How the caller is told of the servers.
SERVERS = [
    "--stun", f"stun:{SERVER}",
    "--turn", f"turn:{SERVER}",
    "--turn-user", f"{USER}:{PASSWORD}",
]


@contextlib.contextmanager
def ice_server(network):
    """coturn on the internet: STUN with two addresses (RFC 5780), and TURN."""
    command = network.command(
        "internet", "turnserver", "-n", "--no-cli", "--no-tls", "--no-dtls",
        "-L", SERVER, "-L", OTHER_SERVER, "-E", SERVER, "-p", "3478",
        "--alt-listening-port", "3479", "--lt-cred-mech", "-u", f"{USER}:{PASSWORD}",
        "-r", "test", "--log-file", "stdout", "--pidfile", "/dev/null",
    )
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        probe = ["ss", "-Hlun", f"src {SERVER} and sport = 3478"]
        wait_for("STUN server", lambda: network.run("internet", *probe).strip(), 10)
        yield
    finally:
        process.terminate()
        process.wait(10)


def check_nats(swiftlet):
    """The NATs are what they are meant to be, by a probe of its own and by our own measure."""
    asks = subprocess.run(
        [swiftlet, "stun", "--help"], capture_output=True, check=False
    ).returncode == 0
    for kind in (FULL_CONE, PORT_RESTRICTED, SYMMETRIC):
        with Network(kind, kind, kind) as network, ice_server(network):
            for place in ("left", "right"):
                expected = nat_network.BEHAVIOUR[kind]
                found = network.run(place, sys.executable, PROBE, SERVER, OTHER_SERVER).split()
                if tuple(found) != expected:
                    raise Failure(f"the {kind} NAT of {place} is {found}, not {expected}")
                if asks:
                    words = ["stun", SERVER, "--behaviour", "--json"]
                    told = network.run(place, swiftlet, *words)
                    if not all(f'"{what}":"{value}"' in told.replace('": "', '":"') for what, value
                               in zip(("mapping", "filtering"), expected)):
                        raise Failure(f"swiftlet stun takes the {kind} NAT for: {told}")
            print(f"{kind}: {', '.join(nat_network.BEHAVIOUR[kind])}"
                  + ("; swiftlet stun says so too" if asks else ""), flush=True)


@contextlib.contextmanager
def our_relay(network, swiftlet):
    """`swiftlet turn` on the internet."""
    words = ["turn", "--host", SERVER, "--user", f"{USER}:{PASSWORD}"]
    with program(*network.command("internet", swiftlet, *words)) as process:
        wait_for("relay", lambda: event(process, "listening"))
        yield


def check_relays(swiftlet):
    """Relays are reached through NATs: coturn's and our own, over UDP and TCP."""
    for kind in (PORT_RESTRICTED, SYMMETRIC):
        with Network(kind, kind, kind) as network:
            for name, server in (("coturn", ice_server(network)),
                                 ("swiftlet turn", our_relay(network, swiftlet))):
                with server:
                    for uri in (f"turn:{SERVER}", f"turn:{SERVER}?transport=tcp"):
                        words = ["turn", "--probe", uri, "--user", f"{USER}:{PASSWORD}"]
                        try:
                            network.run("left", swiftlet, *words)
                        except subprocess.CalledProcessError as error:
                            raise Failure(f"{uri} of {name}, {kind} NAT: {error.stdout}") from error
        print(f"{kind}: relays of coturn and swiftlet turn, over UDP and TCP", flush=True)


class Call:
    """Two callers that hear each other."""

    def __init__(self, caller, answerer):
        self.caller, self.answerer = caller, answerer

    def paths(self, process):
        return [(line["local"], line["remote"]) for line in list(process.events)
                if line.get("event") == "status" and line.get("local")]

    def wait_until_heard(self, seconds=20):
        """Waits until both ends receive sound from now on."""
        for process in (self.caller, self.answerer):
            start = len(process.events)
            wait_for("sound", lambda p=process, s=start: any(
                line.get("event") == "status" and (line.get("levelDecibels") or -99) > -40
                for line in list(p.events)[s:]), seconds)

    def last_path(self):
        paths = self.paths(self.caller)
        if not paths:
            raise Failure("the caller names no path")
        return paths[-1]


@contextlib.contextmanager
def call(network, swiftlet):
    """A call from left to right, who talk and hear."""
    url = f"ws://{SERVER}:3000"
    with contextlib.ExitStack() as stack:
        def start(place, *words):
            return stack.enter_context(program(*network.command(place, swiftlet, *words)))

        server = start("internet", "signal", "--host", SERVER)
        wait_for("signaling server", lambda: event(server, "listening"))
        common = ["--server", url, *SERVERS]
        answerer = start("right", "answer", "--id", "right", "--tone", "440", *common)
        wait_for("registration", lambda: event(answerer, "waiting"))
        caller = start("left", "call", "--id", "left", "--to", "right", "--tone", "660", *common)
        wait_for("connection", lambda: event(caller, "connected"), 30)
        talk = Call(caller, answerer)
        talk.wait_until_heard()
        yield talk


def is_relayed(path):
    return any(end.startswith(f"{SERVER}:") for end in path)


def check_options(swiftlet):
    """Without servers no call goes through a NAT."""
    told = subprocess.run(
        [swiftlet, "call", "--help"], capture_output=True, text=True, check=False
    ).stdout
    missing = [word for word in SERVERS if word.startswith("--") and word not in told]
    if missing:
        raise Failure(f"swiftlet call takes no {', '.join(missing)}: run with --checks")


def check_calls(swiftlet):
    for left, right, expects_relay in (
        (FULL_CONE, FULL_CONE, False),
        (PORT_RESTRICTED, PORT_RESTRICTED, False),
        (FULL_CONE, SYMMETRIC, False),
        (SYMMETRIC, PORT_RESTRICTED, True),
        (SYMMETRIC, SYMMETRIC, True),
    ):
        # Both ways out of the left home must be alike, or the better one is taken.
        with Network(left, right, left) as network, ice_server(network):
            with call(network, swiftlet) as talk:
                path = talk.last_path()
                if is_relayed(path) != expects_relay:
                    raise Failure(f"{left} and {right}: the path is {path}")
                kind = "relayed" if expects_relay else "direct"
                print(f"{left} and {right}: {kind}, {path[0]} <-> {path[1]}", flush=True)


def check_switch(swiftlet):
    """The call goes on when the interface it uses goes down."""
    with Network(PORT_RESTRICTED, PORT_RESTRICTED) as network, ice_server(network):
        with call(network, swiftlet) as talk:
            before = talk.last_path()
            interface = "eth1" if before[0].startswith("10.3.") else "eth0"
            network.run("left", "ip", "link", "set", interface, "down")
            start = time.monotonic()
            wait_for("other path", lambda: talk.last_path()[0] != before[0], 45)
            talk.wait_until_heard(30)
            took = time.monotonic() - start
            print(f"{interface} went down: {before[0]} -> {talk.last_path()[0]}, "
                  f"heard again after {took:.1f} s", flush=True)


def main():
    # Whatever ends this program, the namespaces go.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda number, _: sys.exit(128 + number))
    swiftlet = os.path.abspath(sys.argv[1])
    try:
        nat_network.check_permission()
    except nat_network.NotPermitted as reason:
        print(f"skipped: NATs cannot be tested here: {reason}.\n"
              "         Run as root on a machine that permits network namespaces and nftables.")
        sys.exit(77)
    nat_network.remove_leftovers()
    try:
        check_nats(swiftlet)
        check_relays(swiftlet)
        if "--checks" not in sys.argv[2:]:
            check_options(swiftlet)
            check_calls(swiftlet)
            check_switch(swiftlet)
    except Failure as failure:
        sys.exit(f"error: {failure}")
    except subprocess.CalledProcessError as error:
        sys.exit(f"error: {' '.join(error.cmd)}: {error.stderr}")


if __name__ == "__main__":
    main()
