"""Calls through NATs of the kernel: direct, relayed, and on when an interface goes.

    namespaces.py SWIFTLET            the NATs and the relays, then calls
    namespaces.py SWIFTLET --checks   only the NATs and the relays

Ends with 77 where namespaces are not permitted.
"""

import concurrent.futures
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
            expected = nat_network.BEHAVIOUR[kind]

            def check(place):
                found = network.run(place, sys.executable, PROBE, SERVER, OTHER_SERVER).split()
                if tuple(found) != expected:
                    raise Failure(f"the {kind} NAT of {place} is {found}, not {expected}")
                if asks:
                    words = ["stun", SERVER, "--behaviour", "--json"]
                    told = network.run(place, swiftlet, *words)
                    if not all(f'"{what}":"{value}"' in told.replace('": "', '":"') for what, value
                               in zip(("mapping", "filtering"), expected)):
                        raise Failure(f"swiftlet stun takes the {kind} NAT for: {told}")

            # Each waits for seconds for what its NAT does not let in.
            with concurrent.futures.ThreadPoolExecutor() as both:
                list(both.map(check, ("left", "right")))
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

    @property
    def took(self):
        """Milliseconds until the caller was connected."""
        return event(self.caller, "connected")["milliseconds"]

    def wait_until_heard(self, seconds=20):
        """Waits until both ends receive sound from now on."""
        starts = {process: len(process.events) for process in (self.caller, self.answerer)}
        for process, start in starts.items():
            wait_for("sound", lambda p=process, s=start: any(
                line.get("event") == "status" and (line.get("levelDecibels") or -99) > -40
                for line in list(p.events)[s:]), seconds)

    def path(self):
        """What the caller said last of the path."""
        paths = [line for line in list(self.caller.events) if line.get("event") == "path"]
        if not paths:
            raise Failure("the caller names no path")
        return paths[-1]


def shown(path):
    """A path for people."""
    return f"{path['local']} ({path['localKind']}) <-> {path['remote']} ({path['remoteKind']})"


@contextlib.contextmanager
def call(network, swiftlet, *options, servers=SERVERS):
    """A call from left to right, who talk and hear; the options and servers are the caller's."""
    url = f"ws://{SERVER}:3000"
    with contextlib.ExitStack() as stack:
        def start(place, *words):
            return stack.enter_context(program(*network.command(place, swiftlet, *words)))

        server = start("internet", "signal", "--host", SERVER)
        wait_for("signaling server", lambda: event(server, "listening"))
        common = ["--server", url]
        answerer = start("right", "answer", "--id", "right", "--tone", "440", *common, *SERVERS)
        wait_for("registration", lambda: event(answerer, "waiting"))
        caller = start("left", "call", "--id", "left", "--to", "right", "--tone", "660", *common,
                       *servers, *options)
        wait_for("connection", lambda: event(caller, "connected"), 30)
        talk = Call(caller, answerer)
        talk.wait_until_heard()
        yield talk


def check_options(swiftlet):
    """Without servers no call goes through a NAT."""
    told = subprocess.run(
        [swiftlet, "call", "--help"], capture_output=True, text=True, check=False
    ).stdout
    missing = [word for word in SERVERS if word.startswith("--") and word not in told]
    if missing:
        raise Failure(f"swiftlet call takes no {', '.join(missing)}: run with --checks")


def check_calls(swiftlet):
    """Direct where NATs allow it, relayed where not; a relay of ours does as well."""
    for left, right, expects_relay, server in (
        (FULL_CONE, FULL_CONE, False, ice_server),
        (PORT_RESTRICTED, PORT_RESTRICTED, False, ice_server),
        (FULL_CONE, SYMMETRIC, False, ice_server),
        (SYMMETRIC, PORT_RESTRICTED, True, ice_server),
        (SYMMETRIC, SYMMETRIC, True, ice_server),
        (SYMMETRIC, SYMMETRIC, True, lambda network: our_relay(network, swiftlet)),
    ):
        # Both ways out of the left home must be alike, or the better one is taken.
        with Network(left, right, left) as network, server(network):
            with call(network, swiftlet) as talk:
                path = talk.path()
                if path["relayed"] != expects_relay:
                    raise Failure(f"{left} and {right}: the path is {shown(path)}")
                kind = "relayed" if expects_relay else "direct"
                if server is not ice_server:
                    kind += " by swiftlet turn"
                print(f"{left} and {right}: {kind} after {talk.took:.0f} ms, {shown(path)}",
                      flush=True)


