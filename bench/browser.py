"""What a first visit transfers, and how soon it shows its messages."""

import asyncio
from typing import Any

import asyncpg
from bench.place import make_database, server
from e2e.chromium import launch
from e2e.first_load import AFTERWARDS
from playwright.sync_api import sync_playwright
from tests.support.traces import insert_trace

from bullpen.kit.postgres import EmbeddedPostgres
from bullpen.packs.reader import bundled, read_pack
from bullpen.processes.bootstrap import DatabaseLocation, load
from bullpen.settings import read

VISITS = 5
# To watch the network from outside slows what is watched: sizes and times are taken on visits
# of their own, the times by the page itself.
NOTE_WHEN_SHOWN = """
new MutationObserver((_, observer) => {
  if (document.querySelectorAll('SELECTOR').length < 10) return;
  const [navigation] = performance.getEntriesByType('navigation');
  window.shownAfter = (performance.now() - navigation.responseStart) / 1000;
  observer.disconnect();
}).observe(document, { childList: true, subtree: true });
"""


MESSAGES = "[data-message-id]"
TRACE_ROWS = ".trace-message"
TRACE_STEPS = 200


def first_load(postgres: EmbeddedPostgres) -> None:
    url = make_database(postgres, "bench_browser")
    place = DatabaseLocation(url, url, None, read_pack(bundled()))
    asyncio.run(load(place, read()))
    with server(url, 1) as port, sync_playwright() as playwright:
        browser = launch(playwright)
        size = transferred(browser, port)
        shown = median_seconds(browser, f"http://127.0.0.1:{port}/c/general", MESSAGES)
        browser.close()
    print(f"First load besides fonts: {size / 1000:.1f} kB compressed (target: at most 100 kB)")
    print(f"First byte to messages on screen, median of {VISITS}: {shown:.2f} s (target: 1 s)")


def trace(postgres: EmbeddedPostgres) -> None:
    url = make_database(postgres, "bench_trace")
    place = DatabaseLocation(url, url, None, read_pack(bundled()))
    asyncio.run(load(place, read()))

    def run_sql(sql: str, *values: object) -> list[asyncpg.Record]:
        return asyncio.run(fetch(url, sql, values))

    run_id = insert_trace(run_sql, TRACE_STEPS)
    with server(url, 1) as port, sync_playwright() as playwright:
        browser = launch(playwright)
        shown = median_seconds(browser, f"http://127.0.0.1:{port}/r/{run_id}", TRACE_ROWS)
        browser.close()
    what = f"A trace of {TRACE_STEPS} steps and {TRACE_STEPS * 5:,} messages"
    print(f"{what}, first byte to first rows, median of {VISITS}: {shown:.2f} s (target: 1 s)")


async def fetch(url: str, sql: str, values: tuple[object, ...]) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(url)
    try:
        rows: list[asyncpg.Record] = await connection.fetch(sql, *values)
    finally:
        await connection.close()
    return rows


def median_seconds(browser: Any, address: str, rows: str) -> float:
    return sorted(seconds_to_rows(browser, address, rows) for _ in range(VISITS))[VISITS // 2]


def seconds_to_rows(browser: Any, address: str, rows: str) -> float:
    """From the page's first byte."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.add_init_script(NOTE_WHEN_SHOWN.replace("SELECTOR", rows))
    page.goto(address, wait_until="commit")
    page.locator(rows).nth(9).wait_for()
    seconds: float = page.evaluate("window.shownAfter")
    context.close()
    return seconds


def transferred(browser: Any, port: int) -> int:
    """Bytes besides fonts, with headers and answers of the API, of what the first view needs."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    kinds: dict[str, str] = {}
    sizes: dict[str, float] = {}

    def received(answer: Any) -> None:
        if not AFTERWARDS.search(answer["response"]["url"]):
            kinds[answer["requestId"]] = answer["type"]

    session.on("Network.responseReceived", received)
    session.on(
        "Network.loadingFinished", lambda e: sizes.update({e["requestId"]: e["encodedDataLength"]})
    )
    page.goto(f"http://127.0.0.1:{port}/c/general", wait_until="load")
    page.locator(MESSAGES).nth(9).wait_for()
    while not set(kinds) <= set(sizes):
        page.wait_for_timeout(100)
    context.close()
    return int(sum(sizes[key] for key, kind in kinds.items() if kind != "Font"))
