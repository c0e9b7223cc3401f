"""Unread replies of threads, edits, and runs that were stopped: what is added to the contract."""

import json
from uuid import uuid4

import pytest


def post(client, channel_id, text, parent=None):
    body = {"channelId": channel_id, "text": text}
    answer = client.post(
        "/api/messages", json=body | ({"parentMessageId": parent} if parent else {})
    )
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def unread(client):
    answer = client.get("/api/unreads/threads")
    assert answer.status_code == 200
    return {root: thread["unreadCount"] for root, thread in answer.json().items()}


def read(client, channel_id, root, message_id=None):
    body = {"channelId": channel_id, "threadId": root, "messageId": message_id}
    return client.post("/api/unreads/mark-read", json=body)


def test_a_reply_is_unread_for_who_began_the_thread_and_who_replied_in_it(acting):
    michael, pam, jim, toby = (acting(user) for user in ("michael", "pam", "jim", "toby"))
    root = post(michael, "general", "Who wants pizza?")
    before = pam.get("/api/unreads").json()
    post(pam, "general", "Me", root)
    assert unread(michael) == {root: 1}
    assert unread(pam) == {}
    post(jim, "general", "Me, too", root)
    assert unread(michael) == {root: 2}
    assert unread(pam) == {root: 1}
    # Who has nothing to do with the thread is told nothing, and channels count as before.
    assert unread(toby) == {}
    assert pam.get("/api/unreads").json() == before
    # Who replies has read what was there.
    post(michael, "general", "Ordered", root)
    assert unread(michael) == {}
    assert unread(pam) == {root: 2}


def test_a_thread_is_read_up_to_a_reply_and_never_back(acting):
    michael, pam = acting("michael"), acting("pam")
    root = post(michael, "general", "Who wants pizza?")
    replies = [post(pam, "general", f"Reply {number}", root) for number in range(3)]
    assert read(michael, "general", root, replies[1]).status_code == 200
    assert unread(michael) == {root: 1}
    assert read(michael, "general", root, replies[0]).status_code == 200
    assert unread(michael) == {root: 1}
    assert read(michael, "general", root).status_code == 200
    assert unread(michael) == {}
    pam.delete(f"/api/messages/{replies[2]}")
    assert unread(michael) == {}


def test_only_a_thread_of_that_channel_can_be_read(acting):
    michael, creed = acting("michael"), acting("creed")
    secret = post(michael, "management", "Nobody knows")
    reply = post(michael, "management", "Really", secret)
    root = post(michael, "general", "Hello")
    assert read(creed, "management", secret).status_code == 404
    assert read(michael, "general", secret).status_code == 404
    assert read(michael, "management", reply).status_code == 404
    assert read(michael, "general", str(uuid4())).status_code == 404
    assert read(michael, "general", root, reply).status_code == 404


def test_threads_of_a_channel_that_one_left_are_not_unread_nor_when_one_comes_back(acting):
    michael, pam = acting("michael"), acting("pam")
    root = post(michael, "random", "Who took my mug?")
    post(pam, "random", "Creed", root)
    assert unread(michael) == {root: 1}
    assert michael.delete("/api/channels/random/members/michael").status_code == 200
    assert unread(michael) == {}
    post(pam, "random", "Surely", root)
    assert (
        michael.post("/api/channels/random/members", json={"userId": "michael"}).status_code == 201
    )
    assert unread(michael) == {}
    post(pam, "random", "I saw him", root)
    assert unread(michael) == {root: 1}


def test_who_deletes_their_only_reply_follows_no_more(acting):
    michael, pam, jim = acting("michael"), acting("pam"), acting("jim")
    root = post(michael, "general", "Who wants pizza?")
    mine = post(pam, "general", "Me", root)
    post(jim, "general", "Me, too", root)
    assert unread(pam) == {root: 1}
    pam.delete(f"/api/messages/{mine}")
    assert unread(pam) == {}
    michael.delete(f"/api/messages/{root}")
    assert unread(michael) == {}


def test_an_edited_message_says_when_and_another_does_not(acting):
    michael = acting("michael")
    root = post(michael, "general", "Helo")
    reply = post(michael, "general", "Wrld", root)
    assert "editedAt" not in michael.get(f"/api/messages/{root}").json()
    # The same text again is no edit.
    same = michael.patch(f"/api/messages/{root}", json={"text": "Helo"})
    assert "editedAt" not in same.json()
    for message_id in (root, reply):
        answer = michael.patch(f"/api/messages/{message_id}", json={"text": "Hello"}).json()
        assert answer["editedAt"] > answer["timestamp"]
    listed = michael.get("/api/channels/general/messages").json()[-1]
    assert listed == michael.get(f"/api/messages/{root}").json()
    replies = michael.get(f"/api/messages/{root}/replies").json()
    assert replies[0]["editedAt"] == answer["editedAt"]


@pytest.fixture
def asked(acting, run_sql):
    """A message, and what starts a run that is to answer it."""
    message_id = post(acting("michael"), "management", "Who burned the toast?")

    def ask(agent_id="dwight", thread_id=None, trigger=message_id):
        ((run_id,),) = run_sql(
            "INSERT INTO runs (agent_id, trigger_message_id, channel_id, created_at)"
            " VALUES ($1, $2, 'management', clock_timestamp()) RETURNING id",
            agent_id,
            trigger,
        )
        run_sql(
            "INSERT INTO run_details (run_id, kind, thread_id) VALUES ($1, 'message', $2)",
            run_id,
            thread_id,
        )
        run_sql("INSERT INTO run_triggers (run_id, message_id) VALUES ($1, $2)", run_id, trigger)
        return str(run_id)

    return message_id, ask


