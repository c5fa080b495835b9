"""Two homes behind NATs of the kernel, and servers between them, in network namespaces.

    left 10.1.0.2 ──── home_l ──── 198.51.100.0/24 ──┐
         10.3.0.2 ──── mobile ──── 198.51.100.0/24 ──┤ internet: 203.0.113.1, 203.0.113.2
    right 10.2.0.2 ─── home_r ──── 198.51.100.0/24 ──┘

Nothing of it can be reached from outside, and nothing of it is left behind.
"""

import os
import re
import subprocess

# What the NATs do, after RFC 4787: how they map, and whom they let in.
FULL_CONE = "full cone"
PORT_RESTRICTED = "port-restricted cone"
SYMMETRIC = "symmetric"

# Mapping and filtering of each, as RFC 5780 measures them.
BEHAVIOUR = {
    FULL_CONE: ("endpoint-independent", "endpoint-independent"),
    PORT_RESTRICTED: ("endpoint-independent", "address-and-port-dependent"),
    SYMMETRIC: ("address-and-port-dependent", "address-and-port-dependent"),
}

SERVER = "203.0.113.1"
OTHER_SERVER = "203.0.113.2"

_PREFIX = "swiftlet-"


class NotPermitted(Exception):
    """Namespaces or nftables cannot be used here."""


def run(*words, namespace=None, text=None):
    """Runs a command, inside a namespace if one is named; its output, or an exception."""
    command = ["ip", "netns", "exec", namespace, *words] if namespace else list(words)
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise subprocess.CalledProcessError(
            done.returncode, command, done.stdout, done.stderr.strip()
        )
    return done.stdout


def check_permission():
    """Raises NotPermitted, with a reason, unless namespaces and nftables work here."""
    name = f"{_PREFIX}{os.getpid()}-probe"
    try:
        run("ip", "netns", "add", name)
    except (OSError, subprocess.CalledProcessError) as error:
        raise NotPermitted(f"network namespaces: {_reason(error)}") from error
    try:
        rules = "table ip t { chain c { type nat hook postrouting priority srcnat; masquerade; }; }"
        run("nft", "-f", "-", namespace=name, text=rules)
        run("ip", "link", "add", "v0", "type", "veth", "peer", "name", "v1", namespace=name)
    except (OSError, subprocess.CalledProcessError) as error:
        raise NotPermitted(f"NAT in a namespace: {_reason(error)}") from error
    finally:
        _remove(name)


def remove_leftovers():
    """Removes the namespaces of runs that were killed."""
    for line in run("ip", "netns", "list").splitlines():
        match = re.match(rf"{_PREFIX}(\d+)-\w+", line)
        if match and not os.path.exists(f"/proc/{match[1]}"):
            _remove(match[0])


def _remove(namespace):
    """Ends what runs in a namespace, and removes it with its links; does nothing if it is gone."""
    found = subprocess.run(
        ["ip", "netns", "pids", namespace], capture_output=True, text=True, check=False
    )
    for pid in found.stdout.split():
        subprocess.run(["kill", "-KILL", pid], check=False)
    subprocess.run(["ip", "netns", "del", namespace], capture_output=True, check=False)


def _reason(error):
    return getattr(error, "stderr", None) or str(error)


