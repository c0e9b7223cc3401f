"""What a first visit transfers, and how soon it shows its messages."""

import asyncio
from typing import Any

from bench.place import make_database, server
from e2e.chromium import launch
from playwright.sync_api import sync_playwright

from bullpen.kit.postgres import EmbeddedPostgres
from bullpen.packs.reader import bundled, read_pack
from bullpen.settings import read
from bullpen.start import Place, load

VISITS = 5
# To watch the network from outside slows what is watched: sizes and times are taken on visits
# of their own, the times by the page itself.
NOTE_WHEN_SHOWN = """
new MutationObserver((_, observer) => {
  if (document.querySelectorAll('[data-message-id]').length < 10) return;
  const [navigation] = performance.getEntriesByType('navigation');
  window.shownAfter = (performance.now() - navigation.responseStart) / 1000;
  observer.disconnect();
}).observe(document, { childList: true, subtree: true });
"""


def first_load(postgres: EmbeddedPostgres) -> None:
    url = make_database(postgres, "bench_browser")
    place = Place(url, url, None, read_pack(bundled()))
    asyncio.run(load(place, read()))
    with server(url, 1) as port, sync_playwright() as playwright:
        browser = launch(playwright)
        size = transferred(browser, port)
        shown = sorted(seconds_to_messages(browser, port) for _ in range(VISITS))[VISITS // 2]
        browser.close()
    print(f"First load besides fonts: {size / 1000:.1f} kB compressed (target: at most 100 kB)")
    print(f"First byte to messages on screen, median of {VISITS}: {shown:.2f} s (target: 1 s)")


def seconds_to_messages(browser: Any, port: int) -> float:
    """From the page's first byte."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.add_init_script(NOTE_WHEN_SHOWN)
    page.goto(f"http://127.0.0.1:{port}/c/general", wait_until="commit")
    page.locator("[data-message-id]").nth(9).wait_for()
    seconds: float = page.evaluate("window.shownAfter")
    context.close()
    return seconds


def transferred(browser: Any, port: int) -> int:
    """Bytes besides fonts, with headers and answers of the API."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    kinds: dict[str, str] = {}
    sizes: dict[str, float] = {}
    session.on("Network.responseReceived", lambda e: kinds.update({e["requestId"]: e["type"]}))
    session.on(
        "Network.loadingFinished", lambda e: sizes.update({e["requestId"]: e["encodedDataLength"]})
    )
    page.goto(f"http://127.0.0.1:{port}/c/general", wait_until="networkidle")
    context.close()
    return int(sum(size for key, size in sizes.items() if kinds.get(key) != "Font"))
