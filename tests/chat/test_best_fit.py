"""Which agent answers where one is enough: the table of cases, and scores of a real database."""

import json
import math
from itertools import pairwise
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from msgspec import Raw
from tests.support.asking import asked, post, routed
from tests.support.lab import join

from bullpen.chat.best_fit import MOST_WEIGHT, best_of
from bullpen.chat.routing import Channel, Facts, Run, decide
from bullpen.chat.send import NewMessage

CASES = json.loads((Path(__file__).parents[1] / "cases" / "routing.json").read_text())
MEMBERS = ["ann", "bob", "cy", "dee"]
ROOT, ID = UUID(int=1), UUID(int=2)
DECISIONS = """
SELECT r.agent_id, d.decision::text FROM runs r JOIN run_decisions d ON d.run_id = r.id
JOIN run_triggers t ON t.run_id = r.id WHERE t.message_id = $1
"""


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_each_case_asks_the_agents_of_the_table_for_its_reason(case):
    kind = case.get("kind", "public")
    channel = Channel(
        kind,
        MEMBERS[:2] if kind == "dm" else MEMBERS,
        case.get("policies", {}),
        case["policy"],
        case.get("host"),
    )
    thread = case.get("thread")
    run = Run(0, "pat", 0) if case.get("byRun") else None
    fits = {ID: list(case.get("scores", {}).items())}
    facts = Facts({"c": channel}, {ROOT: thread or []}, run, Raw(b"[]"), fits)
    draft = NewMessage(ID, "c", ROOT if thread else None, case["author"], "text")
    made = decide(draft, facts, case.get("named", ()))
    assert {agent_id: ask.decision.reason for agent_id, ask in made.items()} == case["asks"]


def decision(run_sql, message_id: UUID) -> tuple[str, dict]:
    [(agent_id, made)] = run_sql(DECISIONS, message_id)
    return agent_id, json.loads(made)


def test_the_agent_whose_persona_has_the_words_of_a_message_answers_it(run_sql, lab):
    agent_id, made = decision(run_sql, post(run_sql, "pat", lab, "Which invoice is unpaid?"))
    assert (agent_id, made["policy"], made["reason"]) == ("bo", "best_fit", "relevance")
    first, second = made["candidates"]
    assert (first["agentId"], first["isHost"], first["score"] > 0) == ("bo", False, True)
    # The host would have been next.
    assert (second["agentId"], second["isHost"], second["score"]) == ("ann", True, 0.0)


def test_in_a_group_dm_the_agent_that_fits_answers_or_who_is_mentioned(run_sql, lab):
    run_sql("UPDATE channels SET kind = 'group_dm' WHERE id = $1", lab)
    by_words = decision(run_sql, post(run_sql, "pat", lab, "Which invoice is unpaid?"))
    assert (by_words[0], by_words[1]["reason"]) == ("bo", "relevance")
    assert asked(run_sql, post(run_sql, "pat", lab, "@ann and @cy, come")) == ["ann", "cy"]
    assert asked(run_sql, post(run_sql, "pat", lab, "@pam is not here")) == []


def test_the_host_answers_what_fits_nobody_and_can_be_chosen(run_sql, lab):
    post_of = lambda: decision(run_sql, post(run_sql, "pat", lab, "Good morning!"))[0]  # noqa: E731
    assert post_of() == "ann"
    run_sql("UPDATE channel_answering SET host_id = 'cy'")
    assert post_of() == "cy"
    # A host that is inactive or has left is none.
    run_sql("UPDATE agents SET is_active = false WHERE id = 'cy'")
    assert post_of() == "ann"


def test_a_name_in_the_text_outweighs_what_others_know(run_sql, lab):
    agent_id, _ = decision(run_sql, post(run_sql, "pat", lab, "Cy, do you have the budget?"))
    assert agent_id == "cy"


def test_what_an_agent_notes_in_memory_counts_until_it_is_deleted(run_sql, lab):
    text = "Who watched the meteor?"
    assert decision(run_sql, post(run_sql, "pat", lab, text))[0] == "ann"
    run_sql(
        "INSERT INTO memory_blocks (agent_id, label, content) VALUES ('cy', 'sky', 'Saw a meteor.')"
    )
    assert decision(run_sql, post(run_sql, "pat", lab, text))[0] == "cy"
    run_sql("UPDATE memory_blocks SET content = 'Saw a cloud.' WHERE label = 'sky'")
    assert decision(run_sql, post(run_sql, "pat", lab, text))[0] == "ann"
    run_sql("UPDATE memory_blocks SET content = 'A meteor!' WHERE label = 'sky'")
    run_sql("DELETE FROM memory_blocks WHERE label = 'sky'")
    assert decision(run_sql, post(run_sql, "pat", lab, text))[0] == "ann"


def test_a_private_note_does_not_decide_who_answers(run_sql, lab):
    run_sql(
        "INSERT INTO private_notes (agent_id, label, channel_id, content)"
        " VALUES ('cy', 'sky', 'management', 'Saw a meteor.')"
    )
    assert decision(run_sql, post(run_sql, "pat", lab, "Who watched the meteor?"))[0] == "ann"


