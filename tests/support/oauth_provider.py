"""A small OAuth 2 provider on this machine with the addresses and answers of GitHub."""

import json
import secrets
import threading
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from tests.support.plain import http_client

from bullpen.accounts.oidc_provider import OAuthProvider

CLIENT_ID = "bullpen"
CLIENT_SECRET = "a secret of the tests"
USER: dict[str, Any] = {"id": 4711, "login": "dana", "name": "Dana Flour", "email": "x@public.org"}
DANA = [
    {"email": "old@example.org", "primary": False, "verified": True},
    {"email": "dana@example.org", "primary": True, "verified": True},
]


class RunningProvider(ThreadingHTTPServer):
    """`wrong` names what it does wrong: declined, code, token, user, emails, away, another state.
    What it was asked for is in `asked`."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.reset()

    def reset(self) -> None:
        self.wrong = ""
        self.user: Any = USER
        self.emails: Any = DANA
        self.codes: dict[str, dict[str, str]] = {}
        self.tokens: set[str] = set()
        self.asked: dict[str, str] = {}

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def settings(self, **changes: Any) -> OAuthProvider:
        given = {
            "authorize_url": f"{self.address}/login/oauth/authorize",
            "token_url": f"{self.address}/login/oauth/access_token",
            "user_url": f"{self.address}/user",
            "emails_url": f"{self.address}/user/emails",
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "name": "Git Home",
            "scopes": "read:user user:email",
        }
        return OAuthProvider(**(given | changes))

    def go_through(self, address: str) -> dict[str, str]:
        """What a browser that follows `address` is sent back with."""
        with http_client() as client:
            answer = client.get(address)
        assert answer.status_code == 302, answer.text
        return dict(parse_qsl(urlsplit(answer.headers["location"]).query))


class Handler(BaseHTTPRequestHandler):
    server: RunningProvider

    def do_GET(self) -> None:
        path, query = urlsplit(self.path).path, dict(parse_qsl(urlsplit(self.path).query))
        if path == "/login/oauth/authorize":
            self.authorize(query)
        elif not self.has_token():
            self.answer(401, {"message": "Bad credentials"})
        elif path == "/user":
            self.answer(200, self.server.user)
        elif path == "/user/emails":
            self.answer(200, self.server.emails)
        else:
            self.answer(404, {"message": "Not Found"})

    def authorize(self, query: dict[str, str]) -> None:
        server = self.server
        server.asked = query
        code = secrets.token_hex(8)
        server.codes[code] = query
        back = {"code": code, "state": query["state"]}
        if server.wrong == "declined":
            back = {"error": "access_denied", "state": query["state"]}
        if server.wrong == "another state":
            back["state"] = "another"
        self.send_response(302)
        self.send_header("Location", f"{query['redirect_uri']}?{urlencode(back)}")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = dict(parse_qsl(content))
        asked = self.server.codes.pop(form.get("code", ""), None)
        if self.server.wrong == "away":
            self.answer(502, {})
        elif (form.get("client_id"), form.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET):
            self.answer(200, {"error": "incorrect_client_credentials"})
        elif (
            asked is None
            or asked["redirect_uri"] != form["redirect_uri"]
            or not proves(asked, form["code_verifier"])
        ):
            # GitHub's status for this is 200.
            self.answer(200, {"error": "bad_verification_code"})
        else:
            token = secrets.token_hex(20)
            self.server.tokens.add(token)
            given = "another" if self.server.wrong == "token" else token
            self.answer(200, {"access_token": given, "token_type": "bearer"})

    def has_token(self) -> bool:
        kind, _, token = self.headers.get("Authorization", "").partition(" ")
        return kind == "Bearer" and token in self.server.tokens

    def answer(self, status: int, content: object) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def proves(asked: dict[str, str], verifier: str) -> bool:
    digest = urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    return asked.get("code_challenge_method") == "S256" and asked["code_challenge"] == digest


@contextmanager
def running_provider() -> Iterator[RunningProvider]:
    provider = RunningProvider()
    thread = threading.Thread(target=provider.serve_forever)
    thread.start()
    try:
        yield provider
    finally:
        provider.shutdown()
        provider.server_close()
        thread.join()
