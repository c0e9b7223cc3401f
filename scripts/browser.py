"""Makes a Chromium available to the tests and records its path in .cache/browser.

First the shell without windows, which draws the same for half the processor time: Playwright's own
where it can be downloaded, else the system's, else Debian's package. Then any whole Chromium. That
a download was refused is remembered, so that it is not tried again: .cache can be removed.
"""

import os
import re
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
CACHE = ROOT / ".cache"
RECORD = CACHE / "browser"
REFUSED = CACHE / "browser-download-refused"
SHELL = "chromium-headless-shell"
OWN = re.compile(r"(chrome-)?headless[-_]shell(\.exe)?")
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
    wanted = ["install", "--only-shell", *arguments, "chromium"]
    command = [sys.executable, "-m", "playwright", *wanted]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=DOWNLOAD_SECONDS, check=False
    )


def own(plan: str) -> Iterator[str]:
    """Where Playwright's is, once it is there."""
    for folder in re.findall(r"Install location:\s+(.+)", plan):
        for file in Path(folder).rglob("*"):
            if OWN.fullmatch(file.name) and file.is_file():
                yield str(file)


def can_be_downloaded(plan: str) -> bool:
    """Asked here, since Playwright would try every mirror again and again."""
    address = re.search(r"Download url:\s+(\S+)", plan)
    if address is None:
        return False
    request = urllib.request.Request(address[1], method="HEAD")
    try:
        with urllib.request.urlopen(request, timeout=ANSWER_SECONDS):
            return True
    except OSError:
        return False


def download(plan: str) -> None:
    try:
        if can_be_downloaded(plan) and playwright_install().returncode == 0:
            return
    except subprocess.TimeoutExpired:
        pass
    REFUSED.touch()


def of_debian(package: str) -> list[str]:
    tools = [sys.executable, str(ROOT / "scripts" / "debian_tools.py"), package]
    done = subprocess.run(tools, capture_output=True, text=True, check=False)
    return done.stdout.splitlines()


def candidates() -> Iterator[str]:
    plan = playwright_install("--dry-run").stdout
    if not any(own(plan)) and not REFUSED.exists():
        download(plan)
    yield from own(plan)
    yield from of_debian(SHELL)
    yield from filter(None, map(shutil.which, SYSTEM))
    yield from of_debian("chromium")


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
