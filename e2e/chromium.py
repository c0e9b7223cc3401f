"""The Chromium that the tests use, started so that it draws alike everywhere and calls nobody."""

import os
from pathlib import Path

from playwright.sync_api import Browser, Playwright

RECORD = Path(__file__).parent.parent / ".cache" / "browser"
FLAGS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # Whatever a page or the browser itself asks for: there is no other host than this one.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
    "--disable-lcd-text",
    # A window lives for seconds: to optimize its code takes longer than it saves.
    "--js-flags=--no-opt --no-maglev",
)


def executable() -> str:
    named = os.environ.get("BULLPEN_BROWSER")
    if named:
        return named
    assert RECORD.exists(), f"there is no {RECORD}: run 'python scripts/browser.py' first"
    return RECORD.read_text().strip()


def launch(playwright: Playwright) -> Browser:
    # Its sandbox refuses to work for root.
    as_root = ("--no-sandbox",) if hasattr(os, "geteuid") and os.geteuid() == 0 else ()
    return playwright.chromium.launch(executable_path=executable(), args=[*FLAGS, *as_root])
