"""The README's pictures: taken in memory, kept, compared."""

import io
from pathlib import Path
from tempfile import TemporaryDirectory

from e2e.chromium import launch
from e2e.compare import MOST_SHARE, marked, share
from e2e.views import settle, thread_address, view_as
from e2e.window import NARROW, window
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, Response, expect, sync_playwright
from scripts.team_pictures import team_pages
from tests.support.fixtures import complete, fill_template
from tests.support.serving import serving

from bullpen.kit.postgres import EmbeddedPostgres

DATABASE = "pictures"
TEAM = "team"
LARGEST = 400_000
PERSON = "Robin Park"


def picture(page: Page) -> Image.Image:
    png = page.screenshot(animations="disabled", caret="hide")
    with Image.open(io.BytesIO(png)) as file:
        return file.convert("RGB")


def taken_by(browser: Browser, address: str) -> dict[str, Image.Image]:
    found = {}
    with window(browser, base_url=address) as context:
        page = context.new_page()
        page.goto("/")
        greeting = page.get_by_role("dialog", name="Welcome")
        expect(greeting).to_be_visible()
        ready(page)
        found["first-visit"] = picture(page)
        greeting.get_by_label("Your name").fill(PERSON)
        page.keyboard.press("Enter")
        expect(page.locator(".sidebar__me")).to_contain_text(PERSON)
        for agent_id in ("jim", "pam"):
            begin_conversation(context, agent_id)
        page.goto(thread_address())
        ready(page)
        found["workspace"] = picture(page)
        page.emulate_media(color_scheme="dark")
        ready(page)
        found["workspace-dark"] = picture(page)
        page.emulate_media(color_scheme="light")
        # What is new for her begins below the messages that the window has shown by now.
        with page.expect_response(lambda answer: is_read_by(answer, "pam")):
            view_as(page, "Pam Beesly")
        # Over nothing that says something of itself.
        page.mouse.move(700, 18)
        page.goto("/c/general")
        ready(page)
        found["viewing-as"] = picture(page)
        cookies = context.cookies()
    with window(browser, base_url=address, viewport=NARROW, device_scale_factor=2) as context:
        context.add_cookies(cookies)
        page = context.new_page()
        page.goto("/c/general")
        ready(page)
        found["workspace-narrow"] = picture(page)
    return found


def is_read_by(answer: Response, user_id: str) -> bool:
    sent = answer.request.headers
    return answer.url.endswith("/api/unreads/mark-read") and sent.get("bullpen-user") == user_id


def ready(page: Page) -> None:
    settle(page)
    expect(page.locator("#main .composer__script").first).to_be_visible()


def begin_conversation(context: BrowserContext, agent_id: str) -> None:
    """Of the person who has joined; nobody writes in it, so no picture shows the time of today."""
    me = context.request.get("/api/session").json()["userId"]
    dm = {"id": f"dm-{agent_id}", "name": agent_id, "kind": "dm", "memberIds": [me, agent_id]}
    answer = context.request.post("/api/channels", data=dm)
    assert answer.ok, answer.text()


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
                postgres.create_database(TEAM)
                complete(fill_template(postgres.url(TEAM)))
                with team_pages(browser, postgres.url(TEAM)) as pages:
                    found |= {name: picture(page) for name, page in pages.items()}
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
