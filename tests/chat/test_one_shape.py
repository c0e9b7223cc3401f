"""A message and a run look the same in an event as in every answer, key by key."""

import json
from uuid import UUID

import pytest
from tests.support.posting import newest, post
from tests.support.runs_under_way import begin

TOLD = "SELECT payload::text FROM events WHERE kind = $1 ORDER BY id DESC LIMIT 1"


def told(run_sql, kind):
    return json.loads(run_sql(TOLD, kind)[0][0])


def whole(message, channel):
    """A reply as it is answered by itself: lists and events leave out what all replies share."""
    return message | {"channelId": channel, "threadReplyCount": 0}


@pytest.mark.parametrize("text", ["Hello", 'a "quote" \\ and\nnew lines \u2028 🎉 é', "x" * 40_000])
def test_a_new_message_is_told_as_it_is_answered_and_listed(acting, run_sql, text):
    jim = acting("jim")
    answer = post(jim, text).json()
    assert told(run_sql, "message.created") == {
        "channelId": "general", "parentMessageId": None, "message": answer
    }  # fmt: skip
    assert jim.get(f"/api/messages/{answer['id']}").json() == answer
    assert newest(jim) == answer
    assert post(jim, text, id=answer["id"]).json() == answer


def test_a_new_reply_is_told_as_it_is_answered_and_its_root_as_it_is_listed(acting, run_sql):
    jim, pam = acting("jim"), acting("pam")
    root = post(jim).json()["id"]
    for client in (pam, jim, pam):
        answer = post(client, "Hi", parentMessageId=root).json()
        event = told(run_sql, "message.created")
        assert event["parentMessageId"] == root
        assert whole(event["message"], "general") == answer
        assert jim.get(f"/api/messages/{answer['id']}").json() == answer
        assert jim.get(f"/api/messages/{root}/replies").json()[-1] == event["message"]
        listed = newest(jim)
        assert event["root"].items() <= listed.items()
        assert set(event["root"]) == {
            "id", "userId", "threadReplyCount", "threadParticipantIds", "lastReplyAt"
        }  # fmt: skip
    assert listed["threadParticipantIds"] == ["pam", "jim"]
    pam.delete(f"/api/messages/{answer['id']}")
    assert told(run_sql, "message.deleted")["root"].items() <= newest(jim).items()


def test_a_root_without_replies_is_told_without_a_summary(acting, run_sql):
    jim = acting("jim")
    root = post(jim).json()
    reply = post(jim, "Hi", parentMessageId=root["id"]).json()
    jim.delete(f"/api/messages/{reply['id']}")
    event = told(run_sql, "message.deleted")["root"]
    assert event == {"id": root["id"], "userId": "jim", "threadReplyCount": 0}
    assert newest(jim) == root


def test_an_edited_message_with_reactions_and_a_thread_is_told_as_it_is_answered(acting, run_sql):
    jim, pam = acting("jim"), acting("pam")
    root = post(jim).json()["id"]
    for emoji, client in (("🎉", pam), ("👍", jim), ("🎉", jim)):
        answer = client.post(f"/api/messages/{root}/reactions", json={"emoji": emoji}).json()
    assert told(run_sql, "reaction.added")["reactions"] == answer["reactions"]
    assert answer["reactions"] == newest(jim)["reactions"] == [
        {"emoji": "🎉", "userIds": ["pam", "jim"]}, {"emoji": "👍", "userIds": ["jim"]}
    ]  # fmt: skip
    reply = post(pam, "Hi", parentMessageId=root).json()["id"]
    for message_id, client in ((root, jim), (reply, pam)):
        answer = client.patch(f"/api/messages/{message_id}", json={"text": "Better"}).json()
        event = told(run_sql, "message.updated")["message"]
        assert (event if message_id == root else whole(event, "general")) == answer
        assert client.get(f"/api/messages/{message_id}").json() == answer
        assert answer["editedAt"] > answer["timestamp"]
    assert newest(jim) == jim.get(f"/api/messages/{root}").json()
    assert jim.get(f"/api/messages/{root}/replies").json() == [event]


@pytest.mark.parametrize("status", ["created", "running"])
def test_a_run_is_told_as_it_is_answered_and_listed(acting, run_sql, status):
    run_id = begin(run_sql, status)
    # Instants of whole seconds and of round parts of one, in which renderings differ most.
    run_sql(
        "UPDATE runs SET created_at = '2026-03-04 10:00Z',"
        " started_at = CASE WHEN started_at > now() - interval '1 day' THEN"
        " timestamptz '2026-03-04 10:00:00.1Z' END WHERE id = $1",
        run_id,
    )
    run_sql("UPDATE run_steps SET token_usage = '{\"input_tokens\": 3}' WHERE run_id = $1", run_id)
    michael = acting("michael")
    answer = michael.post(f"/api/runs/{run_id}/cancel").json()
    assert told(run_sql, "run.changed") == {"run": answer}
    trace = michael.get(f"/api/runs/{run_id}").json()
    assert {
        key: value for key, value in trace.items() if key not in ("steps", "messages")
    } == answer
    assert [
        run for run in michael.get("/api/runs?agentId=toby").json() if run["id"] == str(run_id)
    ] == [answer]
    again = michael.post(f"/api/runs/{run_id}/again", json={})
    assert again.status_code == 409
    assert UUID(answer["id"]) == run_id


def test_a_run_that_is_made_is_told_as_it_is_answered(acting, run_sql):
    michael = acting("michael")
    [run_id] = run_sql(
        "SELECT r.id FROM runs r JOIN messages m ON m.id = r.trigger_message_id LIMIT 1"
    )[0]
    answer = michael.post(f"/api/runs/{run_id}/again", json={}).json()
    assert told(run_sql, "run.created") == {"run": answer}
    queue = michael.get(f"/api/agents/{answer['agentId']}/queue").json()
    assert queue["waiting"] == [answer]
