"""`@channel` and `@here`: all people in a channel, or those who are here, and never an agent."""

from tests.support.posting import post
from tests.support.streams import listening

SEEN = "UPDATE people SET last_seen_at = now() - $2::text::interval WHERE id = $1"
MENTIONS = """
SELECT user_id, is_of_group(message_id, user_id) AS is_of_group FROM mentions WHERE message_id = $1
"""


def said(client, text, channel="open", **more):
    answer = post(client, text, channel, **more)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def mentioned(run, message_id):
    return {row["user_id"]: row["is_of_group"] for row in run(MENTIONS, message_id)}


def counts(client):
    sidebar = client.get("/api/sidebar").json()
    return sidebar["mentions"], sidebar["threads"], client.get("/api/inbox/unread").json()


def test_all_people_in_the_channel_are_told_and_nobody_else(signed_in, run_staffed):
    mia, ada, otto = signed_in("mia"), signed_in("ada"), signed_in("otto")
    run_staffed("UPDATE people SET is_active = false WHERE id = 'olga'")
    with listening(ada) as stream:
        one = said(mia, "@Channel and @ada: lunch, @bot?")
        [created] = [e for e in stream.until("message.created") if e["type"] == "message.created"]
    # Who is named is mentioned by name; the agent was named, and no other agent is told.
    assert mentioned(run_staffed, one) == {"ada": False, "bot": False, "gus": True}
    assert created["mentions"] == ["ada", "bot", "gus"]
    assert counts(signed_in("gus"))[0] == {"open": 1}
    assert counts(signed_in("gus"))[2]["mentions"] == 1
    # Otto can read the channel, and is not in it.
    assert counts(otto)[0] == {} == counts(mia)[0]
    [item] = signed_in("gus").get("/api/inbox").json()["items"]
    assert (item["kind"], item["id"]) == ("mention", one)
    signed_in("gus").post("/api/unreads/mark-read", json={"channelId": "open"})
    assert counts(signed_in("gus"))[0] == {}


def test_replies_to_it_are_for_those_who_take_part(signed_in, run_staffed):
    mia, ada, gus = signed_in("mia"), signed_in("ada"), signed_in("gus")
    root = said(mia, "@channel Who comes? @ada does")
    reply = said(mia, "@channel, nobody?", parentMessageId=root)
    assert mentioned(run_staffed, reply) == {}
    assert list(counts(ada)[1]) == [root]
    assert counts(gus)[1] == {}
    assert gus.get(f"/api/messages/{root}/follow").json()["isFollowed"] is False


def test_here_is_for_those_who_have_a_window_open(signed_in, run_staffed):
    mia = signed_in("mia")
    for who, ago in (("olga", "3 minutes"), ("ada", "1 minute"), ("gus", "1 day")):
        run_staffed(SEEN, who, ago)
    assert mentioned(run_staffed, said(mia, "Cake, @here")) == {"ada": True}
    both = said(mia, "Cake, @here and @channel")
    assert mentioned(run_staffed, both) == {"ada": True, "gus": True, "olga": True}


def test_agents_notify_nobody_and_neither_does_a_direct_message(signed_in, run_staffed):
    bot, mia, gus = signed_in("bot"), signed_in("mia"), signed_in("gus")
    assert mentioned(run_staffed, said(bot, "@channel @here")) == {}
    assert mentioned(run_staffed, said(mia, "@channel", "dm-mia-gus")) == {}
    assert set(mentioned(run_staffed, said(gus, "@channel"))) == {"ada", "mia", "olga"}


def test_a_message_that_is_sent_later_notifies_those_who_are_there_then(signed_in, run_staffed):
    mia = signed_in("mia")
    body = {"channelId": "open", "text": "@channel Good morning", "sendAt": "2100-01-01T09:00:00Z"}
    later = mia.post("/api/scheduled-posts", json=body).json()["id"]
    mia.post("/api/channels/open/members", json={"userId": "max"})
    assert mia.post(f"/api/scheduled-posts/{later}/send").is_success
    assert set(mentioned(run_staffed, later)) == {"ada", "gus", "max", "olga"}
