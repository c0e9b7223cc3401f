"""External agents: a program takes their runs through the API and answers, by everybody's rules."""

import json
from contextlib import ExitStack
from threading import Thread

import pytest
from tests.support.fixtures import complete
from tests.support.program import until
from tests.support.serving import serving
from tests.support.tokens import make_token, with_token

from bullpen.agents.external import free_overdue
from bullpen.kit.database import Database
from bullpen.runs.mailbox import claim

RUNS = "/api/agent/runs"


@pytest.fixture
def office(url):
    """Clients of a server whose posts ask agents: Jim, and the program that answers for Pam."""
    with serving(url, agents=True) as served, ExitStack() as clients:
        jim = clients.enter_context(served.client("jim"))
        assert jim.put("/api/agents/pam/mind", json={"mind": "external"}).json() == {
            "mind": "external"
        }
        token = make_token(jim, "/api/agents/pam/tokens", scopes=["agent", "read"])["token"]
        yield jim, clients.enter_context(with_token(served, token)), served


def ask(jim, text="@pam, are you there?", channel="general", **more):
    sent = jim.post("/api/messages", json={"channelId": channel, "text": text} | more)
    assert sent.status_code == 201, sent.text
    return sent.json()["id"]


def take(program):
    """The id of the next run, which is claimed."""
    run_id = program.get(RUNS).json()["run"]["id"]
    answer = program.post(f"{RUNS}/{run_id}/claim")
    assert answer.status_code == 200, answer.text
    return run_id


def with_database(url, work):
    async def run():
        database = await Database.open(url)
        try:
            return await work(database)
        finally:
            await database.close()

    return complete(run())


def test_a_run_is_given_claimed_and_answered(office, run_sql):
    jim, program, _ = office
    assert program.get(RUNS).json() == {"run": None}
    asked = ask(jim)
    run = program.get(RUNS).json()["run"]
    assert (run["kind"], run["channel"]["id"], run["threadId"]) == ("message", "general", None)
    assert [m["id"] for m in run["messages"] if m["isNew"]] == [asked]
    assert {"id": "pam", "name": "Pam Beesly", "title": "Receptionist", "kind": "agent"} in (
        run["channel"]["members"]
    )
    assert {block["agentId"] for block in run["memory"]} >= {"pam"}
    claimed = program.post(f"{RUNS}/{run['id']}/claim").json()
    assert claimed["attempt"] == 1
    assert 'You are "Pam Beesly" (id pam)' in claimed["instructions"]
    assert "@pam, are you there?" in claimed["prompt"]
    # Nothing else is to be taken meanwhile.
    assert program.get(RUNS).json() == {"run": None}
    assert jim.get("/api/agents/pam/queue").json()["state"] == "running"
    answer = {
        "text": "Dunder Mifflin, this is Pam.",
        "model": "my-model-1",
        "usage": {"inputTokens": 100, "outputTokens": 20, "costUsd": 0.05},
        "steps": [
            {"text": "I should answer."},
            {"text": "5 lines", "tool": "read_file", "input": {"path": "a.txt"}},
        ],
    }
    sent = program.post(f"{RUNS}/{run['id']}/answer", json=answer)
    assert sent.status_code == 200, sent.text
    message_id = sent.json()["messageId"]
    message = jim.get(f"/api/messages/{message_id}").json()
    assert (message["userId"], message["text"]) == ("pam", answer["text"])
    trace = jim.get(f"/api/runs/{run['id']}").json()
    assert (trace["status"], trace["stopReason"]) == ("completed", "end_turn")
    assert trace["tokenUsage"] == {"inputTokens": 100, "outputTokens": 20}
    [step] = trace["steps"]
    assert (step["modelId"], step["status"]) == ("my-model-1", "completed")
    assert [(m["messageType"], m["toolName"]) for m in step["messages"]] == [
        ("assistant_message", None),
        ("tool_call_message", "read_file"),
        ("tool_return_message", "read_file"),
        ("tool_call_message", "send_message"),
        ("tool_return_message", "send_message"),
    ]
    assert run_sql("SELECT spent_usd FROM spending WHERE agent_id = 'pam'") == [(0.05,)]
    # The prompt is in the trace, as that of other agents is.
    assert [m["messageType"] for m in trace["messages"]] == ["system_message", "user_message"]