def test_what_an_agent_has_said_lately_counts_in_that_channel_alone(run_sql, lab):
    for place in ("lab", "management"):
        run_sql("DELETE FROM messages WHERE user_id = 'cy'")
        run_sql(
            "INSERT INTO messages (channel_id, user_id, text) VALUES ($1, 'cy', 'Pretzels arrive')",
            place,
        )
        agent_id, _ = decision(run_sql, post(run_sql, "pat", lab, "Are there pretzels?"))
        assert agent_id == ("cy" if place == "lab" else "ann")


def test_where_a_guest_reads_along_nothing_that_guests_cannot_read_counts(run_sql, lab):
    run_sql("UPDATE people SET role = 'guest' WHERE id = 'gus'")
    join(run_sql, "gus")
    agent_id, made = decision(run_sql, post(run_sql, "gus", lab, "Which invoice is unpaid?"))
    assert (agent_id, made["reason"]) == ("ann", "host")
    # A guest sees names and titles.
    assert decision(run_sql, post(run_sql, "gus", lab, "bo, good morning"))[0] == "bo"


def test_a_word_that_all_of_them_have_decides_nothing(run_sql, lab):
    run_sql("UPDATE agents SET system_prompt = system_prompt || ' Paper!' WHERE id IN ('bo', 'cy')")
    assert decision(run_sql, post(run_sql, "pat", lab, "Paper?"))[0] == "bo"
    run_sql("UPDATE agents SET system_prompt = system_prompt || ' Paper!' WHERE id = 'ann'")
    assert decision(run_sql, post(run_sql, "pat", lab, "Paper?"))[0] == "ann"


def test_a_stop_word_decides_nothing(run_sql, lab):
    run_sql("UPDATE agents SET system_prompt = 'What is it?' WHERE id = 'cy'")
    assert decision(run_sql, post(run_sql, "pat", lab, "What is it?"))[0] == "ann"


def test_messages_that_are_routed_together_are_decided_one_by_one(run_sql, lab):
    texts = ["Which invoice is unpaid?", "Load the truck", "pencils", "Hello"]
    drafts = [NewMessage(uuid4(), lab, None, "pat", text) for text in texts]
    asks = routed(run_sql, drafts).asks
    assert [ask.agent_id for ask in asks] == ["bo", "cy", "ann", "ann"]


def test_in_a_thread_the_one_who_replied_last_answers(run_sql, lab):
    root = post(run_sql, "pat", lab, "Good morning!")
    for user_id in ("ann", "cy", "bo"):
        post(run_sql, user_id, lab, "Morning.", root)
    assert asked(run_sql, post(run_sql, "pat", lab, "And you?", root)) == ["bo"]
    times = run_sql("SELECT created_at FROM messages WHERE parent_message_id = $1 ORDER BY 1", root)
    assert all(a < b for a, b in pairwise(times))


CANDIDATES = {"ann", "bo", "cy", "dee"}


def fit(*words: dict[str, float] | tuple[dict[str, float], dict[str, float]]):
    pairs = [word if isinstance(word, tuple) else (word, {}) for word in words]
    return best_of(CANDIDATES, pairs)


def test_a_word_counts_the_less_the_more_agents_have_it_and_nothing_where_all_do():
    assert fit({"ann": 1.0}) == [("ann", round(math.log(4), 3))]
    assert fit({"ann": 1.0, "bo": 1.0}) == [("ann", 0.693), ("bo", 0.693)]
    assert fit(dict.fromkeys(CANDIDATES, 1.0)) == []
    assert fit({}) == []


def test_what_an_agent_said_adds_to_what_describes_it_up_to_a_limit():
    assert fit(({"ann": 1.0}, {"ann": 0.5})) == [("ann", round(1.5 * math.log(4), 3))]
    assert fit(({}, {"bo": 0.5})) == [("bo", round(0.5 * math.log(4), 3))]
    assert fit(({"ann": MOST_WEIGHT}, {"ann": 1.0})) == fit({"ann": MOST_WEIGHT})
    # Who only said it has the word, too.
    assert fit(({"ann": 1.0}, {"bo": 1.0})) == fit({"ann": 1.0, "bo": 1.0})


def test_scores_add_up_over_words_and_only_candidates_count():
    twice = round(2 * math.log(4), 3)
    assert fit({"ann": 1.0}, {"ann": 1.0, "somebody": 5.0}) == [("ann", twice)]
    assert fit({"somebody": 5.0}) == []


def test_the_five_best_come_in_the_order_of_their_scores_then_of_their_ids():
    many = {f"agent-{number}" for number in range(9)}
    words = [({one: 1.0}, {}) for one in many] + [({"agent-7": 1.0}, {})]
    best = [agent_id for agent_id, _ in best_of(many, words)]
    assert best == ["agent-7", "agent-0", "agent-1", "agent-2", "agent-3"]
