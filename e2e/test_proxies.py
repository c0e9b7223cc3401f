"""In a browser, through Caddy and nginx with the configurations of docs/deploy."""

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect
from tests.support.proxies import Proxy, proxy, serving_behind, set_up_owner, signed_in

from e2e.team import sign_in_by_form
from e2e.views import settle
from e2e.watch import Watch
from e2e.window import window

pytestmark = pytest.mark.timeout(300)


WIDTH = """
async (src) => {
    const image = new Image();
    image.src = src;
    await image.decode();
    return image.naturalWidth;
}
"""


def say(made: Proxy, text: str) -> None:
    with signed_in(made) as olive:
        answer = olive.post("/api/messages", json={"channelId": "general", "text": text})
        assert answer.status_code == 201, answer.text


def show_face(made: Proxy) -> str:
    """The address of the picture that the owner has now."""
    file = io.BytesIO()
    Image.new("RGB", (300, 200), "red").save(file, "PNG")
    with signed_in(made) as olive:
        answer = olive.put(
            "/api/users/olive/picture",
            content=file.getvalue(),
            headers={"Content-Type": "image/png"},
        )
        assert answer.status_code == 200, answer.text
        return str(answer.json()["picture"])


def newest(page: Page, text: str) -> None:
    expect(page.locator("#main .message-text").last).to_have_text(text)


def protocols(context: BrowserContext, page: Page, made: Proxy) -> set[str]:
    """Which protocols the page's requests use from now on."""
    spoken: set[str] = set()

    def received(event: dict[str, Any]) -> None:
        response = event["response"]
        if response["url"].startswith(made.url) and not response.get("fromDiskCache"):
            spoken.add(response["protocol"])

    watching = context.new_cdp_session(page)
    watching.on("Network.responseReceived", received)
    watching.send("Network.enable")
    return spoken


@pytest.mark.parametrize("name", ["caddy", "nginx"])
def test_a_window_signs_in_is_live_and_goes_on_after_a_restart(
    name: str, browser: Browser, url: str, tmp_path: Path
):
    with (
        proxy(name, tmp_path) as made,
        window(browser, base_url=made.url, ignore_https_errors=True) as context,
    ):
        # Before the sign-in, the API refuses.
        watch = Watch(refusals=True)
        with serving_behind(made, url):
            set_up_owner(made, url)
            watch.over(context)
            page = context.new_page()
            spoken = protocols(context, page, made)
            page.goto("/c/general")
            page.wait_for_url("**/sign-in?next=*")
            with page.expect_response("**/api/sse*"):
                sign_in_by_form(page, "Olive")
            page.wait_for_url(f"{made.url}/c/general")
            settle(page)
            say(made, "Bears.")
            newest(page, "Bears.")
            assert page.evaluate(WIDTH, show_face(made)) == 256
            assert spoken == {"h2"}
            [cookie] = context.cookies()
            shown = {key: cookie[key] for key in ("secure", "httpOnly", "sameSite", "path")}
            assert shown == {"secure": True, "httpOnly": True, "sameSite": "Lax", "path": "/"}
            assert watch.problems == []
        # The window now meets refusals of the proxy, and no server.
        with serving_behind(made, url):
            say(made, "Beets.")
            newest(page, "Beets.")
            page.get_by_role("textbox").last.fill("Battlestar Galactica.")
            page.keyboard.press("Enter")
            newest(page, "Battlestar Galactica.")