def test_an_answer_that_is_sent_again_gets_the_result_of_the_first(office):
    jim, program, _ = office
    ask(jim)
    run_id = take(program)
    answers = []

    def send():
        answers.append(program.post(f"{RUNS}/{run_id}/answer", json={"text": "Once."}))

    threads = [Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    said = [m for m in jim.get("/api/channels/general/messages").json() if m["text"] == "Once."]
    assert len(said) == 1


def test_silence_is_an_answer(office):
    jim, program, _ = office
    ask(jim)
    run_id = take(program)
    path = f"{RUNS}/{run_id}/answer"
    for body in ({}, {"silent": False}, {"text": "x", "silent": True}):
        assert program.post(path, json=body).json()["code"] == "fields_conflict"
    sent = program.post(path, json={"silent": True, "reason": "Not for me."})
    assert sent.json() == {"runId": run_id, "messageId": None}
    trace = jim.get(f"/api/runs/{run_id}").json()
    assert trace["steps"][0]["messages"][0]["toolName"] == "do_nothing"


def test_steps_with_input_that_cannot_be_stored_lose_nothing_else(office):
    jim, program, _ = office
    ask(jim)
    run_id = take(program)
    path = f"{RUNS}/{run_id}/answer"
    deep: object = "x"
    for _ in range(60):
        deep = {"in": deep}
    refused = program.post(path, json={"text": "A", "steps": [
        {"text": "", "tool": "t", "input": deep}
    ]})  # fmt: skip
    assert (refused.status_code, refused.json()["code"]) == (400, "validation_failed")
    step = {"text": "", "tool": "t", "input": {"a": "nul \x00, half \ud800"}}
    body = json.dumps({"text": "A", "steps": [step]})
    headers = {"Content-Type": "application/json"}
    assert program.post(path, content=body, headers=headers).status_code == 200
    [made] = jim.get(f"/api/runs/{run_id}").json()["steps"]
    assert made["messages"][0]["toolInput"] == {"a": "nul \ufffd, half ?"}


def test_a_long_poll_is_answered_as_soon_as_somebody_asks(office):
    jim, program, _ = office
    got = []
    waiting = Thread(target=lambda: got.append(program.get(f"{RUNS}?wait=15").json()))
    waiting.start()
    asked = ask(jim)
    waiting.join()
    assert [m["id"] for m in got[0]["run"]["messages"] if m["isNew"]] == [asked]
    assert program.get(f"{RUNS}?wait=61").status_code == 400


def test_no_worker_takes_the_runs_of_an_external_agent(office, url, run_sql):
    jim, _, _ = office
    ask(jim, "@pam @kevin hello")
    waiting = "SELECT agent_id FROM mailbox WHERE worker IS NULL AND agent_id IN ('pam', 'kevin')"
    assert {row[0] for row in run_sql(waiting)} == {"pam", "kevin"}
    run_sql("DELETE FROM mailbox WHERE agent_id NOT IN ('pam', 'kevin')")
    with_database(url, lambda database: claim(database, "worker", 10))
    assert run_sql("SELECT agent_id, worker FROM mailbox ORDER BY 1") == [
        ("kevin", "worker"), ("pam", None),
    ]  # fmt: skip
    run_sql("DELETE FROM mailbox WHERE agent_id = 'kevin'")
    assert with_database(url, lambda database: claim(database, "worker", 10)) == []
    # Once it answers by itself again, a worker does.
    jim.put("/api/agents/pam/mind", json={"mind": "resident"})
    assert len(with_database(url, lambda database: claim(database, "worker", 10))) == 1


def test_one_answer_at_a_time_in_a_conversation(office, url, run_sql):
    jim, program, _ = office
    ask(jim, "@pam @kevin hello")
    run_id = program.get(RUNS).json()["run"]["id"]
    run_sql("DELETE FROM mailbox WHERE agent_id NOT IN ('pam', 'kevin')")
    with_database(url, lambda database: claim(database, "worker", 10))
    busy = program.post(f"{RUNS}/{run_id}/claim")
    assert (busy.status_code, busy.json()["code"]) == (409, "run_busy")
    assert program.get(RUNS).json() == {"run": None}
    run_sql("SELECT end_runs(ARRAY(SELECT run_id FROM mailbox WHERE worker = 'worker'),"
            " 'completed', 'end_turn')")  # fmt: skip
    assert program.post(f"{RUNS}/{run_id}/claim").status_code == 200
    # And nobody else while the program has it.
    ask(jim, "@kevin?")
    assert with_database(url, lambda database: claim(database, "worker", 10)) == []


def test_a_claim_that_runs_out_goes_back_and_at_last_fails_with_a_notice(office, url, run_sql):
    jim, program, _ = office
    ask(jim)
    run_id = take(program)
    again = program.post(f"{RUNS}/{run_id}/claim")
    assert (again.status_code, again.json()["attempt"]) == (200, 1)
    for attempt in (1, 2, 3):
        beat = program.post(f"{RUNS}/{run_id}/heartbeat")
        assert beat.status_code == 200, beat.text
        with_database(url, free_overdue)
        assert jim.get(f"/api/runs/{run_id}").json()["status"] == "running"
        run_sql("UPDATE mailbox SET lease_until = now() - interval '1 second'"
                " WHERE worker IS NOT NULL")  # fmt: skip
        late = program.post(f"{RUNS}/{run_id}/heartbeat")
        assert (late.status_code, late.json()["code"]) == (409, "run_not_claimed")
        with_database(url, free_overdue)
        if attempt < 3:
            run = jim.get(f"/api/runs/{run_id}").json()
            assert (run["status"], run["startedAt"]) == ("created", None)
            assert take(program) == run_id
    trace = jim.get(f"/api/runs/{run_id}").json()
    assert (trace["status"], trace["stopReason"]) == ("failed", "error")
    [notice] = jim.get("/api/channels/general/messages?limit=1").json()
    assert (notice["userId"], "took the run 3 times" in notice["text"]) == ("pam", True)
    ended = program.post(f"{RUNS}/{run_id}/answer", json={"text": "Late."})
    assert (ended.status_code, ended.json()["code"]) == (409, "run_has_ended")


def test_a_program_can_give_up_and_people_read_why(office):
    jim, program, _ = office
    ask(jim)
    run_id = take(program)
    assert program.post(f"{RUNS}/{run_id}/fail", json={"reason": "My model is off."}).json() == {
        "runId": run_id, "messageId": None,
    }  # fmt: skip
    assert jim.get(f"/api/runs/{run_id}").json()["status"] == "failed"
    [notice] = jim.get("/api/channels/general/messages?limit=1").json()
    assert notice["text"] == "_Pam Beesly could not answer: My model is off._"


def test_an_answer_is_refused_where_a_resident_agents_would_be(office, run_sql):
    """A DM is read by two, so what comes from it is not said in a channel that everybody reads."""
    jim, program, _ = office
    dm = next(
        channel["id"]
        for channel in jim.get("/api/channels?kind=dm").json()
        if sorted(channel["memberIds"]) == ["jim", "pam"]
    )
    ask(jim, "A secret", dm)
    run_id = take(program)
    path = f"{RUNS}/{run_id}/answer"
    refused = program.post(path, json={"text": "A secret!", "channelId": "general"})
    assert (refused.status_code, refused.json()["code"]) == (409, "answer_refused")
    assert "everybody can read 'general'" in refused.json()["error"]
    assert all(
        message["text"] != "A secret!"
        for message in jim.get("/api/channels/general/messages").json()
    )
    # The run goes on, and the trace has the attempt.
    sent = program.post(path, json={"text": "Between us."})
    assert sent.status_code == 200
    assert jim.get(f"/api/messages/{sent.json()['messageId']}").json()["channelId"] == dm
    trace = jim.get(f"/api/runs/{run_id}").json()
    assert [step["status"] for step in trace["steps"]] == ["completed", "completed"]


def test_a_used_up_budget_ends_the_run_with_a_notice(office):
    jim, program, _ = office
    jim.put("/api/budgets", json={"agentId": "pam", "dailyUsd": 0.01})
    ask(jim)
    run_id = program.get(RUNS).json()["run"]["id"]
    refused = program.post(f"{RUNS}/{run_id}/claim")
    assert (refused.status_code, refused.json()["code"]) == (409, "budget_used_up")
    [notice] = jim.get("/api/channels/general/messages?limit=1").json()
    assert (notice["userId"], "The agent's budget for today" in notice["text"]) == ("pam", True)
    assert jim.get("/api/budgets").json()[0]["reservedUsd"] == 0


def test_a_run_that_was_cancelled_is_not_answered(office):
    jim, program, _ = office
    ask(jim)
    run_id = take(program)
    assert jim.post(f"/api/runs/{run_id}/cancel").status_code == 200
    for action, body in (("heartbeat", None), ("answer", {"text": "x"}), ("claim", None)):
        answer = program.post(f"{RUNS}/{run_id}/{action}", json=body)
        assert (answer.status_code, answer.json()["code"]) == (409, "run_has_ended")


def test_a_run_in_a_channel_that_the_agent_has_left_is_not_in_the_way(office):
    jim, program, _ = office
    private = {"id": "plans", "name": "plans", "kind": "private", "memberIds": ["jim", "pam"]}
    assert jim.post("/api/channels", json=private).status_code == 201
    ask(jim, channel="plans")
    hidden = program.get(RUNS).json()["run"]["id"]
    assert jim.delete("/api/channels/plans/members/pam").is_success
    asked = ask(jim)
    [new] = [m["id"] for m in program.get(RUNS).json()["run"]["messages"] if m["isNew"]]
    assert new == asked
    assert jim.get(f"/api/runs/{hidden}").json()["status"] == "cancelled"


def test_only_the_agents_own_token_answers_for_it(office):
    jim, program, served = office
    ask(jim, "@pam @kevin hello")
    run_id = take(program)
    kevin = make_token(jim, "/api/agents/kevin/tokens", scopes=["agent"])["token"]
    other = make_token(jim, "/api/agents/pam/tokens", scopes=["agent"])["token"]
    with with_token(served, kevin) as client:
        answer = client.get(RUNS)
        assert (answer.status_code, answer.json()["code"]) == (409, "not_external")
        jim.put("/api/agents/kevin/mind", json={"mind": "external"})
        for action in ("claim", "heartbeat", "answer", "fail"):
            body = {"text": "x"} if action == "answer" else {"reason": "x"}
            given = body if action in ("answer", "fail") else None
            answer = client.post(f"{RUNS}/{run_id}/{action}", json=given)
            assert (answer.status_code, answer.json()["code"]) == (404, "run_not_found")
    with with_token(served, other) as client:
        answer = client.post(f"{RUNS}/{run_id}/answer", json={"text": "x"})
        assert (answer.status_code, answer.json()["code"]) == (409, "run_not_claimed")
    # Not even somebody who views as the agent.
    with served.client("pam") as viewing:
        answer = viewing.get(RUNS)
        assert (answer.status_code, answer.json()["code"]) == (403, "token_required")


def test_external_agents_do_not_answer_each_other_without_end(office):
    """The depth of a conversation counts as among resident agents."""
    jim, program, served = office
    jim.put("/api/agents/kevin/mind", json={"mind": "external"})
    token = make_token(jim, "/api/agents/kevin/tokens", scopes=["agent"])["token"]
    with with_token(served, token) as kevin:
        ask(jim, "@pam @kevin talk to each other")
        said = 0
        for _ in range(40):
            taken = False
            for client, other in ((program, "kevin"), (kevin, "pam")):
                if client.get(RUNS).json()["run"] is not None:
                    taken = True
                    run_id = take(client)
                    text = f"@{other} number {said}"
                    answer = client.post(f"{RUNS}/{run_id}/answer", json={"text": text})
                    assert answer.status_code == 200
                    said += 1
            if not taken:
                break
        assert not taken
        assert 2 <= said < 40


def test_a_new_agent_can_be_external_from_the_beginning(office):
    jim, _, _ = office
    agent = {
        "id": "hal", "displayName": "Hal", "title": "Computer", "avatarColor": "#123456",
        "systemPrompt": "You are Hal.", "mind": "external",
    }  # fmt: skip
    made = jim.post("/api/agents", json=agent)
    assert made.status_code == 201
    assert "mind" not in made.json()
    assert jim.get("/api/agents/hal/mind").json() == {"mind": "external"}
    assert jim.get("/api/agents/kevin/mind").json() == {"mind": "resident"}
    assert jim.get("/api/agents/nobody/mind").status_code == 404


def test_a_poll_ends_when_the_token_is_revoked(office):
    jim, program, _ = office
    got = []
    waiting = Thread(target=lambda: got.append(program.get(f"{RUNS}?wait=30").json()))
    waiting.start()
    [token] = jim.get("/api/agents/pam/tokens").json()
    jim.delete(f"/api/agents/pam/tokens/{token['id']}")
    until(lambda: program.get(RUNS).status_code == 401, seconds=5)
    ask(jim)
    waiting.join(20)
    assert got[0]["code"] == "invalid_token"


def talk_to_pam(jim, served):
    """A client of the program that answers for Kevin, which can also post."""
    jim.put("/api/agents/kevin/mind", json={"mind": "external"})
    scopes = ["agent", "read", "write"]
    pam = make_token(jim, "/api/agents/pam/tokens", scopes=scopes)["token"]
    kevin = make_token(jim, "/api/agents/kevin/tokens", scopes=scopes)["token"]
    return with_token(served, pam), with_token(served, kevin)


def finish_silently(program):
    """The depths of all runs that wait for it, which end without an answer."""
    depths = []
    while (run := program.get(RUNS).json()["run"]) is not None:
        depths.append(program.get(f"/api/runs/{run['id']}/account").json()["depth"])
        take(program)
        assert program.post(f"{RUNS}/{run['id']}/answer", json={"silent": True}).status_code == 200
    return depths


def test_programs_that_post_when_asked_do_not_ask_each_other_without_end(office):
    """By the ordinary route, and across channels."""
    jim, _, served = office
    jim.post("/api/channels/sales/members", json={"userId": "pam"})
    jim.post("/api/channels/sales/members", json={"userId": "kevin"})
    of_pam, of_kevin = talk_to_pam(jim, served)
    with of_pam as pam, of_kevin as kevin:
        ask(jim, "@pam talk to Kevin")
        asked = []
        for number in range(10):
            program, other = ((pam, "kevin"), (kevin, "pam"))[number % 2]
            depths = finish_silently(program)
            if number > 0 and not depths:
                break
            asked += depths
            ask(program, f"@{other} {number}", channel=("general", "sales")[number % 2])
        assert sorted(set(asked)) == [0, 1, 2, 3]
        assert [finish_silently(program) for program in (pam, kevin)] == [[], []]
        # A person begins anew.
        ask(jim, "@kevin once more")
        assert finish_silently(kevin) == [0]


def test_programs_that_post_by_themselves_ask_nobody_after_a_while(office, run_sql):
    """Nobody asked them, and they go on in new threads."""
    jim, _, served = office
    of_pam, of_kevin = talk_to_pam(jim, served)
    with of_pam as pam, of_kevin as kevin:
        root = ask(jim, "Good morning")
        finish_silently(pam), finish_silently(kevin)
        # As if it was long ago: what they were asked then is over.
        old = "UPDATE runs SET created_at = created_at - interval '2 hours'"
        waiting = "SELECT r.agent_id FROM mailbox m JOIN runs r ON r.id = m.run_id WHERE {}"
        waiting = waiting.format("r.agent_id IN ('pam', 'kevin') ORDER BY 1")
        asked = []
        for number in range(42):
            run_sql(old)
            program, other = ((pam, "kevin"), (kevin, "pam"))[number % 2]
            more = {"parentMessageId": root} if number % 3 else {}
            sent = ask(program, f"@{other} {number}", **more)
            root = root if more else sent
            asked.append([row[0] for row in run_sql(waiting)])
            run_sql("UPDATE runs SET status = 'completed' WHERE status = 'created'")
            run_sql("DELETE FROM mailbox")
        assert all(asked[:38])
        assert asked[39:] == [[], [], []]
        dana = jim.post("/api/people", json={"displayName": "Dana"})
        assert dana.status_code == 201
