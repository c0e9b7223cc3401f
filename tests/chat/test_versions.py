"""What a message said before it was edited, and which of its texts an agent answered."""

from tests.support.asking import post, settled
from tests.support.minds import working
from tests.support.program import until
from tests.support.running import doing, ran

SAY = ("send_message", {"text": "It is going well"})


def versions(client, message_id):
    answer = client.get(f"/api/messages/{message_id}/versions")
    assert answer.status_code == 200, answer.text
    return answer.json()


def edit(client, message_id, text):
    answer = client.patch(f"/api/messages/{message_id}", json={"text": text})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_earlier_texts_are_listed_oldest_first_with_their_times(acting):
    pam, toby = acting("pam"), acting("toby")
    sent = pam.post("/api/messages", json={"channelId": "random", "text": "One"}).json()
    assert versions(toby, sent["id"]) == [{"text": "One", "timestamp": sent["timestamp"]}]
    edit(pam, sent["id"], "Two")
    edit(pam, sent["id"], "Two")
    edit(pam, sent["id"], "Three")
    found = versions(toby, sent["id"])
    assert [one["text"] for one in found] == ["One", "Two", "Three"]
    times = [one["timestamp"] for one in found]
    assert times == sorted(times)
    assert times[0] == sent["timestamp"]


def test_only_readers_of_the_channel_see_them(acting):
    michael = acting("michael")
    sent = michael.post("/api/messages", json={"channelId": "management", "text": "Secret"}).json()
    edit(michael, sent["id"], "Nothing")
    assert [one["text"] for one in versions(michael, sent["id"])] == ["Secret", "Nothing"]
    stranger = acting("kevin")
    assert stranger.get(f"/api/messages/{sent['id']}/versions").status_code == 404


def test_the_text_that_an_agent_answered_is_marked(run_sql, url, acting):
    asked, run_id = ran(run_sql, url, doing(SAY))
    michael = acting("michael")
    before = [{"runId": run_id, "agentId": "kevin"}]
    [only] = versions(michael, asked)
    assert only["answeredBy"] == before
    edit(michael, asked, "@kevin forget it")
    first, now = versions(michael, asked)
    assert (first["text"], first["answeredBy"]) == ("@kevin how is it going?", before)
    assert (now["text"], "answeredBy" in now) == ("@kevin forget it", False)


def test_a_text_that_was_edited_before_the_run_began_is_not_marked(run_sql, url, acting):
    michael = acting("michael")
    asked = post(run_sql, "michael", "general", "@kevin a typo")
    edit(michael, asked, "@kevin how is it going?")
    with working(url, doing(SAY)):
        until(lambda: settled(run_sql))
    marked = [
        [one["agentId"] for one in version.get("answeredBy", [])]
        for version in versions(michael, asked)
    ]
    assert marked == [[], ["kevin"]]
