"""An agent's memory and archive, read and changed on its page."""

import re

from playwright.sync_api import Locator, Page, expect
from tests.support.serving import Served

from e2e.held import HeldAnswers
from e2e.keyboard import focus, press, tab_to
from e2e.views import open_page, settle, titled
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


def test_a_block_is_edited_and_the_change_undone(visit: Visit, server: Served, run_sql):
    before = run_sql(
        "SELECT content FROM memory_blocks WHERE agent_id = 'jim' AND label = 'current_state'"
    )[0][0]
    page = visit(server)
    open_page(page, "/a/jim")
    page.get_by_role("link", name="Memory").click()
    page.wait_for_url("**/a/jim/memory")
    expect(page).to_have_title(titled("Jim Halpert: memory · Dunder Mifflin"))
    card = write(page, "current_state", "Waiting for Dwight to find the stapler.")
    expect(card).to_contain_text("Waiting for Dwight to find the stapler.")
    expect(card).to_contain_text("Version 2")
    expect(card).to_contain_text("39 / 10,000")
    card.get_by_role("button", name="Undo").click()
    expect(card).to_contain_text("Version 3")
    rows = run_sql(
        "SELECT v.content, v.user_id FROM memory_block_versions v"
        " JOIN memory_blocks b ON b.id = v.block_id"
        " WHERE b.agent_id = 'jim' AND b.label = 'current_state' ORDER BY v.version"
    )
    assert [row["content"] for row in rows] == [
        before,
        "Waiting for Dwight to find the stapler.",
        before,
    ]
    assert [row["user_id"] for row in rows[1:]] == ["michael", "michael"]
    page.reload()
    expect(block(page, "current_state")).to_contain_text("Version 3")


def test_what_is_typed_during_a_save_stays_in_the_editor(visit: Visit, server: Served):
    page = visit(server)
    open_page(page, "/a/jim/memory")
    answers = HeldAnswers(page, "**/api/agents/jim/memory/**", "PUT")
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


def test_versions_show_what_changed_and_can_be_restored(visit: Visit, server: Served):
    page = visit(server)
    open_page(page, "/a/jim/memory")
    write(page, "current_state", "Lunch with Pam on Monday.\nBoss is away.")
    card = write(page, "current_state", "Lunch with Pam on Friday.\nBoss is away.")
    card.get_by_role("button", name="Versions of current_state").click()
    changes = card.get_by_role("group", name="Changes in version 3")
    expect(changes.locator("del")).to_have_text("Lunch with Pam on Monday.")
    expect(changes.locator("ins mark")).to_have_text("Friday")
    expect(card.get_by_role("button", name=re.compile("Version 1 Initial version"))).to_be_visible()
    card.get_by_role("button", name=re.compile("Version 2 Michael Scott")).click()
    card.get_by_role("button", name="Restore version 2").click()
    expect(card.get_by_role("button", name=re.compile(r"Version 4 \(current\)"))).to_be_visible()
    expect(card.locator(".block__text")).to_have_text("Lunch with Pam on Monday.\nBoss is away.")


def test_two_who_write_at_once_are_both_heard(visit: Visit, server: Served, watch: Watch, run_sql):
    watch.refusals = True
    first, second = visit(server, "michael"), visit(server, "pam")
    for page in (first, second):
        open_page(page, "/a/jim/memory")
    mine = edit(second, "current_state", "What Pam wrote.\nBoth say this.")
    write(first, "current_state", "What Michael wrote.\nBoth say this.")
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
    yours = edit(first, "current_state", "Something else of Michael's.")
    mine.get_by_label("Your version", exact=True).fill("What both wrote.")
    mine.get_by_role("button", name="Overwrite with mine").click()
    expect(mine.locator(".block__text")).to_have_text("What both wrote.")
    yours.get_by_role("button", name="Save", exact=True).click()
    expect(yours.get_by_role("region", name="Their version", exact=True)).to_contain_text(
        "What both wrote."
    )
    yours.get_by_role("button", name="Use their version").click()
    expect(yours.locator(".block__text")).to_have_text("What both wrote.")
    versions = run_sql(
        "SELECT v.content FROM memory_block_versions v JOIN memory_blocks b ON b.id = v.block_id"
        " WHERE b.agent_id = 'jim' AND b.label = 'current_state' ORDER BY version OFFSET 1"
    )
    assert [row[0] for row in versions] == [
        "What Michael wrote.\nBoth say this.",
        "What both wrote.",
    ]


def test_what_others_write_is_seen_but_for_what_is_being_edited(visit: Visit, server: Served):
    reader, writer = visit(server, "michael"), visit(server, "pam")
    for page in (reader, writer):
        open_page(page, "/a/jim/memory")
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


