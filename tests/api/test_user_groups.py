"""User groups: who changes them, what their handles may be, and whom a mention of one reaches."""

import pytest
from asyncpg import UniqueViolationError
from tests.support.posting import post
from tests.support.streams import listening

from bullpen.chat.routing import FACTS, facts_of, questions, route
from bullpen.chat.send import NewMessage
from bullpen.kit.ids import new_id

MENTIONS = """
SELECT user_id, is_of_group(message_id, user_id) AS is_of_group FROM mentions WHERE message_id = $1
"""


def made(client, handle="crew", *member_ids, **more):
    body = {"handle": handle, "memberIds": list(member_ids)} | more
    answer = client.post("/api/user-groups", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def said(client, text, channel="open", **more):
    answer = post(client, text, channel, **more)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def mentioned(run, message_id):
    return {row["user_id"]: row["is_of_group"] for row in run(MENTIONS, message_id)}


def test_a_group_is_made_changed_and_deleted_and_all_but_guests_are_told(signed_in):
    mia, ada, gus = signed_in("mia"), signed_in("ada"), signed_in("gus")
    told, of_guest = [], []
    with listening(ada) as stream, listening(gus) as guest:
        group = made(mia, "@Crew", "mia", "gus", "bot", description=" Who sails ")
        assert group == {
            "id": group["id"], "handle": "Crew", "description": "Who sails",
            "memberIds": ["bot", "gus", "mia"],
        }  # fmt: skip
        path = f"/api/user-groups/{group['id']}"
        renamed = mia.patch(path, json={"handle": "sailors"}).json()
        assert renamed == group | {"handle": "sailors"}
        assert mia.put(f"{path}/members/max").json()["memberIds"] == ["bot", "gus", "max", "mia"]
        # Once more changes nothing and tells nobody.
        assert mia.put(f"{path}/members/max").json()["memberIds"] == ["bot", "gus", "max", "mia"]
        left = mia.delete(f"{path}/members/gus").json()
        assert left["memberIds"] == ["bot", "max", "mia"]
        assert mia.delete(f"{path}/members/gus").json() == left
        assert (
            mia.get("/api/user-groups").json()
            == [left]
            == signed_in("bot").get("/api/user-groups").json()
        )
        assert gus.get("/api/user-groups").json() == []
        assert mia.delete(path).json()["code"] == "not_permitted"
        assert ada.delete(path).json() == left
        assert mia.get("/api/user-groups").json() == []
        assert mia.patch(path, json={"handle": "x"}).json()["code"] == "user_group_not_found"
        said(mia, "Done")
        told = [e for e in stream.until("message.created") if e["type"].startswith("user_group")]
        of_guest = [e for e in guest.until("message.created") if e["type"].startswith("user_group")]
    assert [event.get("group", {}).get("handle") for event in told] == [
        "Crew", "sailors", "sailors", "sailors", None,
    ]  # fmt: skip
    assert told[-1]["groupId"] == group["id"]
    assert of_guest == []
    entries = ada.get("/api/audit?action=user_group").json()["entries"]
    assert [entry["action"].partition(".")[2] for entry in entries] == [
        "deleted", "edited", "edited", "edited", "created",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "handle",
    [
        "mia",
        "MIA",
        "Bot",
        "мia",
        "everyone",
        "channel",
        "two words",
        "a@b",
        "-a",
        "a.b",
        "",
        "@",
        "x" * 41,
    ],
)
def test_a_handle_is_one_word_that_means_nobody_else(signed_in, handle: str):
    answer = signed_in("mia").post("/api/user-groups", json={"handle": handle})
    assert answer.status_code in (400, 409), answer.text


def test_nobody_gets_the_handle_of_a_group_nor_a_group_that_of_another(signed_in, run_staffed):
    mia, ada = signed_in("mia"), signed_in("ada")
    run_staffed("UPDATE people SET display_name = 'Maxine Müller' WHERE id = 'max'")
    made(mia, "crew")
    for taken in ("Crew", "creᴡ", "maxine"):
        answer = mia.post("/api/user-groups", json={"handle": taken})
        assert (answer.status_code, answer.json()["code"]) == (409, "name_taken"), taken
    answer = ada.patch("/api/people/max", json={"displayName": "Crew"})
    assert (answer.status_code, answer.json()["code"]) == (409, "name_taken")
    # Two words are another name.
    assert ada.patch("/api/people/max", json={"displayName": "Crew Member"}).is_success
    # An inactive member has their id still.
    run_staffed("UPDATE people SET is_active = false WHERE id = 'art'")
    assert mia.post("/api/user-groups", json={"handle": "art"}).status_code == 409


def test_the_database_keeps_handles_and_names_apart_by_itself(signed_in, run_staffed):
    made(signed_in("mia"), "crew")
    for statement in (
        "INSERT INTO user_groups (handle, description) VALUES ('CREW', '')",
        "INSERT INTO user_groups (handle, description) VALUES ('Mia', '')",
        "UPDATE user_groups SET handle = 'rob'",
        "UPDATE people SET display_name = 'Crew' WHERE id = 'max'",
        "UPDATE agents SET display_name = 'crew' WHERE id = 'rob'",
        "INSERT INTO people (id, display_name, avatar_color) VALUES ('Crew', 'X', '#000000')",
    ):
        with pytest.raises(UniqueViolationError):
            run_staffed(statement)
    run_staffed("UPDATE people SET display_name = 'Crew', is_active = false WHERE id = 'max'")
    with pytest.raises(UniqueViolationError):
        run_staffed("UPDATE people SET is_active = true WHERE id = 'max'")


def test_a_mention_reaches_the_members_who_can_read_the_channel(signed_in, run_staffed):
    mia, ada, gus, max_ = (signed_in(who) for who in ("mia", "ada", "gus", "max"))
    made(mia, "crew", "mia", "ada", "gus", "max", "gil", "bot", "olga")
    run_staffed("UPDATE people SET is_active = false WHERE id = 'olga'")
    with listening(ada) as stream, listening(gus) as guest, listening(max_) as outside:
        one = said(mia, "@Crew, sails up")
        [created] = [e for e in stream.until("message.created") if e["type"] == "message.created"]
        assert created["mentions"] == ["ada", "bot", "gus"]
        # The guest does not learn who else is in the group.
        assert "max" not in str(guest.until("message.created"))
        assert [e["type"] for e in outside.until("inbox.changed")][-1] == "inbox.changed"
    # Max can read the public channel without being in it. Gil is a guest, and cannot.
    assert mentioned(run_staffed, one) == {"ada": False, "bot": False, "gus": False, "max": True}
    for client in (ada, gus):
        assert client.get("/api/sidebar").json()["mentions"] == {"open": 1}
    for client, items in ((ada, [one]), (gus, [one]), (max_, [one]), (signed_in("gil"), [])):
        found = client.get("/api/inbox").json()["items"]
        assert [item["id"] for item in found if item["kind"] == "mention"] == items
    secret = said(mia, "@crew, quietly", "closed")
    assert mentioned(run_staffed, secret) == {"ada": False, "bot": False, "gus": False}
    assert [item["id"] for item in max_.get("/api/inbox").json()["items"]] == [one]
    # Who is named as well is mentioned by name, and `@channel` takes nothing away.
    both = said(mia, "@channel @crew @max")
    assert mentioned(run_staffed, both) == {"ada": False, "bot": False, "gus": False, "max": False}


def test_members_follow_a_thread_that_mentions_their_group(signed_in):
    mia, ada = signed_in("mia"), signed_in("ada")
    made(mia, "crew", "ada", "max")
    root = said(mia, "Who steers?")
    said(mia, "@crew?", parentMessageId=root)
    assert list(ada.get("/api/sidebar").json()["threads"]) == [root]
    assert signed_in("max").get("/api/sidebar").json()["threads"] == {}


def test_a_message_keeps_its_mentions_when_the_group_changes(signed_in, run_staffed):
    mia, ada = signed_in("mia"), signed_in("ada")
    group = made(mia, "crew", "ada")
    path = f"/api/user-groups/{group['id']}"
    one = said(mia, "@crew")
    mia.patch(path, json={"handle": "sailors"})
    mia.put(f"{path}/members/gus")
    assert mentioned(run_staffed, one) == {"ada": False}
    assert mentioned(run_staffed, said(mia, "@crew")) == {}
    ada.delete(path)
    assert mentioned(run_staffed, one) == {"ada": False}
    assert mentioned(run_staffed, said(mia, "@sailors")) == {}
    assert ada.get(f"/api/messages/{one}").json()["text"] == "@crew"


def test_a_deleted_agent_leaves_its_groups(signed_in):
    ada, mia = signed_in("ada"), signed_in("mia")
    group = made(mia, "crew", "bot", "mia")
    with listening(mia) as stream:
        body = {"displayName": "Bot"}
        assert ada.post("/api/agents/bot/delete", json=body).is_success
        [told] = [
            e for e in stream.until("user_group.changed") if e["type"] == "user_group.changed"
        ]
    assert told["group"] == group | {"memberIds": ["mia"]}
    assert mia.get("/api/user-groups").json() == [told["group"]]


@pytest.mark.parametrize(("author", "asked"), [("mia", ["bot", "rob"]), ("bot", [])])
def test_a_person_asks_the_agents_of_a_group_and_the_program_of_an_agent_does_not(
    run_staffed, author, asked
):
    run_staffed("INSERT INTO user_groups (handle, description) VALUES ('crew', '')")
    run_staffed("INSERT INTO user_group_members SELECT g.id, u.id FROM user_groups g, users u")
    run_staffed("INSERT INTO channel_answering VALUES ('agents', 'mentions')")
    draft = NewMessage(new_id(), "agents", None, author, "@crew, look")
    program = author if author == "bot" else None
    [[facts]] = run_staffed(FACTS, *questions([draft], program=program))
    routed = route([draft], facts_of(facts))
    assert [ask.agent_id for ask in routed.asks] == asked
    assert len(routed.mentions) == 1
