"""One Chromium per worker, and a window for each test, which fails if anything went wrong in it."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from tests.support.serving import Served

from e2e.chromium import launch
from e2e.team import TeamWorkspace, enter, team_workspace
from e2e.watch import Watch
from e2e.window import Visit, choose, window

__all__ = ["enter"]

# Nobody reads on a server that others still read from. Not by a route: with one of those,
# Chromium asks about every request, and keeps no answer.
READS_NOTHING = """
const ask = fetch;
window.fetch = (url, how) =>
    url === '/api/unreads/mark-read' ? Promise.resolve(Response.json({})) : ask(url, how);
"""


# For the package, not the session: while it is open, no other test could run a loop of its own.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def team() -> Iterator[TeamWorkspace]:
    """For all tests of a worker."""
    with team_workspace() as made:
        yield made


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def visit(browser: Browser, watch: Watch, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """A page of that server, acting as that user; paths are relative to the server's address.

    Without a user, as the default member, whom somebody has chosen before: only a stranger is
    greeted.
    """
    if "server" in request.fixturenames:
        # Begun first, it ends last: a window whose server is gone would say so.
        request.getfixturevalue("server")
    with ExitStack() as windows:

        def make(
            served: Served, user_id: str | None = None, *, stranger: bool = False, **options: Any
        ) -> Page:
            context = windows.enter_context(window(browser, base_url=served.address, **options))
            if not stranger:
                choose(context, user_id)
            if "server" not in request.fixturenames:
                context.add_init_script(READS_NOTHING)
            watch.over(context)
            return context.new_page()

        yield make
    watch.check()
