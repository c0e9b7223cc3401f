"""Replies that are also in their channel's list: one message, unread and mentioned once."""

from uuid import UUID, uuid4

from tests.support.catalog import fetch
from tests.support.fixtures import complete
from tests.support.posting import newest, post
from tests.support.streams import listening

from bullpen.kit.database import Database
from bullpen.workspace.retention import Retention, trim


def read_all(client):
    client.post("/api/unreads/mark-read", json={"channelId": "general"})
    client.post("/api/inbox/mark-all-read", json={})


def unread(client):
    """In the channel, in threads, and mentions in the channel and the inbox."""
    sidebar = client.get("/api/sidebar").json()
    threads = sum(thread["unreadCount"] for thread in sidebar["threads"].values())
    return (
        client.get("/api/unreads").json().get("general", 0),
        threads,
        sidebar["mentions"].get("general", 0),
        sidebar.get("inbox", {}).get("mentions", 0),
    )


def also(client, root, text="For all", **more):
    return post(client, text, parentMessageId=root, alsoInChannel=True, **more)


def listed(client, query=""):
    page = client.get(f"/api/channels/general/messages{query}").json()
    return [message["id"] for message in page]


def test_it_is_one_message_in_the_thread_and_in_the_channel(acting):
    pam, jim, kevin = acting("pam"), acting("jim"), acting("kevin")
    root = post(pam, "Lunch? " * 30).json()
    between = post(jim, "Something else").json()["id"]
    quiet = post(jim, "In the thread", parentMessageId=root["id"]).json()
    key = str(uuid4())
    with listening(kevin) as stream:
        made = also(jim, root["id"], id=key)
        told = stream.until("message.created")[-1]
    assert made.status_code == 201
    assert also(jim, root["id"], id=key).status_code == 200
    reply = made.json()
    replied_to = {"userId": "pam", "text": root["text"][:100]}
    assert (reply["id"], reply["parentMessageId"], reply["repliedTo"]) == (
        key, root["id"], replied_to,
    )  # fmt: skip
    assert newest(kevin) == reply == kevin.get(f"/api/messages/{key}").json()
    shown = kevin.get(f"/api/messages/{root['id']}/replies").json()
    assert [one.get("repliedTo") for one in shown] == [None, replied_to]
    assert (told["message"], told["root"]["threadReplyCount"]) == (shown[1], 2)
    assert "repliedTo" not in quiet
    # The list is paged by it as by others.
    assert listed(kevin, "?limit=3") == [root["id"], between, key]
    assert listed(kevin, f"?before={key}&limit=2") == [root["id"], between]
    assert listed(kevin, f"?after={between}") == [key]
    assert key in listed(kevin, f"?around={key}")
    # It says what it replies to as that reads now.
    pam.patch(f"/api/messages/{root['id']}", json={"text": "Dinner?"})
    assert newest(kevin)["repliedTo"]["text"] == "Dinner?"


def test_only_a_reply_of_a_member_can_be_sent_to_the_channel(acting, run_sql):
    michael, kevin = acting("michael"), acting("kevin")
    answer = post(michael, alsoInChannel=True)
    assert (answer.status_code, answer.json()["code"]) == (400, "validation_failed")
    assert "parentMessageId" in answer.text
    root = post(michael, "Numbers", "management").json()["id"]
    hidden = post(kevin, "Mine", "management", parentMessageId=root, alsoInChannel=True)
    assert hidden.status_code == 404
    run_sql("DELETE FROM channel_members WHERE channel_id = 'general' AND user_id = 'kevin'")
    public = post(michael, "Soup").json()["id"]
    assert also(kevin, public).json()["code"] == "not_a_member"
    assert newest(michael)["id"] == public


