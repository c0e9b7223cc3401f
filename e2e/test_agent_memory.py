"""An agent's memory and archive, read and changed on its page."""

import re

from playwright.sync_api import Locator, Page, expect
from tests.support.serving import Served

from e2e.held import HeldAnswers
from e2e.keyboard import focus, press, tab_to
from e2e.views import go_to, open_page, settle, titled
from e2e.watch import Watch
from e2e.window import Visit


def block(page: Page, label: str) -> Locator:
    return page.get_by_role("article", name=label)


def edit(page: Page, label: str, content: str) -> Locator:
    """Leaves the editor open."""
    card = block(page, label)
    card.get_by_role("button", name=f"Edit {label}").click()
    card.get_by_label("Content").fill(content)
    return card


def write(page: Page, label: str, content: str) -> Locator:
    card = edit(page, label, content)
    card.get_by_role("button", name="Save", exact=True).click()
    expect(card.get_by_label("Content")).to_have_count(0)
    return card


def test_blocks_and_passages_are_added_edited_restored_and_deleted(
    visit: Visit, server: Served, watch: Watch, run_sql
):
    page = visit(server)
    open_page(page, "/a/jim/memory")
    edit_by_keyboard_alone(page)
    go_to(page, "/a/jim")
    page.get_by_role("link", name="Memory").click()
    page.wait_for_url("**/a/jim/memory")
    expect(page).to_have_title(titled("Jim Halpert: memory · Dunder Mifflin"))
    edit_and_undo(page, run_sql)
    compare_and_restore(page)
    go_to(page, "/a/pam/memory")
    type_during_a_save(page)
    write_too_much(page)
    read_archive(page, run_sql)
    watch.refusals = True
    go_to(page, "/a/jim/memory")
    add_share_and_delete_for_all(page, run_sql)
    go_to(page, "/a/dwight/memory")
    outlive_a_lost_server_a_reload_and_a_deletion(page, run_sql)


def edit_by_keyboard_alone(page: Page) -> None:
    press(page, "Tab", "Enter")
    card = block(page, "current_state")
    tab_to(page, card.get_by_role("button", name="Edit current_state"))
    press(page, "Enter")
    expect(card.get_by_label("Content")).to_be_focused()
    press(page, "Escape")
    expect(focus(page)).to_have_accessible_name("Edit current_state")
    press(page, "Enter", "End")
    page.keyboard.type(" Typed.")
    press(page, "Control+Enter")
    expect(card).to_contain_text("Typed.")
    tab_to(page, card.get_by_role("button", name="Delete current_state"))
    press(page, "Enter")
    expect(focus(page)).to_have_text("Delete")
    press(page, "Escape")
    expect(focus(page)).to_have_accessible_name("Delete current_state")


def edit_and_undo(page: Page, run_sql) -> None:
    before = run_sql(
        "SELECT content FROM memory_blocks WHERE agent_id = 'jim' AND label = 'relationships'"
    )[0][0]
    card = write(page, "relationships", "Waiting for Dwight to find the stapler.")
    expect(card).to_contain_text("Waiting for Dwight to find the stapler.")
    expect(card).to_contain_text("Version 2")
    expect(card).to_contain_text("39 / 10,000")
    card.get_by_role("button", name="Undo").click()
    expect(card).to_contain_text("Version 3")
    rows = run_sql(
        "SELECT v.content, v.user_id FROM memory_block_versions v"
        " JOIN memory_blocks b ON b.id = v.block_id"
        " WHERE b.agent_id = 'jim' AND b.label = 'relationships' ORDER BY v.version"
    )
    assert [row["content"] for row in rows] == [
        before,
        "Waiting for Dwight to find the stapler.",
        before,
    ]
    assert [row["user_id"] for row in rows[1:]] == ["michael", "michael"]
    page.reload()
    expect(block(page, "relationships")).to_contain_text("Version 3")


