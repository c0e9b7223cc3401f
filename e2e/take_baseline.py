"""Takes the baseline again, from the pack alone: `python -m e2e.take_baseline`."""

from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from e2e.chromium import launch
from e2e.pack_api import ADDRESS, PackApi
from e2e.snapshot import BASELINE, Snapshot
from e2e.views import PACK, VIEWS, View, open_view
from e2e.watch import Watch
from e2e.window import window


def from_pack(browser: Browser, view: View) -> Snapshot:
    with window(browser, base_url=ADDRESS) as context:
        watch = Watch()
        watch.over(context)
        PackApi(PACK, view.user_id).serve(context)
        page = context.new_page()
        open_view(page, view)
        snapshot = Snapshot.of(page)
        watch.check()
    return snapshot


def take(folder: Path) -> None:
    with sync_playwright() as playwright:
        browser = launch(playwright)
        for view in VIEWS:
            from_pack(browser, view).save(folder, view.name)
        browser.close()


if __name__ == "__main__":
    take(BASELINE)
