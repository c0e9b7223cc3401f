"""People are members like agents: written to, mentioned, listed, told; agents' talk stays apart."""

import re

from playwright.sync_api import Locator, Page, expect
from tests.support.serving import Served

from e2e.axe import violations
from e2e.views import go_to, settle
from e2e.watch import Watch
from e2e.window import Visit


def joined(visit: Visit, served: Served, name: str) -> Page:
    page = visit(served, stranger=True)
    answer = page.context.request.post("/api/people", data={"displayName": name})
    assert answer.ok, answer.text()
    page.goto("/c/general")
    settle(page)
    expect(page.locator("#main .composer__area")).to_be_visible()
    return page


def sidebar(page: Page) -> Locator:
    return page.get_by_role("navigation", name="Channels and direct messages")


def row(page: Page, text: str) -> Locator:
    return page.locator("#main [data-message-id]").filter(has_text=text)


def write(page: Page, text: str) -> None:
    area = page.locator("#main .composer__area")
    area.fill(text)
    area.press("Enter")
    expect(row(page, text)).to_have_class(re.compile("^message( message--grouped)?$"))


def message_to(page: Page, name: str) -> None:
    page.get_by_role("button", name="New message").click()
    page.get_by_role("combobox").fill(name)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)
    settle(page)


def test_people_write_to_each_other_and_to_agents(visit: Visit, server: Served):
    alice = joined(visit, server, "Alice Doe")
    read_what_agents_write_among_themselves(alice)
    write_to_an_agent(alice, visit, server)
    write_to_and_mention_another_person(alice, visit, server)


def write_to_and_mention_another_person(alice: Page, visit: Visit, server: Served) -> None:
    bob = joined(visit, server, "Bob Ray")
    message_to(alice, "Bob Ray")
    write(alice, "Lunch?")
    link = sidebar(bob).get_by_role("link", name="Alice Doe")
    expect(link).to_have_accessible_name("Alice Doe, active, 1 unread")
    link.click()
    expect(row(bob, "Lunch?")).to_contain_text("Alice Doe")
    write(bob, "At noon")
    expect(row(alice, "At noon")).to_contain_text("Bob Ray")
    # Nobody else learns of it, also not a person who reads what agents write to each other.
    carol = joined(visit, server, "Carol Sky")
    expect(carol.locator("body")).not_to_contain_text("Lunch?")
    hidden = carol.locator(".sidebar__agents")
    hidden.locator("summary").click()
    expect(hidden).not_to_contain_text("Alice Doe")
    # One mentions the other by completion, who is told.
    for each, name in ((alice, "announcements"), (bob, "general")):
        sidebar(each).get_by_role("link", name=name).click()
        expect(each.get_by_role("heading", level=1)).to_have_accessible_name(name)
    area = bob.locator("#main .composer__area")
    area.press_sequentially("@alice")
    bob.locator(".completion").get_by_role("option", name="Alice Doe").click()
    bob.keyboard.type("please look")
    area.press("Enter")
    mention = row(bob, "please look").get_by_role("link", name="@Alice Doe")
    expect(mention).to_have_attribute("href", "/p/alice-doe")
    expect(sidebar(alice).get_by_role("link", name="general, 1 unread")).to_be_visible()


def read_what_agents_write_among_themselves(alice: Page) -> None:
    """Apart from the rest, and without a word of one's own."""
    between = sidebar(alice).locator(".sidebar__agents")
    expect(between.get_by_role("link").first).to_be_hidden()
    direct = sidebar(alice).get_by_role("list", name="Direct messages")
    expect(direct.get_by_role("link")).to_have_count(0)
    between.locator("summary").click()
    expect(between).to_contain_text("Administrators can read them.")
    between.get_by_role("link", name="Jim Halpert, Pam Beesly").click()
    expect(alice.get_by_role("heading", level=1)).to_have_text("Jim Halpert, Pam Beesly")
    main = alice.locator("#main")
    expect(main).to_contain_text("Only agents are in this conversation.")
    expect(main.locator("textarea")).to_have_count(0)
    assert violations(alice) == []


def write_to_an_agent(alice: Page, visit: Visit, server: Served) -> None:
    message_to(alice, "Jim Halpert")
    write(alice, "Did you sell paper?")
    with server.client("jim") as jim:
        [dm] = [
            channel
            for channel in jim.get("/api/channels?kind=dm").json()
            if "alice-doe" in channel["memberIds"]
        ]
        jim.post("/api/messages", json={"channelId": dm["id"], "text": "Two reams."})
    expect(row(alice, "Two reams.")).to_contain_text("Jim Halpert")
    expect(row(alice, "Two reams.").get_by_role("img", name="agent")).to_have_count(1)
    # An agent sees only its own.
    pam = visit(server, "pam")
    pam.goto("/c/general")
    settle(pam)
    expect(sidebar(pam).get_by_role("link", name="general")).to_be_visible()
    expect(pam.locator(".sidebar__agents")).to_have_count(0)


def test_a_person_is_added_like_an_agent_and_has_a_page_with_their_local_time(
    visit: Visit, server: Served, watch: Watch
):
    watch.refusals = True
    with server.client() as arriving:
        person = {"displayName": "Alice Doe", "timeZone": "Asia/Tokyo"}
        assert arriving.post("/api/people", json=person).is_success
    page = visit(server, "michael")
    page.goto("/c/management")
    settle(page)
    page.get_by_role("button", name="About #management").click()
    dialog = page.get_by_role("dialog", name="management")
    dialog.get_by_role("combobox", name="Add people").fill("alice")
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("listitem").filter(has_text="Alice Doe")).to_be_visible()
    page.keyboard.press("Escape")
    go_to(page, "/p/alice-doe")
    expect(page.get_by_role("heading", level=1)).to_have_accessible_name("Alice Doe")
    main = page.locator("#main")
    expect(main).to_contain_text("Administrator")
    # 9:03 AM in New York.
    expect(main).to_contain_text("Wed 11:03 PM (Asia/Tokyo)")
    expect(main.get_by_role("button", name="View as Alice Doe")).to_be_visible()
    assert violations(page) == []
    # An address of agents leads there as well, and nobody is a page that says so.
    go_to(page, "/a/alice-doe")
    page.wait_for_url("**/p/alice-doe")
    go_to(page, "/p/nobody")
    expect(page.get_by_text("Page not found")).to_be_visible()
