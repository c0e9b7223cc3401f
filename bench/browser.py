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
SINCE_FIRST_BYTE = (
    "(performance.now() - performance.getEntriesByType('navigation')[0].responseStart) / 1000"
)
SHOWN = 10


def first_load(postgres: EmbeddedPostgres) -> None:
    url = make_database(postgres, "bench_browser")
    place = Place(url, url, None, read_pack(bundled()))
    asyncio.run(load(place, read()))
    with server(url, 1) as port, sync_playwright() as playwright:
        browser = launch(playwright)
        visits = [visit(browser, port) for _ in range(VISITS)]
        browser.close()
    size = visits[-1][0]
    shown = sorted(seconds for _, seconds in visits)[VISITS // 2]
    print(f"First load besides fonts: {size / 1000:.1f} kB compressed (target: at most 100 kB)")
    print(f"First byte to messages on screen, median of {VISITS}: {shown:.2f} s (target: 1 s)")


def visit(browser: Any, port: int) -> tuple[int, float]:
    """Bytes transferred besides fonts, and seconds from the first byte to the messages."""
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
    page.goto(f"http://127.0.0.1:{port}/c/general", wait_until="commit")
    page.locator("[data-message-id]").nth(SHOWN - 1).wait_for()
    seconds = page.evaluate(SINCE_FIRST_BYTE)
    page.wait_for_load_state("networkidle")
    context.close()
    return int(sum(size for key, size in sizes.items() if kinds.get(key) != "Font")), seconds
