"""What an agent reads or says elsewhere in a run stays with those who can read it there."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.support.asking import post
from tests.support.minds import SmallMind
from tests.support.running import ran

from bullpen.agents.runtimes.base import RunResult, Usage
from bullpen.agents.tools import TOOLS

SECRET = "The quarterly numbers are heliotrope"


def doing(*calls):
    async def act(spec, recorder):
        for number, (tool, arguments) in enumerate(calls):
            await recorder.turn_started(spec.model_id, {"asked": number, "knows": calls[:number]})
            await recorder.said(f"Turn {number}")
            await recorder.call(tool, arguments, str(number))
            await recorder.turn_ended(Usage(1, 1), None, None)
        return RunResult("end_turn")

    return SmallMind(act, tools=TOOLS)


def seen(client, run_id) -> str:
    paths = ["", "/account", *(f"/steps/{number}/request" for number in (1, 2, 3))]
    return "\n".join(client.get(f"/api/runs/{run_id}{path}").text for path in paths)


ELSEWHERE = ("send_message", {"text": SECRET, "channel": "accounting"})
TOMORROW = (datetime.now(UTC) + timedelta(days=1)).isoformat()


@pytest.mark.ac("1.4.11")
def test_a_public_run_hides_what_it_wrote_in_a_private_channel(run_sql, url, acting):
    post(run_sql, "angela", "accounting", f"{SECRET}, says Oscar")
    nothing = ("do_nothing", {"reason": SECRET})
    _, run_id = ran(run_sql, url, doing(("search_memory", {"query": "food"}), ELSEWHERE, nothing))
    creed, angela = acting("creed"), acting("angela")
    assert "heliotrope" in seen(angela, run_id)
    trace = creed.get(f"/api/runs/{run_id}").json()
    assert "heliotrope" not in seen(creed, run_id)
    first, *hidden = trace["steps"]
    assert first["messages"][0]["content"] == "Turn 0"
    for step in hidden:
        assert {message["toolInput"] for message in step["messages"]} == {None}
        assert {message["toolName"] for message in step["messages"]} == {None}
        assert step["tokenUsage"] is None
        assert all(message["content"].startswith("Hidden") for message in step["messages"])
    assert creed.get(f"/api/runs/{run_id}/steps/2/request").status_code == 200
    assert creed.get(f"/api/runs/{run_id}/steps/3/request").status_code == 404
    assert angela.get(f"/api/runs/{run_id}/steps/3/request").status_code == 200


@pytest.mark.ac("1.4.11")
def test_what_it_says_to_one_member_is_theirs(run_sql, url, acting):
    _, run_id = ran(run_sql, url, doing(("send_message", {"text": SECRET, "to": "pam"})))
    assert "heliotrope" in seen(acting("pam"), run_id)
    assert "heliotrope" not in seen(acting("creed"), run_id)


@pytest.mark.ac("1.4.11")
def test_a_note_for_a_private_channel_is_its_readers(run_sql, url, acting):
    note = {"at": TOMORROW, "note": SECRET, "channel": "accounting"}
    _, run_id = ran(run_sql, url, doing(("schedule_message", note)))
    assert "heliotrope" in seen(acting("oscar"), run_id)
    assert "heliotrope" not in seen(acting("creed"), run_id)


def test_what_was_taken_from_a_channel_that_is_gone_nobody_sees(run_sql, url, acting):
    _, run_id = ran(run_sql, url, doing(ELSEWHERE))
    angela, creed = acting("angela"), acting("creed")
    assert angela.delete("/api/channels/accounting").status_code == 200
    made = {"id": "accounting", "name": "accounting", "kind": "private", "memberIds": ["angela"]}
    assert creed.post("/api/channels", json=made).status_code == 201
    assert "heliotrope" not in seen(creed, run_id)
