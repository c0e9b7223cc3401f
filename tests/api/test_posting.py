"""Writing: what is stored, who may, and what a repetition does."""

import threading
from uuid import uuid4

import pytest
from tests.support.posting import newest, post

LONGEST = 40_000
SCRIPTS = [
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    "[link](javascript:alert(1))",
    "'\"><svg/onload=alert(1)>",
    "\u202eright to left\u2066",
]


def test_what_is_posted_is_the_newest_message(module_acting):
    jim = module_acting("jim")
    answer = post(jim, "  *Hello*\n\n  Scranton  ")
    assert answer.status_code == 201
    message = answer.json()
    assert message | {"id": "", "timestamp": ""} == {
        "id": "", "channelId": "general", "userId": "jim", "text": "  *Hello*\n\n  Scranton  ",
        "timestamp": "", "reactions": [], "threadReplyCount": 0,
    }  # fmt: skip
    assert newest(module_acting("pam")) == message
    assert jim.get(f"/api/messages/{message['id']}").json() == message


def test_a_reply_is_in_its_thread_alone(module_acting):
    jim, pam = module_acting("jim"), module_acting("pam")
    root = post(jim).json()
    answer = post(pam, "Hi", parentMessageId=root["id"])
    assert answer.status_code == 201
    reply = answer.json()
    assert reply["parentMessageId"] == root["id"]
    assert jim.get(f"/api/messages/{reply['id']}").json() == reply
    again = jim.get(f"/api/messages/{root['id']}").json()
    assert again == newest(jim)
    assert again == root | {
        "threadReplyCount": 1, "threadParticipantIds": ["pam"], "lastReplyAt": reply["timestamp"],
    }  # fmt: skip
    (listed,) = jim.get(f"/api/messages/{root['id']}/replies").json()
    assert listed.items() <= reply.items()


@pytest.mark.parametrize("text", ["", " ", "\n\t", "a" * (LONGEST + 1), "NUL \x00", None, 7, ["a"]])
def test_no_other_text_is_taken(refusing, text):
    jim = refusing("jim")
    before = newest(jim)
    answer = post(jim, text)
    assert answer.status_code == 400
    assert answer.json()["details"][0]["loc"] == ["body", "text"]
    changed = jim.patch(f"/api/messages/{before['id']}", json={"text": text})
    assert changed.status_code == 400
    assert newest(jim) == before


def test_a_lone_surrogate_is_refused(refusing):
    body = b'{"channelId": "general", "text": "\\ud800"}'
    headers = {"Content-Type": "application/json"}
    answer = refusing("jim").post("/api/messages", content=body, headers=headers)
    assert answer.status_code == 400


def test_the_longest_message_is_taken_and_a_longer_one_told_the_limit(module_acting):
    jim = module_acting("jim")
    assert post(jim, "🎉" * LONGEST).json()["text"] == "🎉" * LONGEST
    assert "at most 40,000 characters" in post(jim, "a" * (LONGEST + 1)).text


@pytest.mark.parametrize("script", SCRIPTS)
def test_scripts_are_stored_as_the_text_that_they_are(module_acting, script):
    jim = module_acting("jim")
    message = post(jim, script).json()
    assert message["text"] == script
    # A reaction is an emoji, and a name has no signs that turn its direction.
    path = f"/api/messages/{message['id']}/reactions"
    assert jim.post(path, json={"emoji": script}).status_code == 400
    name = script.replace("\u202e", "").replace("\u2066", "")
    made = {"id": f"xss-{uuid4()}", "name": script, "kind": "public", "topic": script}
    assert (jim.post("/api/channels", json=made).status_code == 400) is (name != script)
    answer = jim.post("/api/channels", json=made | {"id": f"xss-{uuid4()}", "name": f"{name} 2"})
    assert (answer.json()["name"], answer.json()["topic"]) == (f"{name} 2", script)
    status = jim.put("/api/users/jim/status", json={"emoji": "🏠", "text": script})
    assert status.json()["status"] == {"emoji": "🏠", "text": script}
    assert newest(jim)["text"] == script


