"""Measures the NAT in front of us with STUN alone (RFC 5780 §4.3, §4.4), without our own code.

    nat_probe.py SERVER OTHER_SERVER

Both are addresses of one server, with the ports 3478 and 3479. Prints two words: how the NAT maps and
whom it lets in.
"""

import os
import socket
import struct
import sys

COOKIE = 0x2112A442
CHANGE_ADDRESS = 4
CHANGE_PORT = 2


def ask(endpoint, target, change=0, tries=3):
    """The address the server saw, or None without an answer."""
    attributes = struct.pack(">HHI", 3, 4, change) if change else b""
    for _ in range(tries):
        transaction = os.urandom(12)
        head = struct.pack(">HHI", 1, len(attributes), COOKIE) + transaction
        endpoint.sendto(head + attributes, target)
        try:
            while True:
                answer, _ = endpoint.recvfrom(2048)
                if answer[8:20] == transaction and answer[:2] == b"\x01\x01":
                    return mapped_address(answer)
        except TimeoutError:
            continue
    return None


def mapped_address(answer):
    offset = 20
    while offset + 4 <= len(answer):
        kind, length = struct.unpack_from(">HH", answer, offset)
        if kind == 0x0020:
            port, host = struct.unpack_from(">HI", answer, offset + 6)
            host ^= COOKIE
            return socket.inet_ntoa(struct.pack(">I", host)), port ^ COOKIE >> 16
        offset += 4 + length + -length % 4
    return None


def new_endpoint():
    endpoint = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    endpoint.settimeout(0.4)
    endpoint.bind(("0.0.0.0", 0))
    return endpoint


def mapping(server, other):
    endpoint = new_endpoint()
    seen = [ask(endpoint, target) for target in ((server, 3478), (server, 3479), (other, 3478))]
    if None in seen:
        sys.exit(f"no answer from the STUN server: {seen}")
    if seen[0] == seen[1] == seen[2]:
        return "endpoint-independent"
    return "address-dependent" if seen[0] == seen[1] else "address-and-port-dependent"


def filtering(server):
    endpoint = new_endpoint()
    if ask(endpoint, (server, 3478)) is None:
        sys.exit("no answer from the STUN server")
    if ask(endpoint, (server, 3478), CHANGE_ADDRESS | CHANGE_PORT) is not None:
        return "endpoint-independent"
    if ask(endpoint, (server, 3478), CHANGE_PORT) is not None:
        return "address-dependent"
    return "address-and-port-dependent"


if __name__ == "__main__":
    print(mapping(sys.argv[1], sys.argv[2]), filtering(sys.argv[1]))
