"""The application over real HTTP, in a thread of the test's process."""

import asyncio
import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from argon2 import PasswordHasher
from tests.support.loops import run_to_end
from tests.support.plain import http_client

from bullpen.accounts import passwords
from bullpen.accounts.oidc_provider import OAuthProvider, Provider
from bullpen.accounts.secret_key import SecretSource
from bullpen.accounts.team import MailServer, Team
from bullpen.api.http.limits import Limits
from bullpen.processes.foreground import bind
from bullpen.processes.process_config import WebConfig
from bullpen.processes.web_main import run_web
from bullpen.settings import Settings

LIMITS = Limits()
QUICK_HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
KEY = "the secret key of the tests, long enough"
HOSTS = ["127.0.0.1", "localhost"]


@dataclass(frozen=True)
class Served:
    address: str
    # Of those that were made, the ones that nobody closed. Each holds a socket.
    open_clients: set[httpx.Client] = field(default_factory=set, compare=False, repr=False)

    @property
    def port(self) -> int:
        return int(self.address.rpartition(":")[2])

    def client(self, user_id: str | None = None, **options: Any) -> httpx.Client:
        """As that user; None: as a browser that comes for the first time."""
        if user_id is None:
            return self._kept(http_client(base_url=self.address, **options))
        with http_client(base_url=self.address) as arriving:
            answer = arriving.put("/api/session", json={"userId": user_id})
            assert answer.status_code == 200, answer.text
            return self.client(cookies=arriving.cookies)

    def _kept(self, client: httpx.Client) -> httpx.Client:
        closed = [one for one in list(self.open_clients) if one.is_closed]
        self.open_clients.difference_update(closed)
        self.open_clients.add(client)
        return client

    def close_clients(self) -> None:
        while self.open_clients:
            self.open_clients.pop().close()


@contextmanager
def serving(
    url: str,
    *,
    port: int = 0,
    team: bool = False,
    mail: MailServer | None = None,
    oidc: Provider | None = None,
    oauth: OAuthProvider | None = None,
    key: str = KEY,
    agents: bool = False,
    limits: Limits = LIMITS,
    **more: Any,
) -> Iterator[Served]:
    """Where a server was before, if that port is named. `agents`: whether posts ask them. `team`:
    in team mode, with that mail server and key. `more`: further fields of its configuration."""
    listener = bind(Settings(port=port))
    port = listener.getsockname()[1]
    up = threading.Event()
    handle: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []
    problems: list[BaseException] = []

    async def main() -> None:
        stopping = asyncio.Event()
        handle.append((asyncio.get_running_loop(), stopping))
        usual = {"hosts": HOSTS, "agents": agents, "limits": limits, "secret": SecretSource(key)}
        given = usual | more
        base = given.get("public_url") or f"http://127.0.0.1:{port}"
        web = WebConfig(url, team=Team(key, base, mail, oidc, oauth) if team else None, **given)
        await run_web(web, listener, stopping, up.set)

    def work() -> None:
        try:
            run_to_end(main())
        except BaseException as problem:  # noqa: BLE001 - raised again by the test's thread
            problems.append(problem)
        finally:
            up.set()

    thread = threading.Thread(target=work)
    with quick_passwords():
        thread.start()
        up.wait()
        if problems:
            raise problems[0]
        served = Served(f"http://127.0.0.1:{port}")
        try:
            yield served
        finally:
            served.close_clients()
            loop, stopping = handle[0]
            loop.call_soon_threadsafe(stopping.set)
            thread.join()
            # A web process never ends before its program; this one must not leave all it loaded.
            gc.unfreeze()
            if problems:
                raise problems[0]


@contextmanager
def quick_passwords() -> Iterator[None]:
    """On a busy machine, hashing as usual takes seconds; also for accounts that do not exist."""
    usual = passwords.hasher
    passwords.hasher = QUICK_HASHER
    passwords.dummy.cache_clear()
    try:
        yield
    finally:
        passwords.hasher = usual
        passwords.dummy.cache_clear()


@contextmanager
def two_people(url: str) -> Iterator[tuple[httpx.Client, httpx.Client]]:
    """Of a server that is started now, with what the test has set."""
    with serving(url) as served, served.client("jim") as jim, served.client("dwight") as dwight:
        yield jim, dwight