def test_only_members_write(acting, run_sql):
    creed = acting("creed")
    outside = post(creed, channel="sales")
    assert outside.status_code == 403
    assert outside.json()["error"] == ("Only members can write in this channel. Join it first.")
    assert creed.post("/api/channels/sales/members", json={"userId": "creed"}).status_code == 201
    assert post(creed, channel="sales").status_code == 201
    hidden, missing = post(creed, channel="accounting"), post(creed, channel="nowhere")
    assert (hidden.status_code, hidden.json()) == (
        404,
        {"error": "Channel not found.", "code": "channel_not_found"},
    )
    assert (missing.status_code, missing.json()) == (
        404,
        {"error": "Channel not found.", "code": "channel_not_found"},
    )
    assert post(creed, channel="dm-jim-pam").status_code == 404
    assert run_sql("SELECT count(*) FROM messages WHERE user_id = 'creed' AND text = 'Hello'")[0][
        0
    ] == (1)


def test_who_is_inactive_writes_no_more(acting):
    jim, pam = acting("jim"), acting("pam")
    own = post(jim).json()["id"]
    assert pam.delete("/api/agents/jim").status_code == 200
    for refused in (
        post(jim),
        jim.patch(f"/api/messages/{own}", json={"text": "Changed"}),
        jim.delete(f"/api/messages/{own}"),
        jim.post(f"/api/messages/{own}/reactions", json={"emoji": "👍"}),
        jim.patch("/api/channels/general", json={"topic": "Changed"}),
    ):
        assert (refused.status_code, "inactive" in refused.json()["error"]) == (403, True)
    assert pam.get(f"/api/messages/{own}").json()["text"] == "Hello"


def test_a_reply_belongs_to_a_message_of_its_channel_that_is_none_itself(module_acting):
    jim = module_acting("jim")
    root = post(jim).json()["id"]
    reply = post(jim, parentMessageId=root).json()["id"]
    assert post(jim, parentMessageId=reply).status_code == 400
    assert post(jim, channel="announcements", parentMessageId=root).status_code == 404
    assert post(jim, parentMessageId=str(uuid4())).status_code == 404


def test_what_is_sent_twice_is_stored_once(module_acting):
    jim = module_acting("jim")
    message_id = str(uuid4())
    first, second = post(jim, id=message_id), post(jim, "Hello again", id=message_id)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert first.json()["id"] == message_id
    shown = jim.get("/api/channels/general/messages").json()
    assert [m["id"] for m in shown].count(message_id) == 1


def test_an_id_is_one_authors_and_one_channels(module_acting):
    jim, pam = module_acting("jim"), module_acting("pam")
    root = post(jim).json()["id"]
    message_id = str(uuid4())
    post(jim, id=message_id)
    assert post(pam, id=message_id).status_code == 409
    assert post(jim, channel="dm-jim-pam", id=message_id).status_code == 409
    assert post(jim, id=message_id, parentMessageId=root).status_code == 409
    assert post(jim, id="not-a-uuid").status_code == 400


def test_many_at_once_are_each_stored_once_and_in_the_order_of_their_events(acting, run_sql):
    ids = [str(uuid4()) for _ in range(12)]
    people = ["jim", "pam", "dwight", "michael"]
    clients = [acting(person) for person in people]
    answers: list[int] = []

    def send(place: int) -> None:
        for _ in range(2):
            mine = ids[place::4]
            answers.extend(post(clients[place], id=mine_id).status_code for mine_id in mine)
            # Refused, and no harm to those that go with it.
            answers.append(post(clients[place], channel="nowhere").status_code)

    threads = [threading.Thread(target=send, args=[place]) for place in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200] * 12 + [201] * 12 + [404] * 8
    stored = run_sql(
        "SELECT id::text FROM messages WHERE id = ANY($1::uuid[]) ORDER BY created_at, id", ids
    )
    told = run_sql(
        "SELECT payload #>> '{message,id}' FROM events WHERE kind = 'message.created' ORDER BY id"
    )
    assert stored == told
    assert len(stored) == 12