def compare_and_restore(page: Page) -> None:
    write(page, "personality", "Lunch with Pam on Monday.\nBoss is away.")
    card = write(page, "personality", "Lunch with Pam on Friday.\nBoss is away.")
    card.get_by_role("button", name="Versions of personality").click()
    changes = card.get_by_role("group", name="Changes in version 3")
    expect(changes.locator("del")).to_have_text("Lunch with Pam on Monday.")
    expect(changes.locator("ins mark")).to_have_text("Friday")
    expect(card.get_by_role("button", name=re.compile("Version 1 Initial version"))).to_be_visible()
    card.get_by_role("button", name=re.compile("Version 2 Michael Scott")).click()
    card.get_by_role("button", name="Restore version 2").click()
    expect(card.get_by_role("button", name=re.compile(r"Version 4 \(current\)"))).to_be_visible()
    expect(card.locator(".block__text")).to_have_text("Lunch with Pam on Monday.\nBoss is away.")


def type_during_a_save(page: Page) -> None:
    """What is typed then stays in the editor."""
    answers = HeldAnswers(page, "**/api/agents/pam/memory/**", "PUT")
    card = edit(page, "current_state", "Waiting for Dwight.")
    content, save = card.get_by_label("Content"), card.get_by_role("button", name="Save")
    save.click()
    expect(card.get_by_role("button", name="Saving…")).to_be_disabled()
    content.fill("Waiting for Dwight and the stapler.")
    answers.let_through()
    expect(save).to_be_enabled()
    expect(content).to_have_value("Waiting for Dwight and the stapler.")
    save.click()
    answers.let_through()
    expect(content).to_have_count(0)
    expect(card).to_contain_text("Version 3")
    expect(card).to_contain_text("Waiting for Dwight and the stapler.")
    page.unroute_all()


def write_too_much(page: Page) -> None:
    """A block has a size, and says what is left."""
    card = edit(page, "current_state", "x" * 9_990 + "\U0001f4ce" * 8)
    expect(card).to_contain_text("9,998 / 10,000")
    card.get_by_label("Content").fill("x" * 10_004)
    expect(card.get_by_label("Content")).to_have_accessible_description(
        "Too long by 4 characters (limit 10,000)."
    )
    expect(card.get_by_role("button", name="Save", exact=True)).to_be_disabled()
    card.get_by_role("button", name="Cancel").click()
    expect(card.get_by_role("button", name="Edit current_state")).to_be_focused()


def outlive_a_lost_server_a_reload_and_a_deletion(page: Page, run_sql) -> None:
    page.route("**/memory/current_state", lambda route: route.abort())
    card = edit(page, "current_state", "Not lost.")
    card.get_by_role("button", name="Save", exact=True).click()
    expect(card.get_by_role("alert")).to_contain_text("Can’t reach Bullpen")
    page.reload()
    expect(card.get_by_label("Content")).to_have_value("Not lost.")
    page.unroute("**/memory/current_state")
    card.get_by_role("button", name="Save", exact=True).click()
    expect(card.locator(".block__text")).to_have_text("Not lost.")

    card = edit(page, "personality", "Still here.")
    run_sql("DELETE FROM memory_blocks WHERE agent_id = 'dwight' AND label = 'personality'")
    card.get_by_role("button", name="Save", exact=True).click()
    expect(card.get_by_role("alert")).to_contain_text("Someone else deleted this block")
    card.get_by_role("button", name="Overwrite with mine").click()
    expect(card.locator(".block__text")).to_have_text("Still here.")
    expect(card).to_contain_text("Version 1")


def add_share_and_delete_for_all(page: Page, run_sql) -> None:
    page.get_by_role("button", name="New block").click()
    page.get_by_label("Label").fill("current_state")
    expect(page.get_by_label("Label")).to_have_accessible_description(re.compile("already"))
    expect(page.get_by_role("button", name="Add block")).to_be_disabled()
    page.get_by_label("Label").fill("pranks")
    page.get_by_label("Content").fill("No more gelatin.")
    page.get_by_role("button", name="Add block").click()
    card = block(page, "pranks")
    card.get_by_role("button", name="Share pranks").click()
    card.get_by_role("checkbox", name="Pam Beesly").check()
    card.get_by_role("checkbox", name="Andy Bernard").check()
    card.get_by_role("button", name="Share with 2 agents").click()
    shared = card.get_by_role("list", name="Shared with").get_by_role("link")
    expect(shared).to_have_count(2)

    card.get_by_role("link", name="Pam Beesly").click()
    page.wait_for_url("**/a/pam/memory*")
    hers = block(page, "pranks")
    expect(hers.get_by_role("link", name="Shared by Jim Halpert")).to_be_visible()
    expect(hers.get_by_role("button", name="Delete pranks")).to_have_count(0)
    write(page, "pranks", "No more gelatin, says Pam.")
    hers.get_by_role("link", name="Shared by Jim Halpert").click()
    page.wait_for_url("**/a/jim/memory*")
    expect(card).to_contain_text("No more gelatin, says Pam.")

    card.get_by_role("button", name="Share pranks").click()
    card.get_by_role("checkbox", name="Andy Bernard").uncheck()
    card.get_by_role("button", name="Share with 1 agent").click()
    expect(shared).to_have_count(1)
    card.get_by_role("button", name="Delete pranks").click()
    card.get_by_role("button", name="Delete", exact=True).click()
    expect(card).to_contain_text("Shared with others. Delete it for everyone?")
    card.get_by_role("button", name="Delete for everyone").click()
    expect(card).to_have_count(0)
    assert run_sql("SELECT count(*) FROM memory_blocks WHERE label = 'pranks'")[0][0] == 0


