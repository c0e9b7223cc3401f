"""Caddy and nginx with the configurations of docs/deploy, on free ports and with a certificate of
the tests."""

import datetime as dt
import ipaddress
import os
import ssl
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from tests.support.accounts import OWNER, PASSWORD, new_owner_token, sign_in
from tests.support.ports import free_port
from tests.support.program import until
from tests.support.serving import Served, serving
from tests.support.tools import debian_tool

DEPLOY = Path(__file__).resolve().parents[2] / "docs" / "deploy"
DOMAIN = "chat.example.org"
UPSTREAM = "127.0.0.1:8000"
HOST = "localhost"
LOOPBACK = "127.0.0.1"
SECONDS = 20.0


@dataclass(frozen=True)
class Certificate:
    authority: Path
    chain: Path
    key: Path


def make_certificate(folder: Path) -> Certificate:
    """Of an authority of its own, for this machine's names."""
    now = dt.datetime.now(dt.UTC)

    def name(text: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])

    def builder(subject: str, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(name(subject))
            .issuer_name(name("Bullpen's tests"))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(days=1))
            .not_valid_after(now + dt.timedelta(days=2))
        )

    issuing, serving = (
        ec.generate_private_key(ec.SECP256R1()),
        ec.generate_private_key(ec.SECP256R1()),
    )
    constraints = x509.BasicConstraints(ca=True, path_length=0)
    authority = (
        builder("Bullpen's tests", issuing)
        .add_extension(constraints, critical=True)
        .add_extension(
            x509.SubjectKeyIdentifier.from_public_key(issuing.public_key()), critical=False
        )
        .sign(issuing, hashes.SHA256())
    )
    names = x509.SubjectAlternativeName(
        [x509.DNSName(HOST), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    )
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuing.public_key())
    certificate = (
        builder(HOST, serving)
        .add_extension(names, critical=False)
        .add_extension(issuer, critical=False)
        .sign(issuing, hashes.SHA256())
    )
    made = Certificate(folder / "authority.pem", folder / "chain.pem", folder / "key.pem")
    made.authority.write_bytes(authority.public_bytes(serialization.Encoding.PEM))
    made.chain.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    made.key.write_bytes(
        serving.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return made


def replaced(text: str, *pairs: tuple[str, str]) -> str:
    """What is different in a test; each has to be there, so that the rest is what users copy."""
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new)
    return text


def caddy_settings(folder: Path, certificate: Certificate, port: int, upstream: int) -> Path:
    tls = f"\ttls {certificate.chain} {certificate.key}\n"
    text = replaced(
        (DEPLOY / "Caddyfile").read_text(),
        ("\n{\n", "\n{\n\tadmin off\n\tauto_https disable_redirects\n"),
        (f"{DOMAIN} {{\n", f"{HOST}:{port} {{\n{tls}"),
        (UPSTREAM, f"127.0.0.1:{upstream}"),
    )
    settings = folder / "Caddyfile"
    settings.write_text(text)
    return settings


def nginx_settings(folder: Path, certificate: Certificate, port: int, upstream: int) -> Path:
    text = replaced(
        (DEPLOY / "nginx.conf").read_text(),
        (f"/etc/letsencrypt/live/{DOMAIN}/fullchain.pem", str(certificate.chain)),
        (f"/etc/letsencrypt/live/{DOMAIN}/privkey.pem", str(certificate.key)),
        (DOMAIN, HOST),
        (UPSTREAM, f"127.0.0.1:{upstream}"),
        ("listen 443", f"listen 127.0.0.1:{port}"),
        ("\tlisten [::]:443 ssl http2;\n", ""),
        ("listen 80;", f"listen 127.0.0.1:{free_port()};"),
        ("\tlisten [::]:80;\n", ""),
    )
    (folder / "bullpen.conf").write_text(text)
    user = "user root;\n" if os.geteuid() == 0 else ""
    temporary = "".join(
        f"  {kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    settings = folder / "nginx.conf"
    settings.write_text(
        f"{user}daemon off;\npid {folder}/pid;\nerror_log {folder}/log warn;\n"
        f"worker_processes 1;\nevents {{}}\n"
        f"http {{\n  access_log off;\n{temporary}  include {folder}/bullpen.conf;\n}}\n"
    )
    return settings


@dataclass(frozen=True)
class Proxy:
    name: str
    port: int
    upstream: int
    certificate: Certificate
    log: Path

    @property
    def url(self) -> str:
        return f"https://{HOST}:{self.port}"

    @property
    def trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.certificate.authority)

    def client(self, address: str = LOOPBACK, **options: Any) -> httpx.Client:
        """Over HTTP/2, from that address of this machine."""
        transport = httpx.HTTPTransport(verify=self.trust, local_address=address, http2=True)
        return httpx.Client(base_url=self.url, timeout=SECONDS, transport=transport, **options)


def command(name: str, settings: Path) -> list[str]:
    program = str(debian_tool(name))
    if name == "caddy":
        return [program, "run", "--adapter", "caddyfile", "--config", str(settings)]
    # Its default log is a folder of the system's.
    return [program, "-c", str(settings), "-e", str(settings.parent / "log")]


WRITERS: dict[str, Callable[[Path, Certificate, int, int], Path]] = {
    "caddy": caddy_settings,
    "nginx": nginx_settings,
}


@contextmanager
def proxy(name: str, folder: Path) -> Iterator[Proxy]:
    """Before a server that is started later; see `serving_behind`."""
    port, upstream = free_port(), free_port()
    certificate = make_certificate(folder)
    settings = WRITERS[name](folder, certificate, port, upstream)
    log = folder / "out"
    with log.open("w") as output:
        process = subprocess.Popen(
            command(name, settings),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=folder,
            env={"HOME": str(folder), "PATH": os.environ["PATH"], "XDG_DATA_HOME": str(folder)},
        )
        try:
            made = Proxy(name, port, upstream, certificate, log)
            until(lambda: process.poll() is not None or answers(made))
            assert process.poll() is None, log.read_text()
            yield made
        finally:
            process.terminate()
            process.wait(SECONDS)


def answers(made: Proxy) -> bool:
    try:
        with made.client() as client:
            return client.get("/metrics").status_code == 404
    except httpx.TransportError:
        return False


@contextmanager
def serving_behind(made: Proxy, url: str, *, team: bool = True, **more: Any) -> Iterator[Served]:
    given = {"public_url": made.url, "trusted_proxies": [LOOPBACK], "hosts": [HOST]}
    with serving(url, port=made.upstream, team=team, **given, **more) as served:
        yield served


def set_up_owner(made: Proxy, url: str) -> None:
    """Makes the owner `olive` by the link that a start would print."""
    body = {"displayName": "Olive", "email": OWNER, "password": PASSWORD}
    with made.client(headers={"Origin": made.url}) as browser:
        answer = browser.post("/api/setup", json=body | {"token": new_owner_token(url)})
        assert answer.status_code == 201, answer.text


@contextmanager
def signed_in(made: Proxy, address: str = LOOPBACK) -> Iterator[httpx.Client]:
    """The owner, as in a browser at that address of this machine."""
    with made.client(address, headers={"Origin": made.url}) as browser:
        answer = sign_in(browser, OWNER)
        assert answer.status_code == 200, answer.text
        yield browser
