"""Following threads by choice, and not following those that one takes part in."""

from tests.support.posting import post
from tests.support.streams import listening


def said(client, text, root=None, channel="general"):
    parent = {} if root is None else {"parentMessageId": root}
    return post(client, text, channel, **parent).json()["id"]


def choose(client, method, message_id):
    return client.request(method, f"/api/messages/{message_id}/follow")


def follows(client, message_id):
    return choose(client, "GET", message_id).json()["isFollowed"]


def unread(client):
    found = client.get("/api/sidebar").json()["threads"]
    listed = client.get("/api/inbox?kind=thread&unread=true").json()["items"]
    assert {one["id"] for one in listed} == set(found)
    return {root: thread["unreadCount"] for root, thread in found.items()}


def test_a_thread_of_others_is_followed_by_choice(acting):
    pam, jim, toby = acting("pam"), acting("jim"), acting("toby")
    root = said(jim, "Lunch?")
    reply = said(toby, "Yes", root)
    assert not follows(pam, root)
    with listening(pam) as stream:
        assert choose(pam, "PUT", reply).json() == {"channelId": "general", "isFollowed": True}
        told = stream.until("thread.followed")[-1]
    assert (told["rootId"], told["isFollowed"], "unread" in told) == (root, True, False)
    assert follows(pam, root)
    assert unread(pam) == {}, "what is there counts as read"
    last = said(toby, "So?", root)
    assert unread(pam) == {root: 1}
    pam.post("/api/unreads/mark-read", json={"channelId": "general", "threadId": root})
    assert unread(pam) == {}
    body = {"channelId": "general", "messageId": last}
    assert pam.post("/api/unreads/mark-unread", json=body).is_success
    assert unread(pam) == {root: 1}
    assert choose(pam, "DELETE", root).json()["isFollowed"] is False
    said(toby, "Hello?", root)
    assert (unread(pam), follows(pam, root)) == ({}, False)
    assert unread(jim) == {root: 3}, "nobody else's choice"


def test_who_takes_part_follows_a_thread_until_they_choose_not_to(acting):
    pam, jim, toby = acting("pam"), acting("jim"), acting("toby")
    root = said(pam, "Lunch?")
    assert follows(pam, root)
    said(jim, "Yes", root)
    assert unread(pam) == {root: 1}
    choose(pam, "DELETE", root)
    assert unread(pam) == {}
    said(jim, "Where?", root)
    assert (unread(pam), follows(pam, root)) == ({}, False)
    said(toby, "Ask @pam", root)
    assert unread(pam) == {root: 1}, "a mention makes one follow it again, from there on"
    choose(pam, "DELETE", root)
    said(pam, "At noon", root)
    assert follows(pam, root), "so does a reply of one's own"
    said(jim, "Fine", root)
    assert unread(pam) == {root: 1}


def test_only_members_follow_a_thread_and_leaving_forgets_that(acting, run_sql):
    pam, creed, jim = acting("pam"), acting("creed"), acting("jim")
    root = said(pam, "Balloons?", channel="party-planning")
    refused = choose(creed, "PUT", root)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_a_member")
    assert not follows(creed, root)
    secret = said(acting("michael"), "Numbers", channel="management")
    for method in ("GET", "PUT", "DELETE"):
        hidden = choose(creed, method, secret)
        assert hidden.status_code == 404
        nothing = choose(creed, method, "00000000-0000-4000-8000-000000000000")
        assert hidden.json() == nothing.json()
    open_root = said(jim, "Soup?", channel="random")
    assert choose(pam, "PUT", open_root).is_success
    pam.delete("/api/channels/random/members/pam")
    assert "follows" not in pam.get("/api/sidebar").json()
    pam.post("/api/channels/random/members", json={"userId": "pam"})
    said(acting("kevin"), "Chili", open_root, "random")
    assert (unread(pam), follows(pam, open_root)) == ({}, False)
    assert run_sql("SELECT count(*) FROM thread_follows")[0][0] == 0