def test_two_who_write_see_what_the_other_does_and_are_both_heard(
    visit: Visit, server: Served, watch: Watch, run_sql
):
    michael, pam = visit(server, "michael"), visit(server, "pam")
    for page in (michael, pam):
        open_page(page, "/a/jim/memory")
    read_but_for_what_is_being_edited(michael, pam)
    watch.refusals = True
    write_at_once(michael, pam)
    versions = run_sql(
        "SELECT v.content FROM memory_block_versions v JOIN memory_blocks b ON b.id = v.block_id"
        " WHERE b.agent_id = 'jim' AND b.label = 'relationships' ORDER BY version OFFSET 1"
    )
    assert [row[0] for row in versions] == [
        "What Michael wrote.\nBoth say this.",
        "What both wrote.",
    ]
    go_to(pam, "/a/creed/memory")
    share(michael, pam)


def read_but_for_what_is_being_edited(reader: Page, writer: Page) -> None:
    expect(reader.get_by_role("article").first).to_be_visible()
    write(reader, "current_state", "What Michael wrote.")
    expect(block(reader, "current_state")).to_contain_text("Undo")
    draft = edit(reader, "personality", "What Michael is writing.")
    expect(block(writer, "current_state")).to_contain_text("What Michael wrote.")

    write(writer, "personality", "What Pam wrote.")
    write(writer, "current_state", "What Pam knows.")
    theirs = block(reader, "current_state")
    expect(theirs.locator(".block__text")).to_have_text("What Pam knows.")
    expect(theirs).to_contain_text("Version 3")
    expect(theirs.get_by_role("button", name="Undo")).to_have_count(0)
    expect(draft.get_by_label("Content")).to_have_value("What Michael is writing.")
    draft.get_by_role("button", name="Cancel").click()
    expect(draft.locator(".block__text")).to_have_text("What Pam wrote.")


def write_at_once(first: Page, second: Page) -> None:
    mine = edit(second, "relationships", "What Pam wrote.\nBoth say this.")
    write(first, "relationships", "What Michael wrote.\nBoth say this.")
    mine.get_by_role("button", name="Save", exact=True).click()
    expect(mine.get_by_role("alert")).to_contain_text("Someone else edited this block")
    expect(mine.get_by_role("region", name="Their version", exact=True)).to_contain_text(
        "What Michael wrote."
    )
    expect(mine.get_by_label("Your version", exact=True)).to_have_value(
        "What Pam wrote.\nBoth say this."
    )
    expect(
        mine.get_by_role("group", name="Changes from theirs to yours").locator("ins")
    ).to_contain_text("Pam")
    yours = edit(first, "relationships", "Something else of Michael's.")
    mine.get_by_label("Your version", exact=True).fill("What both wrote.")
    mine.get_by_role("button", name="Overwrite with mine").click()
    expect(mine.locator(".block__text")).to_have_text("What both wrote.")
    yours.get_by_role("button", name="Save", exact=True).click()
    expect(yours.get_by_role("region", name="Their version", exact=True)).to_contain_text(
        "What both wrote."
    )
    yours.get_by_role("button", name="Use their version").click()
    expect(yours.locator(".block__text")).to_have_text("What both wrote.")


