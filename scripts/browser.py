"""Makes a Chromium available to the tests and records its path in .cache/browser.

Playwright's own where it can be downloaded, else the system's, else Debian's package. That a
download was refused is remembered, so that it is not tried again each time: .cache can be removed.
"""

import os
import re
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parent.parent
CACHE = ROOT / ".cache"
RECORD = CACHE / "browser"
REFUSED = CACHE / "browser-download-refused"
SYSTEM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ANSWER_SECONDS = 5
DOWNLOAD_SECONDS = 600
START_SECONDS = 60


def starts(browser: str) -> bool:
    """A program of that name may be a mere hint to install it, or lack a library."""
    try:
        done = subprocess.run(
            [browser, "--version"], capture_output=True, timeout=START_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def playwright_install(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "playwright", "install", "--no-shell", *arguments, "chromium"]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=DOWNLOAD_SECONDS, check=False
    )


def can_be_downloaded() -> bool:
    """Asked here, since Playwright would try every mirror again and again."""
    address = re.search(r"Download url:\s+(\S+)", playwright_install("--dry-run").stdout)
    if address is None:
        return False
    request = urllib.request.Request(address[1], method="HEAD")
    try:
        with urllib.request.urlopen(request, timeout=ANSWER_SECONDS):
            return True
    except OSError:
        return False


def download() -> None:
    try:
        if can_be_downloaded() and playwright_install().returncode == 0:
            return
    except subprocess.TimeoutExpired:
        pass
    REFUSED.touch()


def candidates() -> Iterator[str]:
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    if not Path(own).exists() and not REFUSED.exists():
        download()
    yield own
    yield from filter(None, map(shutil.which, SYSTEM))
    tools = [sys.executable, str(ROOT / "scripts" / "debian_tools.py"), "chromium"]
    done = subprocess.run(tools, stdout=subprocess.PIPE, text=True, check=False)
    yield from done.stdout.splitlines()


def main() -> int:
    known = [os.environ.get("BULLPEN_BROWSER", "")]
    if RECORD.exists():
        known.append(RECORD.read_text().strip())
    if any(shutil.which(browser) for browser in known):
        return 0
    CACHE.mkdir(exist_ok=True)
    for browser in candidates():
        if starts(browser):
            RECORD.write_text(f"{browser}\n")
            return 0
    print(
        "bullpen: found no Chromium that starts; install one or set BULLPEN_BROWSER to its path",
        file=sys.stderr,
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
