"""The first minute in team mode: the page to sign in, and whom the owner has invited."""

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime

from e2e.views import settle
from e2e.window import window
from playwright.sync_api import Browser, Page, expect
from tests.support.accounts import cookie_of, invite, join, set_up_owner
from tests.support.serving import serving

PEOPLE = (("Robin", "admin"), ("Kai", "member"), ("Sam", "guest"))
INVITED = (("alex@example.org", "member"), ("jo@example.org", "admin"))


@contextmanager
def team_pages(browser: Browser, url: str) -> Iterator[dict[str, Page]]:
    """By the name of the picture."""
    with ExitStack() as stack:
        served = stack.enter_context(serving(url, team=True))
        owner = stack.enter_context(closing(set_up_owner(served, url)))
        for name, role in PEOPLE:
            channels = ["general"] if role == "guest" else []
            stack.enter_context(closing(join(owner, served, name, role, channels)))
        for email, role in INVITED:
            invite(owner, email, role)
        context = stack.enter_context(window(browser, base_url=served.address))
        # The server's own day: invitations say how long they are valid.
        context.clock.set_fixed_time(datetime.now(UTC))
        sign_in, administration = context.new_page(), context.new_page()
        sign_in.goto("/sign-in")
        expect(sign_in.locator(".entry__name")).to_have_text("Dunder Mifflin")
        sign_in.evaluate("document.fonts.ready.then(() => null)")
        name, value = cookie_of(owner)
        context.add_cookies([{"name": name, "value": value, "url": served.address}])
        administration.goto("/admin")
        expect(administration.get_by_role("button", name="Manage Sam")).to_be_visible()
        settle(administration)
        yield {"sign-in": sign_in, "administration": administration}
