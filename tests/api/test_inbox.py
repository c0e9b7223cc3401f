"""The inbox: followed threads, mentions and reactions, for each user alone."""

from tests.support.posting import post
from tests.support.streams import listening

SECRET = "vault"


def said(client, text, channel="general", root=None):
    parent = {} if root is None else {"parentMessageId": root}
    return post(client, text, channel, **parent).json()["id"]


def react(client, message_id, emoji="👍", method="POST"):
    answer = client.request(method, f"/api/messages/{message_id}/reactions", json={"emoji": emoji})
    assert answer.is_success, answer.text


def inbox(client, **query):
    answer = client.get("/api/inbox", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def items(client, **query):
    """Kind, id and whether it is unread."""
    found = inbox(client, **query)["items"]
    return [(one["kind"], one["id"], one["isUnread"]) for one in found]


def mark(client, what, kind, item_id):
    return client.post(f"/api/inbox/mark-{what}", json={"kind": kind, "id": item_id})


def unread(client):
    found = client.get("/api/inbox/unread").json()
    assert client.get("/api/sidebar").json().get("inbox", {"mentions": 0, "reactions": 0}) == found
    return found["mentions"], found["reactions"]


def quiet(client):
    """What the pack has left unread."""
    client.post("/api/unreads/mark-read", json={"channelId": "general"})


def test_threads_mentions_and_reactions_are_listed_newest_first(acting):
    pam, jim, toby = acting("pam"), acting("jim"), acting("toby")
    root = said(pam, "Lunch?")
    named = said(jim, "Look here, @pam")
    answer = said(toby, "Yes", root=root)
    react(jim, root)
    react(toby, root, "🎉")
    react(pam, root, "🎉")
    page = inbox(pam, limit=3)["items"]
    assert [(one["kind"], one["id"]) for one in page] == [
        ("reaction", root), ("thread", root), ("mention", named),
    ]  # fmt: skip
    reacted, thread, mention = page
    assert reacted["reactions"] == [
        {"emoji": "👍", "userIds": ["jim"]}, {"emoji": "🎉", "userIds": ["toby"]},
    ]  # fmt: skip
    assert (reacted["userId"], reacted["messageId"]) == ("pam", root)
    assert {name: thread[name] for name in ("messageId", "userId", "text", "unreadCount")} == {
        "messageId": answer, "userId": "toby", "text": "Yes", "unreadCount": 1,
    }  # fmt: skip
    assert (thread["parentMessageId"], thread["rootUserId"]) == (root, "pam")
    assert (mention["userId"], mention["text"]) == ("jim", "Look here, @pam")
    assert "parentMessageId" not in mention
    assert all(one["isUnread"] for one in page)
    assert unread(pam) == (1, 1)
    for kind in ("thread", "mention", "reaction"):
        assert [one for one in page if one["kind"] == kind] == [
            one for one in inbox(pam, kind=kind)["items"] if one["isUnread"]
        ]
    # Nobody else is told, and nobody of what they did themselves.
    assert (root, True) not in [(one, new) for _, one, new in items(jim)]
    assert items(toby, unread=True) == []


def test_what_was_read_where_it_stands_is_read_in_the_inbox(acting):
    pam, jim = acting("pam"), acting("jim")
    quiet(pam)
    root = said(pam, "Lunch?")
    named = said(jim, "Look here, @pam")
    said(jim, "Yes", root=root)
    assert items(pam, unread=True) == [("thread", root, True), ("mention", named, True)]
    pam.post("/api/unreads/mark-read", json={"channelId": "general", "threadId": root})
    assert items(pam, unread=True) == [("mention", named, True)]
    pam.post("/api/unreads/mark-read", json={"channelId": "general"})
    assert items(pam, unread=True) == []
    pam.post("/api/unreads/mark-unread", json={"channelId": "general", "messageId": named})
    assert items(pam, unread=True) == [("mention", named, True)]
    assert unread(pam) == (1, 0)
    jim.delete(f"/api/messages/{named}")
    assert items(pam, unread=True) == []
    assert unread(pam) == (0, 0)


def test_each_item_is_marked_by_itself(acting):
    pam, jim = acting("pam"), acting("jim")
    quiet(pam)
    first, second = said(jim, "One, @pam"), said(jim, "Two, @pam")
    root = said(pam, "Lunch?")
    said(jim, "Yes", root=root)
    react(jim, root)
    assert mark(pam, "read", "mention", second).json() == {"mentions": 1, "reactions": 1}
    assert ("mention", first, True) in items(pam)
    assert ("mention", second, False) in items(pam)
    assert pam.get("/api/unreads").json()["general"] == 2, "the channel is not read by that"
    assert mark(pam, "read", "reaction", root).json() == {"mentions": 1, "reactions": 0}
    assert mark(pam, "read", "thread", root).is_success
    assert pam.get("/api/sidebar").json()["threads"] == {}
    assert items(pam, unread=True) == [("mention", first, True)]
    mark(pam, "unread", "reaction", root)
    mark(pam, "unread", "thread", root)
    mark(pam, "unread", "mention", second)
    pam.post("/api/unreads/mark-read", json={"channelId": "general"})
    assert items(pam, unread=True) == [
        ("reaction", root, True), ("thread", root, True), ("mention", second, True),
    ]  # fmt: skip
    assert unread(pam) == (1, 1)
    # Marking the channel as unread from a message on decides again.
    mark(pam, "read", "mention", second)
    pam.post("/api/unreads/mark-unread", json={"channelId": "general", "messageId": second})
    assert ("mention", second, True) in items(pam)
    assert ("mention", first, False) in items(pam)


def test_all_is_marked_as_read_at_once_and_by_kind(acting):
    pam, jim = acting("pam"), acting("jim")
    quiet(pam)

    def make():
        named, root = said(jim, "Look, @pam"), said(pam, "Lunch?")
        said(jim, "Yes", root=root)
        react(jim, root)
        return named, root

    named, root = make()
    with listening(pam) as stream:
        assert pam.post("/api/inbox/mark-all-read", json={"kind": "reaction"}).is_success
        assert stream.until("inbox.changed")[-1].keys() <= {"type", "id"}
    assert items(pam, unread=True) == [("thread", root, True), ("mention", named, True)]
    assert pam.post("/api/inbox/mark-all-read", json={"kind": "mention"}).is_success
    assert items(pam, unread=True) == [("thread", root, True)]
    with listening(pam) as stream:
        pam.post("/api/inbox/mark-all-read", json={"kind": "thread"})
        told = stream.until("thread.read")[-1]
    assert (told["rootId"], told["unreadCount"]) == (root, 0)
    assert items(pam, unread=True) == []
    make()
    assert pam.post("/api/inbox/mark-all-read", json={}).json() == {"mentions": 0, "reactions": 0}
    assert items(pam, unread=True) == []
    assert pam.get("/api/sidebar").json()["threads"] == {}


def test_a_mention_in_a_reply_is_part_of_its_thread(acting):
    pam, jim, toby = acting("pam"), acting("jim"), acting("toby")
    quiet(pam)
    root = said(jim, "Lunch?")
    reply = said(toby, "Ask @pam", root=root)
    [thread] = inbox(pam, unread=True)["items"]
    assert (thread["kind"], thread["id"], thread["isMention"]) == ("thread", root, True)
    assert items(pam, kind="mention", unread=True) == [("mention", reply, True)]
    assert unread(pam) == (0, 0), "it is counted with its thread"
    mark(pam, "read", "mention", reply)
    assert items(pam, unread=True) == []
    mark(pam, "unread", "mention", reply)
    assert items(pam, unread=True) == [("thread", root, True)]
    said(jim, "I will", root=root)
    pam.post("/api/inbox/mark-all-read", json={"kind": "mention"})
    assert items(pam, kind="mention", unread=True) == []


def test_reactions_are_read_until_another_one_comes(acting):
    pam, jim, toby = acting("pam"), acting("jim"), acting("toby")
    quiet(pam)
    root = said(pam, "Lunch?")
    react(pam, root)
    assert items(pam, unread=True) == [], "one's own are no news"
    with listening(pam) as stream:
        react(jim, root)
        stream.until("inbox.changed")
    mark(pam, "read", "reaction", root)
    assert unread(pam) == (0, 0)
    react(toby, root, "🎉")
    assert items(pam, unread=True) == [("reaction", root, True)]
    react(toby, root, "🎉", "DELETE")
    assert items(pam, unread=True) == [], "what is left had been read"
    react(jim, root, "👍", "DELETE")
    assert ("reaction", root, False) not in items(pam)


def test_a_page_continues_where_the_last_one_ended(acting):
    pam, jim = acting("pam"), acting("jim")
    quiet(pam)
    roots = [said(pam, f"Message {number}") for number in range(4)]
    for root in roots:
        said(jim, "@pam, yes", root=root)
        react(jim, root)
    said(jim, "So, @pam?")
    for query in ({}, {"unread": True}, {"kind": "thread"}, {"kind": "mention"}):
        whole = inbox(pam, limit=200, **query)["items"]
        assert len(whole) >= 4
        found, cursor = [], None
        while True:
            page = inbox(pam, limit=2, **query, **({"before": cursor} if cursor else {}))
            found += page["items"]
            cursor = page["nextCursor"]
            if cursor is None:
                break
        assert found == whole
    refused = pam.get("/api/inbox", params={"before": "nonsense"})
    assert (refused.status_code, refused.json()["code"]) == (400, "invalid_cursor")


def test_what_one_cannot_read_is_in_no_inbox(acting, run_sql):
    run_sql("INSERT INTO channels (id, name, kind) VALUES ('vault', 'vault', 'private')")
    run_sql(
        "INSERT INTO channel_members (channel_id, user_id)"
        " VALUES ('vault', 'jim'), ('vault', 'pam')"
    )
    jim, pam, toby = acting("jim"), acting("pam"), acting("toby")
    quiet(pam)
    quiet(toby)
    root = said(pam, "The code", SECRET)
    said(jim, "Thanks, @toby should not know", SECRET, root)
    said(jim, "Nor @toby here, @pam", SECRET)
    react(jim, root)
    assert len(items(pam, unread=True)) == 3
    assert (items(toby, unread=True), unread(toby)) == ([], (0, 0))
    jim.delete("/api/channels/vault/members/pam")
    assert (items(pam, unread=True), unread(pam)) == ([], (0, 0))
    assert SECRET not in pam.get("/api/inbox?limit=200").text
    for kind in ("thread", "mention", "reaction"):
        hidden = mark(pam, "read", kind, root)
        assert hidden.status_code == 404
        assert (
            hidden.json() == mark(pam, "read", kind, "00000000-0000-4000-8000-000000000000").json()
        )
    jim.post("/api/channels/vault/members", json={"userId": "pam"})
    assert ("mention", True) not in [(kind, new) for kind, _, new in items(pam)], (
        "what was said before she came back is no news"
    )


def test_a_mention_in_a_channel_that_one_has_not_joined_is_unread_until_marked(acting):
    creed, pam = acting("creed"), acting("pam")
    quiet(creed)
    named = said(pam, "Is @creed coming?", "party-planning")
    assert items(creed, unread=True) == [("mention", named, True)]
    assert unread(creed) == (1, 0)
    assert mark(creed, "read", "mention", named).json() == {"mentions": 0, "reactions": 0}
    said(pam, "Well, @creed?", "party-planning")
    creed.post("/api/channels/party-planning/members", json={"userId": "creed"})
    assert unread(creed) == (0, 0), "who joins has read what was there"
    last = said(pam, "Hello @creed", "party-planning")
    assert items(creed, unread=True) == [("mention", last, True)]
    creed.delete("/api/channels/party-planning/members/creed")
    assert (items(creed, unread=True), unread(creed)) == ([], (0, 0))
