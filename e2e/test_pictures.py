"""Profile pictures and the workspace's icon: chosen, shown everywhere at once, and removed."""

import io
import re

from PIL import Image
from playwright.sync_api import Locator, Page, expect

from e2e.axe import violations
from e2e.team import Enter, TeamWorkspace, new_name
from e2e.views import go_to, open_page
from e2e.watch import Watch
from e2e.window import NARROW


def picture(color: str = "#C2410C") -> dict[str, object]:
    file = io.BytesIO()
    Image.new("RGB", (300, 200), color).save(file, "PNG")
    return {"name": "me.png", "mimeType": "image/png", "buffer": file.getvalue()}


def loads(image: Locator) -> None:
    """That the browser has it and shows it."""
    expect(image).to_have_js_property("naturalWidth", 256)


def field(page: Page, name: str) -> Locator:
    return page.get_by_role("group", name=name, exact=True)


def box(page: Page, selector: str) -> dict[str, float]:
    found = page.locator(selector).first.bounding_box()
    assert found is not None
    return dict(found)


def test_pictures_and_the_icon_are_shown_in_all_windows_until_they_are_removed(
    team: TeamWorkspace, enter: Enter
):
    """One's own, an agent's, and the workspace's, of an owner."""
    said = team.owner.post("/api/messages", json={"channelId": "general", "text": "Hello"})
    assert said.status_code == 201
    watching, page = enter(team.person(new_name("Oto"))), enter(team.owner)
    open_page(watching, "/c/general")
    open_page(page, "/account")
    set_and_remove_ones_own(page, watching, said.json()["id"])
    go_to(page, "/a/oscar")
    set_that_of_an_agent(page, watching)
    go_to(page, "/admin/workspace")
    set_and_remove_the_icon(page, watching)


def set_and_remove_ones_own(page: Page, watching: Page, message_id: str) -> None:
    message = watching.locator(f'[data-message-id="{message_id}"]')
    face = message.locator(".avatar")
    expect(face).to_have_text(re.compile("^O"))
    before = face.bounding_box()
    mine = field(page, "Your picture")
    mine.locator("input[type=file]").set_input_files(picture())
    expect(mine.get_by_alt_text("Preview")).to_have_js_property("naturalWidth", 300)
    mine.get_by_role("button", name="Save picture").click()
    expect(mine.get_by_role("status")).to_have_text("Picture saved.")
    loads(mine.locator(".avatar__picture"))
    loads(page.locator(".sidebar__me .avatar__picture"))
    loads(face.locator(".avatar__picture"))
    assert face.bounding_box() == before
    assert violations(page) == []
    # The window that saved it has it after a reload, too.
    page.reload()
    loads(page.locator(".sidebar__me .avatar__picture"))
    mine.get_by_role("button", name="Remove your picture").click()
    mine.get_by_role("button", name="Remove", exact=True).click()
    expect(mine.locator(".avatar")).to_have_text(re.compile("^O"))
    expect(face).to_have_text(re.compile("^O"))


def set_that_of_an_agent(page: Page, watching: Page) -> None:
    agent = field(page, "The picture of Oscar Martinez")
    agent.locator("input[type=file]").set_input_files(picture("#0F766E"))
    agent.get_by_role("button", name="Save picture").click()
    loads(watching.locator('.rail__member[data-about="oscar"] .avatar__picture'))


def set_and_remove_the_icon(page: Page, watching: Page) -> None:
    icon = field(page, "The icon")
    icon.locator("input[type=file]").set_input_files(picture("#7C3AED"))
    icon.get_by_role("button", name="Save picture").click()
    loads(watching.locator(".rail__workspace img"))
    loads(page.locator(".rail__workspace img"))
    assert violations(page) == []
    icon.get_by_role("button", name="Remove the icon").click()
    icon.get_by_role("button", name="Remove", exact=True).click()
    expect(watching.locator(".rail__workspace img")).to_have_count(0)
    expect(watching.locator(".rail__workspace")).not_to_be_empty()


def test_an_upload_is_canceled_and_a_file_that_is_no_picture_refused_in_words(
    team: TeamWorkspace, enter: Enter, watch: Watch
):
    watch.refusals = True
    quinn = team.person(new_name("Quinn"))
    page = enter(quinn, viewport=NARROW)
    open_page(page, "/account")
    cancel_by_keyboard(page)
    assert "picture" not in quinn.get("/api/me").json()
    page.unroute_all()
    refuse_what_is_no_picture_and_take_another(page)


def refuse_what_is_no_picture_and_take_another(page: Page) -> None:
    mine = field(page, "Your picture")
    chosen = mine.locator("input[type=file]")
    broken = {"name": "x.png", "mimeType": "image/png", "buffer": b"<svg/>"}
    chosen.set_input_files(broken)
    expect(mine.get_by_role("alert")).to_contain_text("This browser cannot show the file")
    mine.get_by_role("button", name="Save picture").click()
    expect(mine.get_by_role("alert")).to_contain_text("cannot show")
    chosen.set_input_files(picture() | {"buffer": bytes(8_000_001)})
    expect(mine.get_by_role("alert")).to_have_text(
        "This file has 8.0 MB. Choose one of at most 8 MB."
    )
    chosen.set_input_files(picture())
    mine.get_by_role("button", name="Save picture").click()
    loads(mine.locator(".avatar__picture"))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def cancel_by_keyboard(page: Page) -> None:
    # An upload that does not come to an end.
    page.route("**/picture", lambda route: None)
    mine = field(page, "Your picture")
    mine.locator("input[type=file]").set_input_files(picture())
    mine.get_by_role("button", name="Save picture").press("Enter")
    expect(mine.get_by_role("progressbar")).to_be_visible()
    mine.get_by_role("button", name="Cancel").press("Enter")
    expect(mine.get_by_role("button", name="Choose a picture")).to_be_focused()
    expect(mine.get_by_role("progressbar")).to_have_count(0)