def check_policy(swiftlet):
    """With --relay-only the peer learns no address of ours, though there is a direct way."""
    with Network(FULL_CONE, FULL_CONE) as network, ice_server(network):
        with call(network, swiftlet, "--relay-only") as talk:
            path = talk.path()
            told = {line["address"] for line in talk.caller.events
                    if line.get("event") == "candidate"}
            if path["localKind"] != "relay" or told != {SERVER}:
                raise Failure(f"--relay-only: {shown(path)}, and the peer was told {told}")
            print(f"--relay-only: {shown(path)} after {talk.took:.0f} ms", flush=True)


def check_refusal(swiftlet):
    """What the server says against a wrong password is told, and the call comes about without."""
    with Network(FULL_CONE, FULL_CONE) as network, ice_server(network):
        wrong = [*SERVERS[:-1], f"{USER}:wrong"]
        with call(network, swiftlet, servers=wrong) as talk:
            told = wait_for("reason", lambda: event(talk.caller, "candidateError"))
            if told["code"] != 401:
                raise Failure(f"a wrong password: {told}")
            print(f"a wrong password: {told['code']} {told['reason']}", flush=True)


def check_switch(swiftlet, right, mobile):
    """The call goes on when the interface it uses goes down."""
    with Network(PORT_RESTRICTED, right, mobile) as network, ice_server(network):
        with call(network, swiftlet) as talk:
            before = talk.path()
            interface = network.interface(before["related"] or before["local"])
            network.down("left", interface)
            start = time.monotonic()
            after = wait_for("other path", lambda: (
                talk.path() if talk.path()["local"] != before["local"] else None), 45)
            moved = time.monotonic() - start
            talk.wait_until_heard(30)
            took = time.monotonic() - start
            print(f"{interface} went down: {shown(before)}, after {moved:.1f} s {shown(after)}, "
                  f"heard again within {took:.1f} s", flush=True)


def check_return(swiftlet):
    """The only interface goes, and two seconds later another one comes: the call goes on there.

    Signaling goes with the interface, too, and must come back before ICE can restart.
    """
    with Network(PORT_RESTRICTED, PORT_RESTRICTED, PORT_RESTRICTED) as network, \
            ice_server(network):
        network.down("left", "eth1")
        with call(network, swiftlet) as talk:
            known, before = len(talk.caller.events), talk.path()
            network.down("left", "eth0")
            gone = time.monotonic()
            wait_for("news of signaling", lambda: event(talk.caller, "signalingInterrupted"))
            wait_for("restart", lambda: event(talk.caller, "restart"))
            time.sleep(max(0, gone + 2 - time.monotonic()))
            network.up("left", "eth1")
            start = time.monotonic()

            def kinds():
                found = [line for line in list(talk.caller.events)[known:]
                         if line.get("event") == "candidate"]
                if any(line["address"] in ("127.0.0.1", "::1") for line in found):
                    raise Failure(f"loopback leads nowhere: {found}")
                return {line["kind"] for line in found} >= {"host", "srflx", "relay"}

            wait_for("new candidates", kinds)
            back = wait_for("signaling", lambda: event(talk.caller, "signalingResumed"))
            if not back["complete"]:
                raise Failure(f"signaling has lost messages: {back}")
            after = wait_for("other path", lambda: (
                talk.path() if talk.path()["local"] != before["local"] else None), 30)
            moved = time.monotonic() - start
            talk.wait_until_heard(30)
            heard = time.monotonic() - start
            # Whatever carried it over, it ends where it would have begun.
            wait_for("direct path", lambda: not talk.path()["relayed"], 30)
            print(f"eth0 went down, then eth1 came up: {shown(before)}, after {moved:.1f} s "
                  f"{shown(after)}, heard again within {heard:.1f} s, direct within "
                  f"{time.monotonic() - start:.1f} s", flush=True)


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
            check_policy(swiftlet)
            check_refusal(swiftlet)
            check_switch(swiftlet, PORT_RESTRICTED, FULL_CONE)
            check_switch(swiftlet, SYMMETRIC, SYMMETRIC)
            check_return(swiftlet)
    except Failure as failure:
        sys.exit(f"error: {failure}")
    except subprocess.CalledProcessError as error:
        sys.exit(f"error: {' '.join(error.cmd)}: {error.stderr}")


if __name__ == "__main__":
    main()
