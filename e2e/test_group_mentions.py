"""`@channel` in a window: offered, announced, confirmed where there are many, and drawn."""

import httpx
from playwright.sync_api import expect
from tests.support.posting import post

from e2e.axe import violations_in_each_look
from e2e.team import Enter, TeamWorkspace, new_name
from e2e.views import go_to, settle


def channel_of(writer: httpx.Client) -> str:
    name = new_name("picnic")
    made = {"id": name, "name": name, "kind": "public", "memberIds": []}
    answer = writer.post("/api/channels", json=made)
    assert answer.status_code == 201, answer.text
    return name


def test_everybody_in_a_channel_is_notified_once_one_is_sure(team: TeamWorkspace, enter: Enter):
    writer, reader = team.person(new_name("Wanda")), team.person(new_name("Rolf"))
    picnic = channel_of(writer)
    others = [team.person(new_name("Guest")).get("/api/me").json()["id"] for _ in range(6)]
    add = f"/api/channels/{picnic}/members"
    assert writer.post(add, json={"userId": reader.get("/api/me").json()["id"]}).is_success
    page, seen = enter(writer), enter(reader)
    seen.goto("/c/general")
    page.goto(f"/c/{picnic}")
    settle(page)
    box = page.locator("#main .composer__area")
    box.click()
    page.keyboard.type("@every")
    expect(page.locator(".completion__choice")).to_have_text(
        [f"@channelNotify everybody in #{picnic}"]
    )
    page.keyboard.press("Enter")
    expect(box).to_have_value("@channel ")
    expect(page.locator(".composer__reach")).to_have_text("Notifies 1 person")
    page.keyboard.type("`@here` lunch")
    page.keyboard.press("Enter")
    mention = page.locator("#main [data-message-id] .mention")
    expect(mention).to_have_text(["@channel"])
    expect(mention).to_have_class("mention mention--mine")
    expect(seen.get_by_role("link", name=picnic).locator(".sidebar__badge")).to_have_text("1")
    for user_id in others:
        assert writer.post(add, json={"userId": user_id}).is_success
    box.fill("@here cake")
    expect(page.locator(".composer__reach")).to_have_text("Notifies up to 7 people")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Notify 7 people?")
    expect(dialog).to_be_visible()
    assert violations_in_each_look(page) == {}
    page.keyboard.press("Escape")
    expect(box).to_be_focused()
    expect(box).to_have_value("@here cake")
    page.keyboard.press("Enter")
    dialog.get_by_role("button", name="Send and notify").press("Enter")
    expect(box).to_have_value("")
    expect(mention).to_have_text(["@channel", "@here"])
    expect(page.locator("#main .message--sending")).to_have_count(0)
    # In a thread, and from an agent, it is text.
    root = page.locator("#main [data-message-id]").last.get_attribute("data-message-id")
    assert root is not None
    go_to(page, f"/c/{picnic}/t/{root}")
    area = page.locator(".thread .composer__area")
    area.fill("@channel more")
    expect(page.locator(".thread .composer__reach")).to_have_text(
        "@channel notifies nobody in a thread"
    )
    area.press("Enter")
    reply = page.locator(".thread [data-message-id]").last
    expect(reply).to_contain_text("@channel more")
    expect(reply.locator(".mention")).to_have_count(0)
    assert post(reader, "@Channel", picnic).status_code == 201
    expect(page.locator("#main [data-message-id] .mention")).to_have_count(3)