def test_it_is_unread_once_in_the_channel_also_for_who_follows_the_thread(acting):
    pam, jim, kevin = acting("pam"), acting("jim"), acting("kevin")
    root = post(pam, "Lunch?").json()["id"]
    for each in (pam, kevin):
        read_all(each)
    key = also(jim, root).json()["id"]
    assert unread(pam) == unread(kevin) == (1, 0, 0, 0)
    # The inbox shows the thread with it, and nothing to read.
    item = pam.get("/api/inbox?kind=thread").json()["items"][0]
    assert (item["id"], item["messageId"], item["isUnread"]) == (root, key, False)
    pam.post("/api/unreads/mark-read", json={"channelId": "general", "messageId": key})
    assert unread(pam) == (0, 0, 0, 0)
    pam.post("/api/unreads/mark-unread", json={"channelId": "general", "messageId": key})
    assert unread(pam) == (1, 0, 0, 0)
    post(jim, "And you?", parentMessageId=root)
    assert unread(pam) == (1, 1, 0, 0)
    read_all(pam)
    also(jim, root, "Look, @pam and @kevin")
    assert unread(pam) == (1, 0, 1, 1)
    assert unread(kevin) == (2, 0, 1, 1)
    pam.post("/api/inbox/mark-read", json={"kind": "mention", "id": newest(pam)["id"]})
    assert unread(pam) == (1, 0, 1, 0)
    # It is a mention in the channel: who does not follow the thread goes on not to.
    pam.delete(f"/api/messages/{root}/follow")
    also(jim, root, "Once more, @pam")
    assert pam.get(f"/api/messages/{root}/follow").json()["isFollowed"] is False
    post(jim, "Quietly, @pam", parentMessageId=root)
    assert pam.get(f"/api/messages/{root}/follow").json()["isFollowed"] is True


def test_what_becomes_of_its_thread_becomes_of_it(acting, url):
    pam, jim, kevin = acting("pam"), acting("jim"), acting("kevin")
    root = post(pam, "Lunch?").json()["id"]
    before = post(pam, "Besides").json()["id"]
    read_all(kevin)
    replies = [also(jim, root).json()["id"], also(pam, root).json()["id"]]
    assert unread(kevin)[0] == 2
    assert jim.delete(f"/api/messages/{replies[0]}").status_code == 200
    assert unread(kevin)[0] == 1
    with listening(kevin) as stream:
        assert pam.delete(f"/api/messages/{root}").status_code == 200
        gone = [stream.until("message.deleted")[-1] for _ in range(2)]
    assert [(one["messageId"], one.get("alsoInChannel")) for one in gone] == [
        (replies[1], True), (root, None),
    ]  # fmt: skip
    assert (newest(kevin)["id"], unread(kevin)[0]) == (before, 0)
    # As old messages are.
    root = post(pam, "Old").json()["id"]
    reply = also(jim, root).json()["id"]
    for message_id, seconds in ((root, 20), (reply, 10)):
        fetch(
            url,
            "UPDATE messages SET created_at = now() - interval '30 days'"
            " - make_interval(secs => $2) WHERE id = $1",
            UUID(message_id),
            seconds,
        )
    pam.put("/api/channels/general/retention", json={"days": 7})
    with listening(kevin) as stream:
        complete(trimmed(url))
        told = []
        while root not in told:
            told.append(stream.until("message.deleted")[-1]["messageId"])
    assert told.index(reply) < told.index(root)


async def trimmed(url: str) -> None:
    database = await Database.open(url)
    await trim(database, Retention(0, 0, 0))
    await database.close()


def test_agents_see_it_in_the_channel_and_the_past_has_it(acting):
    pam, jim = acting("pam"), acting("jim")
    root = post(pam, "Lunch?").json()["id"]
    post(jim, "Quiet words", parentMessageId=root)
    also(jim, root, "Words for all")
    prompt = pam.get("/api/agents/dwight/prompt?channelId=general").text
    assert "Words for all" in prompt
    assert "Quiet words" not in prompt
    past = pam.get("/api/history/channels/general/messages?at=2100-01-01T00:00:00Z").json()
    assert (past["messages"][-1]["text"], past["messages"][-1]["parentMessageId"]) == (
        "Words for all", root,
    )  # fmt: skip
