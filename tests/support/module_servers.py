"""A database and a server that tests of one module share: each makes what it changes under names
of its own, and asserts only about that. What changes the whole workspace takes `server` instead."""

from collections.abc import Callable, Iterator

import asyncpg
import httpx
import pytest
from tests.support.accounts import OWNER, set_up_owner, sign_in
from tests.support.fixtures import TEMPLATE, clients_of, database_of, statement_on
from tests.support.serving import Served, serving


@pytest.fixture(scope="module")
def module_url() -> Iterator[str]:
    with database_of(TEMPLATE) as url:
        yield url


@pytest.fixture(scope="module")
def module_sql(module_url: str) -> Callable[..., list[asyncpg.Record]]:
    """Runs one statement on the database of the module."""
    return statement_on(module_url)


@pytest.fixture(scope="module")
def module_server(module_url: str) -> Iterator[Served]:
    with serving(module_url) as served:
        yield served


@pytest.fixture
def module_acting(module_server: Served) -> Iterator[Callable[[str], httpx.Client]]:
    """A client of the module's server that acts as the given user."""
    with clients_of(module_server) as make:
        yield make


@pytest.fixture(scope="module")
def module_team(module_url: str) -> Iterator[Served]:
    """In team mode, with the owner `olive`."""
    with serving(module_url, team=True) as served:
        set_up_owner(served, module_url).close()
        yield served


@pytest.fixture
def module_olive(module_team: Served) -> Iterator[httpx.Client]:
    """The owner, in a browser of the test's own."""
    with module_team.client() as browser:
        assert sign_in(browser, OWNER).status_code == 200
        yield browser