def share(owner: Page, other: Page) -> None:
    """What is shared is seen where it is shared."""
    owner.get_by_role("button", name="New block").click()
    owner.get_by_label("Label").fill("pranks")
    owner.get_by_role("textbox", name="Content").fill("The stapler.")
    owner.get_by_role("button", name="Add block").click()
    card = block(owner, "pranks")
    card.get_by_role("button", name="Share pranks").click()
    card.get_by_label("Creed Bratton").check()
    card.get_by_role("button", name="Share with 1 agent").click()
    expect(block(other, "pranks")).to_contain_text("Shared by Jim Halpert")
    write(owner, "pranks", "The stapler, in jelly.")
    expect(block(other, "pranks")).to_contain_text("in jelly")


def read_archive(page: Page, run_sql) -> None:
    run_sql(
        "INSERT INTO archival_passages (agent_id, content, tags) VALUES"
        " ('creed', 'Scuba gear is under the desk.', '{places}'),"
        " ('creed', 'The desk by the wall has a hollow leg.', '{places,paper}'),"
        " ('creed', $1, '{paper}')",
        "Mung beans keep for years. " * 60 + "A desk was never found.",
    )
    go_to(page, "/a/creed/archive")
    add_and_delete_passage(page, run_sql)
    search_and_narrow_by_tags(page)
    run_sql("DELETE FROM archival_passages WHERE agent_id = 'creed'")
    run_sql(
        "INSERT INTO archival_passages (agent_id, content)"
        " SELECT 'creed', 'Passage ' || n FROM generate_series(1, 70) n"
    )
    page.reload()
    show_page_by_page(page)


def add_and_delete_passage(page: Page, run_sql) -> None:
    page.get_by_role("button", name="New passage").click()
    page.get_by_label("Content").fill("www.creedthoughts.gov.www is not on the web.")
    page.get_by_label("Tags").fill("web, thoughts, web")
    settle(page)
    page.reload()
    page.get_by_role("button", name="Add passage").click()
    first = page.get_by_role("list", name="Passages").get_by_role("listitem").first
    expect(first).to_contain_text("creedthoughts")
    [row] = run_sql("SELECT tags FROM archival_passages WHERE content LIKE 'www.creed%'")
    assert row["tags"] == ["web", "thoughts"]
    first.get_by_role("button", name=re.compile("Delete passage")).click()
    first.get_by_role("button", name="Cancel").click()
    expect(first).to_contain_text("creedthoughts")
    first.get_by_role("button", name=re.compile("Delete passage")).click()
    first.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_text("creedthoughts")).to_have_count(0)
    assert not run_sql("SELECT FROM archival_passages WHERE content LIKE 'www.creed%'")


def search_and_narrow_by_tags(page: Page) -> None:
    passages = page.get_by_role("list", name="Passages").get_by_role("listitem")
    everything = passages.count()
    page.get_by_role("searchbox").fill("desk")
    page.wait_for_url("**/a/creed/archive?q=desk")
    expect(page.get_by_role("status")).to_have_text("3 found")
    expect(passages).to_have_count(3)
    assert set(page.locator(".passage mark").all_inner_texts()) == {"desk"}
    long = passages.filter(has_text="never found")
    long.get_by_role("button", name="Show full text").click()
    expect(long).to_contain_text("Mung beans keep for years. Mung beans")

    passages.filter(has_text="Scuba").get_by_role("button", name="places").click()
    expect(passages).to_have_count(2)
    page.get_by_role("button", name="Remove filter: places").click()
    expect(passages).to_have_count(3)
    page.get_by_role("searchbox").fill('"hollow leg" -scuba')
    expect(passages).to_have_count(1)
    page.reload()
    expect(page.get_by_role("searchbox")).to_have_value('"hollow leg" -scuba')
    expect(passages).to_have_count(1)
    page.get_by_role("searchbox").fill("nothing like this")
    expect(page.get_by_text("Nothing found").last).to_be_visible()
    page.get_by_role("searchbox").fill("")
    expect(passages).to_have_count(everything)


def show_page_by_page(page: Page) -> None:
    passages = page.get_by_role("list", name="Passages").get_by_role("listitem")
    expect(passages).to_have_count(30)
    page.get_by_role("button", name="Show more").click()
    expect(passages).to_have_count(60)
    page.get_by_role("button", name="Show more").click()
    expect(passages).to_have_count(70)
    expect(page.get_by_role("button", name="Show more")).to_have_count(0)
    texts = page.locator(".passage__text").all_inner_texts()
    assert len(set(texts)) == 70
