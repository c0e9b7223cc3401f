"""The words of agents that processes remember: never out of date, and no more than allowed."""

from uuid import uuid4

import pytest
from tests.support.asking import asked
from tests.support.fixtures import complete

from bullpen.chat.agent_words import AgentWords
from bullpen.chat.send import MessageBatcher, NewMessage
from bullpen.kit.database import Database

TEXT = "Who watched the meteor?"
SEEN = "INSERT INTO memory_blocks (agent_id, label, content) VALUES ('cy', 'sky', 'Saw a meteor.')"
REMADE = """
INSERT INTO agents (id, display_name, title, avatar_color, system_prompt)
VALUES ('cy', 'cy', 'Staff', '#000000', 'You watch every meteor.')
"""

# What happens in the database, and who answers afterwards. Ann is the host.
CHANGES = {
    "a new memory block": ([SEEN], "cy"),
    "a change of a memory block": (
        [SEEN, "UPDATE memory_blocks SET content = 'Saw a cloud.' WHERE label = 'sky'"],
        "ann",
    ),
    "a memory block that says more": (
        [
            SEEN.replace("meteor", "cloud"),
            "UPDATE memory_blocks SET content = 'A meteor!' WHERE label = 'sky'",
        ],
        "cy",
    ),
    "two changes in one transaction": (
        [f"{SEEN}; UPDATE memory_blocks SET content = 'Saw a cloud.' WHERE label = 'sky'"],
        "ann",
    ),
    "a deleted memory block": ([SEEN, "DELETE FROM memory_blocks WHERE label = 'sky'"], "ann"),
    "another persona": (["UPDATE agents SET system_prompt = 'Meteor!' WHERE id = 'bo'"], "bo"),
    "another title": (["UPDATE agents SET title = 'Meteor watcher' WHERE id = 'bo'"], "bo"),
    "another name": (["UPDATE agents SET display_name = 'Meteor' WHERE id = 'bo'"], "bo"),
    "an inactive agent": ([SEEN, "UPDATE agents SET is_active = false WHERE id = 'cy'"], "ann"),
    "an agent that is active again": (
        [
            "UPDATE agents SET is_active = false WHERE id = 'cy'",
            SEEN,
            "UPDATE agents SET is_active = true WHERE id = 'cy'",
        ],
        "cy",
    ),
    "a deleted agent": ([SEEN, "DELETE FROM agents WHERE id = 'cy'"], "ann"),
    "another agent with the id of a deleted one": (
        ["DELETE FROM agents WHERE id = 'cy'", REMADE],
        "cy",
    ),
}


@pytest.mark.parametrize(("statements", "expected"), CHANGES.values(), ids=CHANGES)
def test_every_process_decides_by_the_words_that_agents_have_now(
    url: str, run_sql, lab, statements: list[str], expected: str
):
    """Two processes remember the words from before, and again after each statement."""

    async def work() -> list[str]:
        databases = [await Database.open(url), await Database.open(url)]
        processes = [MessageBatcher(database, asks=True) for database in databases]
        try:
            for statement in ("SELECT 1", *statements):
                async with databases[0].transaction() as connection:
                    await connection.execute(statement)
                drafts = [NewMessage(uuid4(), lab, None, "pat", TEXT) for _ in processes]
                for process, draft in zip(processes, drafts, strict=True):
                    assert (await process.send(draft)).refusal is None
        finally:
            for database in databases:
                await database.close()
        return [agent_id for draft in drafts for agent_id in asked(run_sql, draft.id)]

    assert complete(work()) == [expected, expected]


def row(agent_id: str, stamp: str, **words: float) -> tuple:
    """As `WORDS` answers it; words with a weight of 6 and more are of the name."""
    names = [weight if weight >= 6 else None for weight in words.values()]
    return agent_id, stamp, list(words), list(words.values()), names


def test_what_an_agent_had_before_is_forgotten_when_its_words_are_read_again():
    words = AgentWords()
    words.learn([row("ann", "1", ann=6.0, sky=1.0), row("bo", "1", sky=2.0)])
    words.learn([row("ann", "2", sea=1.5)])
    assert words.owners("ann", names_only=False) == {}
    assert words.owners("ann", names_only=True) == {}
    assert words.owners("sky", names_only=False) == {"bo": 2.0}
    assert words.owners("sea", names_only=False) == {"ann": 1.5}


def test_where_a_guest_reads_along_only_names_and_titles_are_known():
    words = AgentWords()
    words.learn([row("ann", "1", ann=6.0, sky=1.0)])
    assert words.owners("ann", names_only=True) == {"ann": 6.0}
    assert words.owners("sky", names_only=True) == {}


def test_words_are_read_of_new_agents_and_of_those_with_another_stamp():
    words = AgentWords()
    words.learn([row("ann", "1", sky=1.0), row("bo", "1", sky=1.0)])
    assert words.stale({"ann": "1", "bo": "1"}) == []
    assert words.stale({"ann": "1", "bo": "2", "cy": "1"}) == ["bo", "cy"]


def test_an_agent_without_a_word_is_not_read_again_each_time():
    words = AgentWords()
    words.learn([("ann", "1", None, None, None)])
    assert words.stale({"ann": "1"}) == []


def test_trimming_forgets_the_agents_that_were_not_asked_for_lately():
    words = AgentWords(most_words=4)
    words.learn([row(one, "1", sky=1.0, **{one: 1.0}) for one in ("ann", "bo", "cy")])
    assert words.stale({"ann": "1"}) == []
    words.trim()
    assert words.owners("sky", names_only=False) == {"ann": 1.0, "cy": 1.0}
    assert words.owners("bo", names_only=False) == {}
    assert words.stale({"ann": "1", "bo": "1", "cy": "1"}) == ["bo"]


def test_trimming_ends_where_one_agent_alone_has_too_many_words():
    words = AgentWords(most_words=1)
    words.learn([row("ann", "1", sky=1.0, sea=1.0)])
    words.trim()
    assert words.owners("sky", names_only=False) == {}
    assert words.stale({"ann": "1"}) == ["ann"]
