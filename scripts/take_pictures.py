"""Takes the README's pictures of the bundled workspace: `python -m scripts.take_pictures`.

From the real program: a server on an embedded Postgres that is seeded for the tests' fixed day.
"""

import io
from pathlib import Path
from tempfile import TemporaryDirectory

from e2e.chromium import launch
from e2e.views import open_general, open_thread, settle
from e2e.window import NARROW, window
from PIL import Image
from playwright.sync_api import Browser, sync_playwright
from tests.support.fixtures import complete, fill_template
from tests.support.serving import serving

from bullpen.kit.postgres import EmbeddedPostgres

FOLDER = Path(__file__).parent.parent / "docs" / "images"
DATABASE = "pictures"
LARGEST = 400_000


def save(png: bytes, name: str) -> None:
    file = FOLDER / f"{name}.png"
    with Image.open(io.BytesIO(png)) as picture:
        picture.convert("RGB").save(file, optimize=True)
    assert file.stat().st_size < LARGEST, f"{file} is too large for a README"


def take(browser: Browser, address: str) -> None:
    with window(browser, base_url=address) as context:
        page = context.new_page()
        open_thread(page)
        save(page.screenshot(animations="disabled"), "workspace")
        page.emulate_media(color_scheme="dark")
        open_general(page)
        save(page.screenshot(animations="disabled"), "workspace-dark")
    with window(browser, base_url=address, viewport=NARROW, device_scale_factor=2) as context:
        page = context.new_page()
        page.goto("/c/general")
        settle(page)
        save(page.screenshot(animations="disabled"), "workspace-narrow")


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="bullpen-pictures-") as folder:
        postgres = EmbeddedPostgres.start(Path(folder))
        try:
            postgres.create_database(DATABASE)
            url = postgres.url(DATABASE)
            complete(fill_template(url))
            with serving(url) as served, sync_playwright() as playwright:
                browser = launch(playwright)
                take(browser, served.address)
                browser.close()
        finally:
            postgres.stop()


if __name__ == "__main__":
    main()