def test_what_is_shared_is_seen_where_it_is_shared(visit: Visit, server: Served):
    owner, other = visit(server, "michael"), visit(server, "pam")
    open_page(owner, "/a/jim/memory")
    open_page(other, "/a/creed/memory")
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


def test_what_is_being_written_outlives_a_reload_and_a_lost_server(
    visit: Visit, server: Served, watch: Watch
):
    watch.refusals = True
    page = visit(server)
    open_page(page, "/a/jim/memory")
    page.route("**/memory/current_state", lambda route: route.abort())
    card = edit(page, "current_state", "Not lost.")
    card.get_by_role("button", name="Save", exact=True).click()
    expect(card.get_by_role("alert")).to_contain_text("Can’t reach Bullpen")
    page.reload()
    expect(card.get_by_label("Content")).to_have_value("Not lost.")
    page.unroute("**/memory/current_state")
    card.get_by_role("button", name="Save", exact=True).click()
    expect(card.locator(".block__text")).to_have_text("Not lost.")


def test_a_block_has_a_size_and_says_what_is_left(visit: Visit, shared_server: Served):
    page = visit(shared_server)
    open_page(page, "/a/jim/memory")
    card = edit(page, "current_state", "x" * 9_990 + "\U0001f4ce" * 8)
    expect(card).to_contain_text("9,998 / 10,000")
    card.get_by_label("Content").fill("x" * 10_004)
    expect(card.get_by_label("Content")).to_have_accessible_description(
        "Too long by 4 characters (limit 10,000)."
    )
    expect(card.get_by_role("button", name="Save", exact=True)).to_be_disabled()
    card.get_by_role("button", name="Cancel").click()
    expect(card.get_by_role("button", name="Edit current_state")).to_be_focused()


def test_a_new_block_is_shared_and_deleted_for_all(
    visit: Visit, server: Served, watch: Watch, run_sql
):
    watch.refusals = True
    page = visit(server)
    open_page(page, "/a/jim/memory")
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


def test_a_block_is_edited_by_keyboard_alone(visit: Visit, server: Served):
    page = visit(server)
    open_page(page, "/a/jim/memory")
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


def test_the_archive_is_searched_and_narrowed_by_tags(visit: Visit, server: Served, run_sql):
    run_sql(
        "INSERT INTO archival_passages (agent_id, content, tags) VALUES"
        " ('creed', 'Scuba gear is under the desk.', '{places}'),"
        " ('creed', 'The desk by the wall has a hollow leg.', '{places,paper}'),"
        " ('creed', $1, '{paper}')",
        "Mung beans keep for years. " * 60 + "A desk was never found.",
    )
    page = visit(server)
    open_page(page, "/a/creed/archive")
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


def test_a_long_archive_comes_page_by_page(visit: Visit, server: Served, run_sql):
    run_sql("DELETE FROM archival_passages WHERE agent_id = 'creed'")
    run_sql(
        "INSERT INTO archival_passages (agent_id, content)"
        " SELECT 'creed', 'Passage ' || n FROM generate_series(1, 70) n"
    )
    page = visit(server)
    open_page(page, "/a/creed/archive")
    passages = page.get_by_role("list", name="Passages").get_by_role("listitem")
    expect(passages).to_have_count(30)
    page.get_by_role("button", name="Show more").click()
    expect(passages).to_have_count(60)
    page.get_by_role("button", name="Show more").click()
    expect(passages).to_have_count(70)
    expect(page.get_by_role("button", name="Show more")).to_have_count(0)
    texts = page.locator(".passage__text").all_inner_texts()
    assert len(set(texts)) == 70


def test_a_passage_is_added_and_deleted(visit: Visit, server: Served, run_sql):
    page = visit(server)
    open_page(page, "/a/creed/archive")
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


def test_what_was_deleted_meanwhile_can_be_saved_all_the_same(
    visit: Visit, server: Served, watch: Watch, run_sql
):
    watch.refusals = True
    page = visit(server)
    open_page(page, "/a/jim/memory")
    card = edit(page, "current_state", "Still here.")
    run_sql("DELETE FROM memory_blocks WHERE agent_id = 'jim' AND label = 'current_state'")
    card.get_by_role("button", name="Save", exact=True).click()
    expect(card.get_by_role("alert")).to_contain_text("Someone else deleted this block")
    card.get_by_role("button", name="Overwrite with mine").click()
    expect(card.locator(".block__text")).to_have_text("Still here.")
    expect(card).to_contain_text("Version 1")
