"""wss: against another TLS and another WebSocket: Python's ssl, in both versions, and websockets.

    tls.py SWIFTLET
"""

import asyncio
import json
import ssl
import subprocess
import sys
import tempfile

import websockets
from common import Failure, event, program, wait_for


def make_certificate(folder):
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-days", "2", "-keyout", f"{folder}/key.pem", "-out", f"{folder}/cert.pem",
         "-subj", "/CN=lab", "-addext", "subjectAltName=IP:127.0.0.1"],
        check=True, capture_output=True,
    )
    return f"{folder}/cert.pem", f"{folder}/key.pem"


def context(certificate, version):
    made = ssl.create_default_context(cafile=certificate)
    made.minimum_version = made.maximum_version = version
    return made


async def talk(url, certificate, version):
    """Registers, and has a message to oneself brought back."""
    async with websockets.connect(url, ssl=context(certificate, version)) as socket:
        await socket.send(json.dumps({"type": "register", "id": "python"}))
        sent = {"type": "offer", "id": "python", "targetId": "python", "sdp": "x" * 100_000}
        await socket.send(json.dumps(sent))
        if json.loads(await asyncio.wait_for(socket.recv(), 10)) != sent:
            raise Failure("the message came back changed")


async def serve(swiftlet, certificate, key, version):
    """Is the server that our client registers at."""
    heard = asyncio.Queue()

    async def answer(socket, *_):
        async for text in socket:
            await heard.put(json.loads(text))
            await socket.send(text)

    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(certificate, key)
    made.minimum_version = made.maximum_version = version
    async with websockets.serve(answer, "127.0.0.1", 0, ssl=made) as server:
        url = f"wss://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        with program(swiftlet, "answer", "--id", "ours", "--server", url, "--trust",
                     certificate) as ours:
            first = await asyncio.wait_for(heard.get(), 10)
            if (first.get("type"), first.get("id")) != ("register", "ours"):
                raise Failure(f"the first message is {first}")
            await asyncio.to_thread(wait_for, "registration", lambda: event(ours, "waiting"), 10)


def main():
    swiftlet = sys.argv[1]
    versions = (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3)
    with tempfile.TemporaryDirectory() as folder:
        certificate, key = make_certificate(folder)
        with program(swiftlet, "signal", "--port", "0", "--certificate", certificate,
                     "--key", key) as server:
            url = wait_for("server", lambda: event(server, "listening"))["url"]
            for version in versions:
                asyncio.run(talk(url, certificate, version))
        for version in versions:
            asyncio.run(serve(swiftlet, certificate, key, version))
    print("wss: with Python, as client and as server: TLS 1.2 and 1.3")


if __name__ == "__main__":
    try:
        main()
    except Failure as failure:
        sys.exit(f"error: {failure}")
