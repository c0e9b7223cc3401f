"""Draws the icons of the installed app from `icons/bullpen.svg`: python -m scripts.app_icons

Installers take pictures only. Those that are cut to another shape by the system ("maskable") have
their color up to the edges.
"""

import re
from pathlib import Path

from e2e.chromium import launch
from playwright.sync_api import sync_playwright

ICONS = Path(__file__).parents[1] / "src" / "bullpen" / "client" / "icons"
CORNERS = re.compile(r'(<rect width="32" height="32") rx="8"')
DRAWN = {
    "app-192.png": (192, False),
    "app-512.png": (512, False),
    "app-maskable-192.png": (192, True),
    "app-maskable-512.png": (512, True),
    "app-touch-180.png": (180, True),
}


def main() -> None:
    drawing = (ICONS / "bullpen.svg").read_text()
    with sync_playwright() as playwright:
        browser = launch(playwright)
        page = browser.new_page()
        for name, (size, is_full) in DRAWN.items():
            shown = CORNERS.sub(r"\1", drawing) if is_full else drawing
            page.set_viewport_size({"width": size, "height": size})
            page.set_content(f"<style>body {{ margin: 0 }} svg {{ display: block }}</style>{shown}")
            page.screenshot(path=ICONS / name, omit_background=True)
        browser.close()


if __name__ == "__main__":
    main()
