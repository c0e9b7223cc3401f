"""A workspace in team mode, and windows in which somebody is signed in."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page
from tests.support.accounts import PASSWORD, cookie_of, invite, join, new_owner_token, set_up_owner
from tests.support.fixtures import TEMPLATE, database_of
from tests.support.serving import Served, serving

from e2e.window import Visit

numbers = count(1)


@dataclass(frozen=True)
class TeamWorkspace:
    """`owner` is a client in which the owner is signed in. Each test makes people of its own, whose
    clients are closed at the end."""

    served: Served
    url: str
    owner: httpx.Client
    clients: ExitStack

    def person(self, name: str, role: str = "member") -> httpx.Client:
        """A client in which a new person of that name is signed in, as NAME@example.org."""
        channels = ["general"] if role == "guest" else []
        client = join(self.owner, self.served, name, role, channels)
        return self.clients.enter_context(closing(client))

    def invitation(self, email: str, role: str = "member") -> str:
        """The token of the link."""
        return invite(self.owner, email, role)

    def owner_token(self) -> str:
        return new_owner_token(self.url)


@contextmanager
def team_workspace() -> Iterator[TeamWorkspace]:
    with (
        database_of(TEMPLATE) as url,
        serving(url, team=True) as served,
        ExitStack() as clients,
    ):
        owner = clients.enter_context(closing(set_up_owner(served, url)))
        yield TeamWorkspace(served, url, owner, clients)


def new_name(beginning: str) -> str:
    """Of a person that no other test of this worker has."""
    return f"{beginning}{next(numbers)}"


def email_of(name: str) -> str:
    return f"{name.lower()}@example.org"


def sign_in_by_form(page: Page, name: str, password: str = PASSWORD) -> None:
    page.get_by_label("E-mail").fill(email_of(name))
    page.get_by_label("Password", exact=True).fill(password)
    page.keyboard.press("Enter")


Enter = Callable[..., Page]


@pytest.fixture
def enter(visit: Visit, team: TeamWorkspace) -> Enter:
    """A window of the workspace in which the person of that client is signed in."""

    def make(client: httpx.Client, **options: Any) -> Page:
        page = visit(team.served, **options)
        name, value = cookie_of(client)
        page.context.add_cookies([{"name": name, "value": value, "url": team.served.address}])
        return page

    return make