def test_one_edits_and_deletes_ones_own_alone(module_acting):
    jim, pam, creed = module_acting("jim"), module_acting("pam"), module_acting("creed")
    message = post(jim, channel="dm-jim-pam").json()
    path = f"/api/messages/{message['id']}"
    assert pam.patch(path, json={"text": "No"}).status_code == 403
    assert pam.delete(path).status_code == 403
    assert creed.patch(path, json={"text": "No"}).status_code == 404
    assert creed.delete(path).status_code == 404
    edited = jim.patch(path, json={"text": "Better"})
    edited_at = edited.json().get("editedAt")
    expected = message | {"text": "Better", "editedAt": edited_at}
    assert (edited.status_code, edited.json()) == (200, expected)
    assert edited_at > message["timestamp"]
    assert newest(pam, "dm-jim-pam") == edited.json()
    deleted = jim.delete(path)
    assert (deleted.status_code, deleted.json()) == (200, edited.json())
    assert jim.get(path).status_code == 404
    assert jim.delete(path).status_code == 404


def test_deleting_a_root_deletes_its_thread(module_acting):
    jim, pam = module_acting("jim"), module_acting("pam")
    root = post(jim).json()["id"]
    reply = post(pam, parentMessageId=root).json()["id"]
    assert pam.delete(f"/api/messages/{reply}").status_code == 200
    assert jim.get(f"/api/messages/{root}").json()["threadReplyCount"] == 0
    reply = post(pam, parentMessageId=root).json()["id"]
    assert jim.delete(f"/api/messages/{root}").status_code == 200
    assert pam.get(f"/api/messages/{reply}").status_code == 404


def test_reactions_go_on_and_off_once(module_acting):
    jim, pam = module_acting("jim"), module_acting("pam")
    path = f"/api/messages/{post(jim).json()['id']}/reactions"
    for client in (jim, pam, jim):
        used = client.post(path, json={"emoji": "👍"})
        assert used.status_code == 200
    assert used.json()["reactions"] == [{"emoji": "👍", "userIds": ["jim", "pam"]}]
    pam.post(path, json={"emoji": "🎉"})
    for _ in range(2):
        left = jim.request("DELETE", path, json={"emoji": "👍"})
        assert left.json()["reactions"] == [
            {"emoji": "👍", "userIds": ["pam"]}, {"emoji": "🎉", "userIds": ["pam"]},
        ]  # fmt: skip
    assert newest(jim)["reactions"] == left.json()["reactions"]
    assert jim.post(path, json={"emoji": " "}).status_code == 400
    assert jim.post(path, json={"emoji": "a" * 65}).status_code == 400


def test_only_members_react(module_acting):
    stanley, creed = module_acting("stanley"), module_acting("creed")
    message = newest(stanley, "sales")["id"]
    path = f"/api/messages/{message}/reactions"
    assert creed.post(path, json={"emoji": "👍"}).status_code == 403
    assert creed.request("DELETE", path, json={"emoji": "👍"}).status_code == 403
    secret = newest(module_acting("angela"), "accounting")["id"]
    path = f"/api/messages/{secret}/reactions"
    assert creed.post(path, json={"emoji": "👍"}).status_code == 404


def test_status_and_presence_are_ones_own(module_acting):
    jim, pam = module_acting("jim"), module_acting("pam")
    status = {"emoji": "🏠", "text": "At home"}
    assert jim.put("/api/users/jim/status", json=status).json()["status"] == status
    away = jim.put("/api/users/jim/presence", json={"presence": "away"}).json()
    assert (away["presence"], away["status"]) == ("away", status)
    assert pam.get("/api/users/jim").json() == away
    gone = jim.put(
        "/api/users/jim/status", content=b"null", headers={"Content-Type": "application/json"}
    )
    assert gone.status_code == 200
    assert "status" not in gone.json()
    assert pam.put("/api/users/jim/status", json=status).status_code == 403
    assert pam.put("/api/users/jim/presence", json={"presence": "away"}).status_code == 403
    assert pam.put("/api/users/nobody/presence", json={"presence": "away"}).status_code == 404
    assert jim.put("/api/users/jim/presence", json={"presence": "asleep"}).status_code == 400
    assert jim.put("/api/users/jim/status", json={"emoji": "🏠"}).status_code == 400