def test_a_message_says_who_was_stopped_until_they_are_asked_again(acting, asked):
    michael = acting("michael")
    message_id, ask = asked

    def stopped():
        listed = michael.get("/api/channels/management/messages").json()[-1]
        assert listed == michael.get(f"/api/messages/{message_id}").json()
        return listed.get("stoppedRuns")

    run_id = ask()
    assert stopped() is None
    assert michael.post(f"/api/runs/{run_id}/cancel").status_code == 200
    assert stopped() == [{"runId": run_id, "agentId": "dwight"}]
    again = michael.post(f"/api/runs/{run_id}/again", json={})
    assert again.status_code == 201
    assert stopped() is None


def test_an_agent_that_had_answered_is_not_said_to_be_stopped(acting, asked, run_sql):
    michael = acting("michael")
    message_id, ask = asked
    answered, noticed, silent = ask("jim"), ask("toby"), ask("oscar")
    for run_id in (answered, noticed):
        said = post(michael, "management", "It was me")
        run_sql("INSERT INTO run_posts (message_id, run_id) VALUES ($1, $2)", said, run_id)
        if run_id == noticed:
            run_sql("INSERT INTO run_notices (message_id, kind) VALUES ($1, 'failure')", said)
    start = int(michael.get("/api/unreads").headers["x-event-id"])
    stopped = michael.post("/api/runs/cancel", json={"channelId": "management"}).json()
    assert sorted(stopped) == sorted([answered, noticed, silent])
    message = michael.get(f"/api/messages/{message_id}").json()
    assert [one["agentId"] for one in message["stoppedRuns"]] == ["oscar", "toby"]
    told = run_sql(
        "SELECT payload -> 'run' FROM events WHERE id > $1 AND kind = 'run.changed'"
        " AND payload -> 'run' ->> 'triggerMessageId' = $2 ORDER BY id",
        start,
        message_id,
    )
    runs = [json.loads(run) for (run,) in told]
    assert {run["agentId"]: run.get("hasAnswered") for run in runs} == {
        "jim": True,
        "oscar": None,
        "toby": None,
    }
    assert michael.get(f"/api/runs/{answered}").json()["hasAnswered"] is True


def test_all_that_were_stopped_are_asked_again_or_none(acting, asked, run_sql):
    michael, creed = acting("michael"), acting("creed")
    message_id, ask = asked
    stopped = [ask("jim"), ask("toby"), ask("oscar")]
    assert len(michael.post("/api/runs/cancel", json={"channelId": "management"}).json()) == 3
    waiting = "SELECT count(*) FROM mailbox WHERE channel_id = 'management'"
    assert creed.post("/api/runs/again", json={"runIds": stopped}).status_code == 404
    assert michael.post("/api/runs/again", json={"runIds": []}).status_code == 400
    run_sql("UPDATE agents SET is_active = false WHERE id = 'oscar'")
    refused = michael.post("/api/runs/again", json={"runIds": stopped})
    assert (refused.status_code, refused.json()["code"]) == (409, "agent_inactive")
    assert run_sql(waiting)[0][0] == 0
    run_sql("UPDATE agents SET is_active = true WHERE id = 'oscar'")
    before = run_sql("SELECT count(DISTINCT xmin::text) FROM runs")[0][0]
    answer = michael.post("/api/runs/again", json={"runIds": [*stopped, stopped[0]]})
    assert answer.status_code == 201
    assert [run["agentId"] for run in answer.json()] == ["jim", "toby", "oscar"]
    assert {run["triggerMessageId"] for run in answer.json()} == {message_id}
    assert run_sql("SELECT count(DISTINCT xmin::text) FROM runs")[0][0] == before + 1
    assert run_sql(waiting)[0][0] == 3
    assert "stoppedRuns" not in michael.get(f"/api/messages/{message_id}").json()


def test_all_runs_of_one_conversation_are_cancelled_by_who_may_read_it(acting, asked, run_sql):
    michael, creed = acting("michael"), acting("creed")
    message_id, ask = asked
    reply = post(michael, "management", "Was it you?", message_id)
    first, second = ask(), ask("jim")
    threaded = ask("dwight", message_id, reply)

    def status(run_id):
        return run_sql("SELECT status FROM runs WHERE id = $1", run_id)[0][0]

    assert creed.post("/api/runs/cancel", json={"channelId": "management"}).status_code == 404
    assert status(first) == "created"
    answer = michael.post("/api/runs/cancel", json={"channelId": "management"})
    assert (answer.status_code, sorted(answer.json())) == (200, sorted([first, second]))
    assert [status(run_id) for run_id in (first, second, threaded)] == [
        "cancelled",
        "cancelled",
        "created",
    ]
    in_thread = {"channelId": "management", "parentMessageId": message_id}
    assert michael.post("/api/runs/cancel", json=in_thread).json() == [threaded]
    assert michael.post("/api/runs/cancel", json=in_thread).json() == []