class Network:
    """The homes and the servers; use it in a `with` block, which removes everything at its end."""

    def __init__(self, left, right, mobile=FULL_CONE):
        self.kinds = {"home_l": left, "home_r": right, "mobile": mobile}

    def __enter__(self):
        try:
            self._build()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for name in ("left", "right", "home_l", "home_r", "mobile", "internet"):
            _remove(self.name(name))

    @staticmethod
    def name(place):
        """The namespace of a place."""
        return f"{_PREFIX}{os.getpid()}-{place}"

    def interface(self, address):
        """The interface of a socket, by its own address or by the one that the internet sees."""
        host = address.rsplit(":", 1)[0]
        for number, home in enumerate(self.kinds):
            _, inside, interface = self._client(home)
            if host in (inside, f"198.51.100.{4 * number + 2}"):
                return interface
        raise KeyError(address)

    def run(self, place, *words, text=None):
        """Runs a command at a place."""
        return run(*words, namespace=self.name(place), text=text)

    def command(self, place, *words):
        """The command that runs `words` at a place."""
        return ["ip", "netns", "exec", self.name(place), *map(str, words)]

    def _build(self):
        for place in ("internet", *self.kinds, "left", "right"):
            run("ip", "netns", "add", self.name(place))
            self.run(place, "ip", "link", "set", "lo", "up")
        for address in (SERVER, OTHER_SERVER):
            self.run("internet", "ip", "address", "add", f"{address}/32", "dev", "lo")
        self._swallow_strays()
        self._forward("internet")
        for number, (home, kind) in enumerate(self.kinds.items()):
            self._link("internet", home, home, "wan")
            self.run("internet", "ip", "address", "add", f"198.51.100.{4 * number + 1}/30",
                     "dev", home)
            self.run(home, "ip", "address", "add", f"198.51.100.{4 * number + 2}/30", "dev", "wan")
            self.run(home, "ip", "route", "add", "default", "via",
                     f"198.51.100.{4 * number + 1}")
            self._forward(home)
            self._translate(home, kind, self._client(home)[1])
        for home in self.kinds:
            self._join(home)

    def _swallow_strays(self):
        """What no home is at gets lost without a word, as on the internet.

        With an error at once instead, coturn would end the session that has sent there.
        """
        run("ip", "link", "add", "void", "netns", self.name("internet"), "type", "veth",
            "peer", "name", "void-end", "netns", self.name("internet"))
        self.run("internet", "ip", "link", "set", "void", "arp", "off", "up")
        self.run("internet", "ip", "link", "set", "void-end", "up")
        self.run("internet", "ip", "route", "add", "default", "dev", "void")

    @staticmethod
    def _client(home):
        """Who lives in a home, under which address, on which interface."""
        return {
            "home_l": ("left", "10.1.0.2", "eth0"),
            "home_r": ("right", "10.2.0.2", "eth0"),
            "mobile": ("left", "10.3.0.2", "eth1"),
        }[home]

    def _link(self, one, other, name_at_one, name_at_other):
        run("ip", "link", "add", name_at_one, "netns", self.name(one), "type", "veth",
            "peer", "name", name_at_other, "netns", self.name(other))
        self.run(one, "ip", "link", "set", name_at_one, "up")
        self.run(other, "ip", "link", "set", name_at_other, "up")

    def _forward(self, place):
        self.run(place, "sysctl", "-qw", "net.ipv4.ip_forward=1")

    def _join(self, home):
        """Connects the client of a home; what leaves from an address leaves through its home."""
        client, address, interface = self._client(home)
        gateway = address.rsplit(".", 1)[0] + ".1"
        self._link(home, client, "lan", interface)
        self.run(home, "ip", "address", "add", f"{gateway}/24", "dev", "lan")
        self.run(client, "ip", "address", "add", f"{address}/24", "dev", interface)
        table = self._route(client, interface)
        self.run(client, "ip", "rule", "add", "from", address, "table", table)

    def _route(self, client, interface):
        """The ways out through an interface; the kernel forgets them when it goes down."""
        gateway, metric, table = {
            "left eth0": ("10.1.0.1", "100", "101"),
            "right eth0": ("10.2.0.1", "100", "101"),
            "left eth1": ("10.3.0.1", "200", "102"),
        }[f"{client} {interface}"]
        for more in (["metric", metric], ["table", table]):
            self.run(client, "ip", "route", "add", "default", "via", gateway, "dev", interface,
                     *more)
        return table

    def down(self, client, interface):
        """Takes an interface down."""
        self.run(client, "ip", "link", "set", interface, "down")

    def up(self, client, interface):
        """Brings it up again, with its routes."""
        self.run(client, "ip", "link", "set", interface, "up")
        self._route(client, interface)

    def _translate(self, home, kind, client):
        # A port that is free keeps its number, whatever the destination; with `fully-random` every
        # destination gets another one.
        masquerade = "masquerade fully-random" if kind == SYMMETRIC else "masquerade persistent"
        let_in = (
            f'chain pre {{ type nat hook prerouting priority dstnat; iifname "wan" '
            f"udp dport 1024-65535 dnat to {client}; }}"
            if kind == FULL_CONE else ""
        )
        # What nobody has asked for must be dropped on its way in: were it accepted, the kernel would
        # remember it, and give the answer's port another number.
        self.run(home, "nft", "-f", "-", text=f"""
            table ip translation {{
                chain post {{
                    type nat hook postrouting priority srcnat; oifname "wan" {masquerade};
                }}
                {let_in}
            }}
            table ip firewall {{
                chain input {{
                    type filter hook input priority filter; iifname "wan" meta l4proto udp drop;
                }}
                chain forward {{
                    type filter hook forward priority filter; policy drop;
                    iifname "lan" accept;
                    ct state established,related accept;
                    ct status dnat accept;
                }}
            }}
        """)
