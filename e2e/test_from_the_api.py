"""Whatever the client shows came from an answer of the API, and from the database behind it."""

import pytest
from playwright.sync_api import Route, expect
from tests.support.serving import Served

from bullpen.api.browser.client import FOLDER
from e2e.asking import without_first_answers
from e2e.views import PACK, face, open_general, rail, settle, thread_address
from e2e.watch import Watch
from e2e.window import Visit

USER = {"kind", "id", "displayName", "title", "avatarColor", "presence"}
CHANNEL = {"id", "name", "kind", "topic", "memberIds"}
REACTION = {"emoji", "userIds"}
MESSAGE = {"id", "channelId", "userId", "text", "timestamp", "reactions", "threadReplyCount"}
THREAD = {"threadParticipantIds", "lastReplyAt"}
REPLY = {"id", "parentMessageId", "userId", "text", "timestamp", "reactions"}


def prefixed(**fields: str):
    """A handler that lets the answer through with a mark before those fields."""

    def handle(route: Route) -> None:
        answer = route.fetch()
        items = answer.json()
        for item in items:
            item.update({name: f"{mark} {item[name]}" for name, mark in fields.items()})
        route.fulfill(response=answer, json=items)

    return handle


@pytest.mark.ac("1.2.7", "1.4.8")
def test_what_an_answer_says_is_what_is_shown(visit: Visit, shared_server: Served):
    page = without_first_answers(visit(shared_server))
    page.route("**/api/users", prefixed(displayName="Ms", title="Deputy"))
    page.route("**/api/channels", prefixed(name="new", topic="Not"))
    page.route("**/api/channels/general/messages", prefixed(text="Hear hear:"))
    page.route("**/replies", prefixed(text="I reply:"))
    page.goto(thread_address())
    settle(page)

    expect(face(page)).to_have_count(len(PACK.agents))
    for shown, agent in zip(face(page).all(), PACK.agents, strict=True):
        title = f"Ms {agent.display_name}, Deputy {agent.title}, {agent.presence}"
        expect(shown).to_have_accessible_name(title)
    faces = rail(page).locator(".avatar__face").all_inner_texts()
    assert faces == ["M" + agent.display_name.split()[-1][0] for agent in PACK.agents]
    sidebar = page.get_by_role("navigation")
    expect(sidebar.get_by_role("link", name="new general", exact=True)).to_be_visible()
    expect(sidebar.get_by_role("link", name="Ms Jim Halpert")).to_be_visible()
    expect(sidebar).to_contain_text("Ms Michael Scott")
    expect(sidebar).to_contain_text("Deputy Regional Manager")
    expect(page.get_by_role("heading", level=1)).to_have_text("new general")
    expect(page.locator(".header__topic")).to_have_text("Not " + general().topic)

    messages = page.locator("#main [data-message-id]")
    expect(messages).to_have_count(len(general().messages))
    assert all(text.startswith("Hear hear: ") for text in texts_of(messages))
    assert all(author.startswith("Ms ") for author in authors_of(messages))
    replies = page.get_by_role("list", name="Replies").locator("[data-message-id]")
    expect(replies).to_have_count(5)
    assert all(text.startswith("I reply: ") for text in texts_of(replies))


def general():
    return next(channel for channel in PACK.channels if channel.id == "general")


def texts_of(messages) -> list[str]:
    return messages.locator(".message-text").all_inner_texts()


def authors_of(messages) -> list[str]:
    return messages.locator(".message__author").all_text_contents()


@pytest.mark.ac("1.8.3")
def test_the_client_brings_nothing_of_the_pack_along():
    ours = [path for path in FOLDER.rglob("*.*") if path.suffix in {".html", ".js", ".css"}]
    text = "\n".join(file.read_text() for file in ours)
    assert len(ours) > 20
    names = [agent.display_name for agent in PACK.agents] + [PACK.name]
    topics = [channel.topic for channel in PACK.channels if channel.topic]
    assert [word for word in names + topics if word in text] == []


@pytest.mark.ac("1.2.6", "1.4.6")
def test_the_answers_have_the_shape_of_the_contract(
    visit: Visit, shared_server: Served, watch: Watch
):
    page = without_first_answers(visit(shared_server))
    page.goto(thread_address())
    settle(page)
    answers = {
        answer.url.removeprefix(shared_server.address): answer.json()
        for answer in watch.answers
        # The stream has no end.
        if "/api/" in answer.url and "json" in answer.headers.get("content-type", "")
    }
    root = thread_address().rpartition("/")[2]

    assert [set(user) - {"status"} for user in answers["/api/users"]] == [USER] * 16
    with_status = [user for user in answers["/api/users"] if "status" in user]
    assert [set(user["status"]) for user in with_status] == [{"emoji", "text"}] * 6
    channels = answers["/api/channels"]
    assert {frozenset(channel) for channel in channels} == {frozenset(CHANNEL)}
    assert [len(c["memberIds"]) for c in channels if c["kind"] == "dm"] == [2] * 4
    messages = answers["/api/channels/general/messages"]
    for message in [*messages, answers[f"/api/messages/{root}"]]:
        assert set(message) == (MESSAGE | THREAD if message["threadReplyCount"] else MESSAGE)
    for reply in answers[f"/api/messages/{root}/replies"]:
        assert set(reply) == REPLY
    reactions = [reaction for message in messages for reaction in message["reactions"]]
    assert {frozenset(reaction) for reaction in reactions} == {frozenset(REACTION)}


@pytest.mark.ac("1.2.7", "1.4.8")
def test_rows_inserted_by_sql_show_after_a_reload(visit: Visit, server: Served, run_sql):
    page = visit(server)
    open_general(page)
    agent = face(page, "Nellie Bertram, Consultant, offline")
    channel = page.get_by_role("link", name="annex", exact=True)
    message = page.locator("#main").get_by_text("There is cake.")
    expect(agent).to_have_count(0)
    expect(channel).to_have_count(0)

    run_sql(
        "INSERT INTO agents (id, display_name, title, avatar_color, system_prompt)"
        " VALUES ('nellie', 'Nellie Bertram', 'Consultant', '#123456', 'You are Nellie.')"
    )
    run_sql("INSERT INTO channels (id, name, kind) VALUES ('annex', 'annex', 'public')")
    run_sql(
        "INSERT INTO messages (channel_id, user_id, text, created_at)"
        " VALUES ('annex', 'nellie', 'There is cake.', '2026-03-04 14:00Z')"
    )
    page.reload()
    expect(agent).to_be_visible()
    assert agent.locator(".avatar__face").evaluate("it => it.style.backgroundColor") == (
        "rgb(18, 52, 86)"
    )
    channel.click()
    expect(message).to_be_visible()
    expect(page.locator("#main .message__author")).to_have_text("Nellie Bertram")
