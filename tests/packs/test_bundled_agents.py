"""What the bundled agents know, will do and did: every figure of the specification, and one world.

The same things happened in the traces, in the archives and in the channels.
"""

import re
from collections import Counter
from datetime import datetime, timedelta
from itertools import groupby, pairwise
from typing import get_args

import pytest
from tests.support.fixtures import ANCHOR
from tests.support.seeding import PACK, identity

from bullpen.packs.pack import PackMessage, PackRun
from bullpen.runs.values import MessageType, StopReason

CORE = ["personality", "relationships", "current_state"]
TOOLS = {
    *("send_message", "react_to_message", "do_nothing"),
    *("update_memory", "search_memory", "store_memory", "schedule_message"),
}
AGENTS = {agent.id: agent for agent in PACK.agents}
SAID = {
    identity(message): (channel, message)
    for channel in PACK.channels
    for message in channel.with_replies()
}
CALLS = [
    (run, step, call)
    for run in PACK.runs
    for step in run.steps
    for call in step.messages
    if call.type == "tool_call_message"
]


def wall(day: int, at) -> datetime:
    return datetime.combine(ANCHOR + timedelta(days=day), at)


def end(run: PackRun) -> datetime:
    lasted = sum((step.lasted for step in run.steps), timedelta())
    return wall(run.day, run.at) + run.waited + lasted


def trigger(run: PackRun) -> PackMessage:
    return next(message for _, message in SAID.values() if message.key == run.trigger)


@pytest.mark.ac("1.7.1")
def test_each_agent_has_the_three_core_blocks():
    for agent_id in AGENTS:
        owned = [block for block in PACK.blocks if block.agent_id == agent_id]
        assert [block.label for block in owned[:3]] == CORE, agent_id
        assert all(block.shared_with is None for block in owned[:3])
        assert re.search(r"\b(I|i|my)\b", owned[0].text), f"{agent_id} in the first person"


def test_the_office_news_are_pams_and_everybodys():
    shared = [block for block in PACK.blocks if block.shared_with is not None]
    (news,) = shared
    assert (news.agent_id, news.label) == ("pam", "office_news")
    assert set(news.shared_with) == AGENTS.keys() - {"pam"}


def test_each_agent_has_a_few_passages_with_tags():
    counts = Counter(passage.agent_id for passage in PACK.passages)
    assert counts.keys() == AGENTS.keys()
    assert all(3 <= count <= 5 for count in counts.values())
    assert all(passage.tags for passage in PACK.passages)


def test_no_two_texts_are_alike():
    texts = [block.text for block in PACK.blocks] + [passage.text for passage in PACK.passages]
    assert len(set(texts)) == len(texts)


@pytest.mark.ac("1.5.1")
def test_scheduled_messages_of_each_status_lie_before_and_after_the_anchor():
    statuses = Counter(scheduled.status for scheduled in PACK.scheduled)
    assert 10 <= statuses.total() <= 14
    assert all(statuses[status] >= 3 for status in ("pending", "fired", "cancelled"))
    assert len({scheduled.agent_id for scheduled in PACK.scheduled}) >= 8
    now = max((message.day, message.at) for _, message in SAID.values())
    for scheduled in PACK.scheduled:
        is_past = (scheduled.day, scheduled.at) <= now
        assert scheduled.status != ("pending" if is_past else "fired"), scheduled.key
    assert {scheduled.day for scheduled in PACK.scheduled} >= {-2, -1, 0, 1}


@pytest.mark.ac("1.6.2")
def test_there_are_runs_of_every_stop_reason_and_messages_of_every_type():
    assert {run.stop_reason for run in PACK.runs} == set(get_args(StopReason))
    told = [m for run in PACK.runs for part in (run, *run.steps) for m in part.messages]
    # The script that wrote them has no thoughts.
    assert {message.type for message in told} == set(get_args(MessageType)) - {"thinking_message"}
    assert {call.tool_name for _, _, call in CALLS} >= TOOLS


def test_a_stop_reason_is_what_happened():
    for run in PACK.runs:
        agent = AGENTS[run.agent_id]
        assert len(run.steps) <= agent.max_turns
        assert (len(run.steps) == agent.max_turns) == (run.stop_reason == "max_steps")
        failed = [step for step in run.steps if step.status == "failed"]
        assert failed == [step for step in run.steps[-1:] if step.status == "failed"]
        known = all(call.tool_name in TOOLS for of, _, call in CALLS if of is run)
        assert known == (run.stop_reason != "invalid_tool_call")


def test_each_run_comes_soon_after_its_trigger_and_is_over_when_the_guests_arrive():
    last = max(wall(message.day, message.at) for _, message in SAID.values())
    for run in PACK.runs:
        caused = trigger(run)
        assert caused.user_id != run.agent_id
        after = wall(run.day, run.at) - wall(caused.day, caused.at)
        assert timedelta() < after <= timedelta(minutes=1), run.key
        assert end(run) < last, run.key


def test_an_agent_does_one_thing_at_a_time():
    for _, of_one in groupby(PACK.runs, key=lambda run: run.agent_id):
        for one, other in pairwise(of_one):
            assert end(one) <= wall(other.day, other.at) + other.waited


def test_a_run_was_told_who_it_is_and_what_was_said():
    for run in PACK.runs:
        *told, given = [message.text for message in run.messages]
        prompt = AGENTS[run.agent_id].system_prompt
        assert all(prompt.startswith(text.split(" […]")[0].split("\n")[0]) for text in told)
        caused = trigger(run)
        assert f"{caused.user_id}: {caused.text[:30]}" in given, run.key


def test_what_a_run_sent_stands_in_the_channel():
    sent = [(run, step, call) for run, step, call in CALLS if call.tool_name == "send_message"]
    assert len(sent) >= 5
    for run, step, call in sent:
        (returned,) = (m for m in step.messages if m.type == "tool_return_message")
        channel, message = SAID[re.search(r"[0-9a-f-]{36}", returned.text)[0]]
        assert (channel.id, message.text, message.user_id) == (
            *(call.tool_input["channel_id"], call.tool_input["text"]),
            run.agent_id,
        )
        assert abs(wall(message.day, message.at) - end(run)) < timedelta(seconds=30), run.key
        root = call.tool_input.get("parent_message_id")
        assert root is None or message in SAID[root][1].replies


def test_what_a_run_reacted_to_has_the_reaction():
    (found,) = ((run, call) for run, _, call in CALLS if call.tool_name == "react_to_message")
    run, call = found
    _, message = SAID[call.tool_input["message_id"]]
    uses = {reaction.emoji: reaction.user_ids for reaction in message.reactions}
    assert run.agent_id in uses[call.tool_input["emoji"]]


def test_what_a_run_found_is_in_its_archive():
    archives = {(passage.agent_id, passage.text) for passage in PACK.passages}
    found = 0
    for run in PACK.runs:
        for step in run.steps:
            for message in step.messages:
                quoted = re.search(r'(?s)"(.*)" \[', message.text)
                if message.tool_name == "search_memory" and quoted:
                    found += 1
                    assert (run.agent_id, quoted[1]) in archives, run.key
    assert found >= 4


def test_what_a_run_scheduled_is_scheduled():
    prompts = {(scheduled.agent_id, scheduled.prompt) for scheduled in PACK.scheduled}
    planned = [(run, call) for run, _, call in CALLS if call.tool_name == "schedule_message"]
    assert planned
    assert all((run.agent_id, call.tool_input["prompt"]) in prompts for run, call in planned)
