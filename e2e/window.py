"""A browser window in which everything that could differ between two machines or days is fixed."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from http import HTTPStatus
from typing import Any, Protocol

from playwright.sync_api import Browser, BrowserContext, Page, expect
from tests.support.fixtures import ANCHOR, ZONE
from tests.support.serving import Served

# Ten minutes after the last message of the pack's day 0.
NOW = datetime(ANCHOR.year, ANCHOR.month, ANCHOR.day, 9, 3, tzinfo=ZONE)
WIDE = {"width": 1440, "height": 900}
NARROW = {"width": 390, "height": 844}
PATIENCE_MS = 20_000
# Code is written in the reader's own monospaced font: the only one that the client does not bring.
# As in browsers that refuse to keep anything.
NO_WORKER = """
if ('serviceWorker' in navigator)
    navigator.serviceWorker.register = async () => { throw new Error('no service worker'); };
"""
FIXED_FONTS = """
const sheet = new CSSStyleSheet();
sheet.replaceSync('code { font-family: Lato, Twemoji !important }');
document.adoptedStyleSheets = [sheet];
"""


class Visit(Protocol):
    def __call__(
        self,
        served: Served,
        user_id: str | None = None,
        *,
        stranger: bool = False,
        **options: Any,
    ) -> Page: ...


@contextmanager
def window(browser: Browser, *, worker: bool = False, **options: Any) -> Iterator[BrowserContext]:
    """`worker`: whether the service worker runs. What passes through it cannot be intercepted."""
    fixed = {
        "viewport": WIDE,
        "device_scale_factor": 1,
        "locale": "en-US",
        "timezone_id": ZONE.key,
        "color_scheme": "light",
        "reduced_motion": "reduce",
    }
    context = browser.new_context(**fixed | options)
    # For a machine that is busy with other things; whatever is there is not waited for.
    context.set_default_timeout(PATIENCE_MS)
    expect.set_options(timeout=PATIENCE_MS)
    context.clock.set_fixed_time(NOW)
    context.add_init_script(FIXED_FONTS)
    if not worker:
        context.add_init_script(NO_WORKER)
    try:
        yield context
    finally:
        context.close()


def choose(context: BrowserContext, user_id: str | None = None) -> None:
    """Makes the browser's session one of that member, or of the default one, as if somebody had
    chosen them on the first visit: nothing asks who they are any more. In team mode, where people
    sign in, it does nothing."""
    given = context.request.get("/api/session")
    if given.status == HTTPStatus.UNAUTHORIZED:
        return
    chosen = {"userId": user_id or given.json()["userId"]}
    answer = context.request.put("/api/session", data=chosen)
    assert answer.ok, answer.text()
