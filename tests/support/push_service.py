"""A push service on this machine, over TLS, and browsers that decrypt what it is sent."""

import asyncio
import json
import os
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from tests.support.proxies import make_certificate
from tests.support.serving import KEY

from bullpen.kit.database import Database
from bullpen.kit.public_addresses import Address
from bullpen.push.endpoints import PushClient
from bullpen.push.keys import encoded, point_of
from bullpen.push.sending import Sender

PATIENCE = "UPDATE events SET created_at = created_at - interval '3 seconds'"


@dataclass(frozen=True)
class Request:
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class PushService:
    """`status` by path: what it answers; 201 where nothing is said, None: not at all."""

    port: int
    authority: Path
    received: list[Request] = field(default_factory=list)
    status: dict[str, int | None] = field(default_factory=dict)
    released: threading.Event = field(default_factory=threading.Event)

    def browser(self, name: str) -> "Browser":
        return Browser(f"https://localhost:{self.port}/{name}")

    def taken(self) -> list[Request]:
        taken, self.received[:] = list(self.received), []
        return taken


class Browser:
    """The keys of a subscription, of which the private one never leaves a real browser."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.public = point_of(self.private.public_key())
        self.secret = os.urandom(16)

    @property
    def path(self) -> str:
        return "/" + self.endpoint.rpartition("/")[2]

    def subscription(self, **more: object) -> dict[str, Any]:
        """As `PUT /api/push` takes it."""
        keys = {"p256dh": encoded(self.public), "auth": encoded(self.secret)}
        return {"endpoint": self.endpoint, **keys, "timeZone": "America/New_York", **more}

    def read(self, body: bytes) -> dict[str, Any]:
        """As RFC 8188 and RFC 8291 have it."""
        salt, size, length = body[:16], int.from_bytes(body[16:20]), body[20]
        theirs, sealed = body[21 : 21 + length], body[21 + length :]
        assert (size, length) == (4096, 65)
        assert len(sealed) <= size
        point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs)
        shared = self.private.exchange(ec.ECDH(), point)

        def derived(material: bytes, salt: bytes, info: bytes, length: int) -> bytes:
            return HKDF(hashes.SHA256(), length, salt, info).derive(material)

        info = b"WebPush: info\0" + self.public + theirs
        material = derived(shared, self.secret, info, 32)
        key = derived(material, salt, b"Content-Encoding: aes128gcm\0", 16)
        nonce = derived(material, salt, b"Content-Encoding: nonce\0", 12)
        content, mark, rest = AESGCM(key).decrypt(nonce, sealed, None).rpartition(b"\x02")
        assert (mark, rest) == (b"\x02", b"")
        read: dict[str, Any] = json.loads(content)
        return read


@contextmanager
def push_service(folder: Path) -> Iterator[PushService]:
    certificate = make_certificate(folder)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            service.received.append(Request(self.path, headers, body))
            status = service.status.get(self.path, 201)
            if status is None:
                service.released.wait()
                return
            self.send_response(status)
            self.send_header("Location", f"https://localhost:{service.port}/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.chain, certificate.key)
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        service = PushService(server.server_address[1], certificate.authority)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield service
        finally:
            service.released.set()
            server.shutdown()
            thread.join()


def loopback(address: Address) -> bool:
    return address.is_loopback


def sender_of(database: Database, service: PushService, key: str = KEY) -> Sender:
    trusted = ssl.create_default_context(cafile=service.authority)
    return Sender(database, lambda: key, "https://chat.example.org", PushClient(loopback, trusted))


async def send_noted(url: str, service: PushService, key: str = KEY) -> None:
    """What a process does each second, once."""
    database = await Database.open(url)
    try:
        await database.write(PATIENCE)
        sender = sender_of(database, service, key)
        await sender.look()
        await sender.close()
    finally:
        await database.close()


async def race(url: str, service: PushService, processes: int) -> None:
    """The same, by several processes at the same time."""
    await asyncio.gather(*(send_noted(url, service) for _ in range(processes)))
