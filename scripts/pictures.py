"""The README's pictures: taken in memory, kept, compared."""

import io
from pathlib import Path
from tempfile import TemporaryDirectory

from e2e.chromium import launch
from e2e.compare import MOST_SHARE, marked, share
from e2e.views import open_thread, settle
from e2e.window import NARROW, window
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright
from tests.support.fixtures import complete, fill_template
from tests.support.serving import serving

from bullpen.kit.postgres import EmbeddedPostgres

DATABASE = "pictures"
LARGEST = 400_000


def picture(page: Page) -> Image.Image:
    png = page.screenshot(animations="disabled", caret="hide")
    with Image.open(io.BytesIO(png)) as file:
        return file.convert("RGB")


def taken_by(browser: Browser, address: str) -> dict[str, Image.Image]:
    found = {}
    with window(browser, base_url=address) as context:
        page = context.new_page()
        open_thread(page)
        found["workspace"] = picture(page)
        page.emulate_media(color_scheme="dark")
        settle(page)
        found["workspace-dark"] = picture(page)
    with window(browser, base_url=address, viewport=NARROW, device_scale_factor=2) as context:
        page = context.new_page()
        page.goto("/c/general")
        settle(page)
        found["workspace-narrow"] = picture(page)
    return found


def taken() -> dict[str, Image.Image]:
    with TemporaryDirectory(prefix="bullpen-pictures-") as folder:
        postgres = EmbeddedPostgres.start(Path(folder))
        try:
            postgres.create_database(DATABASE)
            url = postgres.url(DATABASE)
            complete(fill_template(url))
            with serving(url) as served, sync_playwright() as playwright:
                browser = launch(playwright)
                found = taken_by(browser, served.address)
                browser.close()
            return found
        finally:
            postgres.stop()


def save(image: Image.Image, file: Path) -> None:
    image.save(file, optimize=True)
    assert file.stat().st_size < LARGEST, f"{file} is too large for a README"


def difference(file: Path, now: Image.Image) -> Image.Image | None:
    """None where a person sees none; else the kept picture with the differing places marked."""
    if not file.exists():
        return now
    with Image.open(file) as kept_file:
        kept = kept_file.convert("RGB")
    return marked(kept, now) if share(kept, now) > MOST_SHARE else None
