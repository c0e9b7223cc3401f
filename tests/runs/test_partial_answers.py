"""What an agent writes is shown while it is written, to its readers, and then replaced."""

import json

from tests.support.program import until
from tests.support.streams import listening
from tests.support.writing import asked, part

from bullpen.agents.runtimes.pieces import Begun, Thought

KINDS = ("answer.updated", "answer.ended", "message.created")
DM = "dm-michael-toby"
LEFT = "SELECT count(*) FROM partial_answers"


def shown(stream, kind=None):
    """The next event that is about an answer."""
    while True:
        event = stream.next()
        if event["type"] in KINDS:
            assert kind in (None, event["type"]), event
            return event


def test_a_text_is_shown_as_it_is_written_and_replaced_by_its_message(url, run_sql, acting):
    with listening(acting("michael")) as stream, asked(url, run_sql) as writing:
        assert shown(stream)["type"] == "message.created"
        writing.emit(part('{"text": "Hel'))
        first = shown(stream, "answer.updated")
        assert first["text"] == {"offset": 0, "text": "Hel"}
        assert (first["agentId"], first["channelId"], first["parentMessageId"]) == (
            *("toby", DM, None),
        )
        writing.emit(part("lo \U0001f950"), part(" *th"))
        got = shown(stream, "answer.updated")
        if got["text"]["text"] == "lo \U0001f950":
            got = shown(stream, "answer.updated")
            assert got["text"] == {"offset": 8, "text": " *th"}
        else:
            assert got["text"] == {"offset": 3, "text": "lo \U0001f950 *th"}
        # A window that opens now sees what is there, and then what is added.
        with listening(acting("michael")) as late:
            whole = shown(late, "answer.updated")
            assert whole["text"] == {"offset": 0, "text": "Hello \U0001f950 *th"}
            assert whole["runId"] == first["runId"]
            writing.send()
            for window in (stream, late):
                assert shown(window, "message.created")["message"]["text"] == "Hello *there*"
                ended = shown(window, "answer.ended")
                assert (ended["runId"], ended["agentId"]) == (first["runId"], "toby")
    assert run_sql(LEFT)[0][0] == 0


def test_it_has_no_number_of_its_own_and_leaves_no_event_behind(url, run_sql, acting):
    michael = acting("michael")
    with listening(michael) as stream, asked(url, run_sql) as writing:
        writing.emit(part('{"text": "Hel'))
        number = shown(stream)["id"]
        update = shown(stream, "answer.updated")
        assert update["id"] >= number
        newest = run_sql("SELECT max(id) FROM events")[0][0]
        assert update["id"] <= newest
        with listening(michael, update["id"]) as again:
            assert shown(again, "answer.updated")["text"]["text"] == "Hel"
    kinds = {row[0] for row in run_sql("SELECT DISTINCT kind FROM events")}
    assert not {kind for kind in kinds if kind.startswith("answer.")}


def test_only_readers_of_the_place_it_goes_to_are_shown_it(url, run_sql, acting):
    pam = acting("pam")
    dm = {"id": "dm-pam-toby", "name": "x", "kind": "dm", "memberIds": ["pam", "toby"]}
    assert pam.post("/api/channels", json=dm).status_code in (201, 409)
    with (
        listening(acting("jim")) as outsider,
        listening(pam) as addressed,
        listening(acting("michael")) as asking,
        asked(url, run_sql) as writing,
    ):
        writing.calls = [("do_nothing", {"reason": "-"})]
        writing.emit(part('{"text": "Between us'))
        shown(asking)
        assert shown(asking, "answer.updated")["text"]["text"] == "Between us"
        # What it read in this DM may not be told in another one: nothing is shown of it there.
        writing.emit(Begun(), part('{"to": "pam", "text": "Psst'))
        assert shown(asking, "answer.ended")["channelId"] == DM
        writing.emit(Begun(), part('{"channel": "general", "text": "All'))
        writing.emit(Begun(), part('{"text": "Again'))
        assert shown(asking, "answer.updated")["text"] == {"offset": 0, "text": "Again"}
        for stream in (outsider, addressed):
            assert not has_answers(stream)


def has_answers(stream):
    found = False
    while not stream.none_so_far():
        event = stream.next()
        found |= event["type"].startswith("answer.")
    return found


def test_in_a_public_channel_an_address_shows_it_there_alone(url, run_sql, acting):
    with (
        listening(acting("michael")) as michael,
        asked(url, run_sql, channel="general") as writing,
    ):
        writing.calls = [("do_nothing", {"reason": "-"})]
        shown(michael)
        writing.emit(Thought("Hm"), part('{"text": "Here'))
        first = shown(michael, "answer.updated")
        assert (first["channelId"], first["thinking"]["text"]) == ("general", "Hm")
        writing.emit(Begun(), Thought("Hm"), part('{"channel": "#announcements", "text": "There'))
        assert shown(michael, "answer.ended")["channelId"] == "general"
        there = shown(michael, "answer.updated")
        # Thoughts are of the trace, which those see who read the run's own place.
        assert (there["channelId"], there["text"]["text"]) == ("announcements", "There")
        assert "thinking" not in there


def test_the_tool_at_work_is_named(url, run_sql, acting):
    with listening(acting("michael")) as stream, asked(url, run_sql) as writing:
        shown(stream)
        writing.emit(part('{"query": "secret"}', "search_messages"))
        update = shown(stream, "answer.updated")
        assert (update["tool"], update["text"]["text"]) == ("search_messages", "")
        assert "secret" not in json.dumps(update)
        writing.emit(Begun(), part('{"text": "Found'))
        update = shown(stream, "answer.updated")
        while not update["text"]["text"]:
            update = shown(stream, "answer.updated")
        assert update["tool"] is None


def test_a_run_that_is_stopped_leaves_nothing_to_see(url, run_sql, acting):
    michael = acting("michael")
    with listening(michael) as stream, asked(url, run_sql) as writing:
        shown(stream)
        writing.emit(part('{"text": "Hel'))
        run_id = shown(stream, "answer.updated")["runId"]
        assert michael.post(f"/api/runs/{run_id}/cancel").status_code == 200
        assert shown(stream)["type"] == "answer.ended"
        with listening(michael) as late:
            michael.post("/api/messages", json={"channelId": DM, "text": "Never mind."})
            assert shown(late)["type"] == "message.created"


def test_what_a_worker_that_is_gone_left_behind_is_not_shown(url, run_sql, acting):
    with listening(acting("michael")) as stream, asked(url, run_sql) as writing:
        shown(stream)
        writing.emit(part('{"text": "Hel'))
        shown(stream, "answer.updated")
        # As if another worker had taken the run over.
        run_sql("UPDATE mailbox SET worker = 'another', attempt = attempt + 1")
        assert shown(stream)["type"] == "answer.ended"
        run_sql("UPDATE mailbox SET lease_until = '-infinity'")
        until(lambda: run_sql("SELECT count(*) FROM mailbox WHERE worker = 'another'")[0][0] == 0)
