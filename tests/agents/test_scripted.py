import asyncio

import pytest
from tests.support.asking import post, settled
from tests.support.bundled import EVERYBODY
from tests.support.fixtures import complete
from tests.support.minds import working
from tests.support.program import until
from tests.support.tape import HOSTILE, Tape, opened, say, spec_of

from bullpen.agents.prompt.conversation import Location, Trigger
from bullpen.agents.scripted.runtime import Scripted

AGENTS = EVERYBODY.split()
LINES = "SELECT lines FROM agent_lines"


async def answers(database, agent_id, place, occasion, **changed):
    spec = await spec_of(database, agent_id, place, occasion, **changed)
    tape = Tape(database, agent_id, place)
    tape.result = await Scripted(database).run(spec, tape)
    return tape


def said(tape):
    return [arguments["text"] for name, arguments in tape.called if name == "send_message"]


def test_it_answers_mentions_and_direct_messages_always_and_says_that_it_is_a_script(url):
    async def work():
        async with opened(url) as database:
            found = []
            for seed, text in enumerate(["Hi @kevin", "@Kevin lunch?", "ask @Kevin Malone!"]):
                message = await say(database, "jim", "general", text)
                found.append(
                    await answers(
                        database, "kevin", Location("general"), Trigger([message]), seed=seed
                    )
                )
            message = await say(database, "michael", "dm-michael-jim", "xyzzy")
            place = Location("dm-michael-jim")
            found.append(await answers(database, "jim", place, Trigger([message])))
            return found

    for tape in complete(work()):
        assert len(said(tape)) == 1
        assert tape.result.stop_reason == "end_turn"
        assert tape.model_id == "scripted"
        assert tape.requests[0]["model"] == "scripted"
        ((usage, cost),) = tape.usages
        assert (usage.input_tokens, usage.output_tokens, cost) == (0, 0, 0.0)
        assert tape.shape[0] == "turn"
        assert tape.shape[-1] == "end"


def test_it_answers_a_mention_of_its_user_group_and_leaves_another_one_to_its_members(url, run_sql):
    run_sql("INSERT INTO user_groups (handle, description) VALUES ('crew', ''), ('cooks', '')")
    run_sql(
        "INSERT INTO user_group_members SELECT id, 'kevin' FROM user_groups WHERE handle = 'crew'"
    )

    async def work():
        async with opened(url) as database:
            found = {}
            for handle in ("crew", "cooks"):
                message = await say(database, "jim", "general", f"@{handle} xyzzy?")
                place, trigger = Location("general"), Trigger([message])
                found[handle] = [
                    said(await answers(database, "kevin", place, trigger, seed=seed))
                    for seed in range(5)
                ]
            return found

    found = complete(work())
    assert all(found["crew"])
    assert not all(found["cooks"])


def test_what_fits_is_said_with_the_senders_first_name(url, run_sql):
    async def work():
        async with opened(url) as database:
            message = await say(database, "jim", "general", "@dwight how are the beets")
            other = await say(database, "pam", "general", "@kevin hello")
            return [
                *said(await answers(database, "dwight", Location("general"), Trigger([message]))),
                *said(await answers(database, "kevin", Location("general"), Trigger([other]))),
            ]

    beets, hello = complete(work())
    topic = run_sql(
        "SELECT t -> 'lines' FROM agent_lines, jsonb_array_elements(lines -> 'topics') t"
        " WHERE agent_id = 'dwight' AND t -> 'words' ? 'beets'"
    )[0][0]
    assert beets.replace("beets is", "{word} is").split("{")[0][:20] in topic
    assert hello in {
        "hi Pam",
        "hey Pam did you have breakfast. i had two",
        "good morning, it smells like soup on our side",
    }


def test_to_what_a_person_says_in_general_somebody_answers_and_most_are_silent(url):
    async def work():
        async with opened(url) as database:
            counts = []
            for number, text in enumerate(
                ["What a day", "Is there cake?", "The printer is jammed"]
            ):
                message = await say(database, "michael", "general", text)
                loud = 0
                for agent_id in AGENTS:
                    if agent_id == "michael":
                        continue
                    tape = await answers(
                        database,
                        agent_id,
                        Location("general"),
                        Trigger([message]),
                        seed=number * 100 + AGENTS.index(agent_id),
                    )
                    loud += len(said(tape))
                counts.append(loud)
            return counts

    for count in complete(work()):
        assert 1 <= count <= 9


def test_all_at_once_they_come_to_one_who_answers(url):
    """Nobody has seen an answer yet: the first by lot and a stand-in speak in any case."""

    async def work():
        async with opened(url) as database:
            message = await say(database, "michael", "general", "Anybody there")
            occasion = Trigger([message])
            specs = [
                await spec_of(database, agent_id, Location("general"), occasion, seed=7)
                for agent_id in AGENTS
                if agent_id != "michael"
            ]
            tapes = [Tape(database, spec.agent_id, Location("general")) for spec in specs]
            scripted = Scripted(database)
            await asyncio.gather(
                *(scripted.run(spec, tape) for spec, tape in zip(specs, tapes, strict=True))
            )
            return tapes

    tapes = complete(work())
    ones = [t for t in tapes if any("the one to answer" in e[1] for e in t.shape if e[0] == "said")]
    assert len(ones) == 2
    assert all(len(said(tape)) == 1 for tape in ones)


def test_the_same_seed_and_scene_give_the_same_answer(url):
    async def work():
        async with opened(url) as database:
            message = await say(database, "jim", "general", "@pam thoughts?")
            spec = await spec_of(database, "pam", Location("general"), Trigger([message]), seed=5)
            found = []
            for _ in range(2):
                tape = Tape(database, "pam", Location("general"))
                await Scripted(database).run(spec, tape)
                found.append(tape.shape)
            return found

    first, second = complete(work())
    assert first == second


def test_talk_between_agents_fades(url):
    async def work():
        async with opened(url) as database:
            message = await say(database, "jim", "general", "@pam thoughts?")
            loud = {}
            for depth in (0, 8):
                loud[depth] = 0
                for seed in range(20):
                    occasion = Trigger([message], depth=depth)
                    spec = await spec_of(database, "pam", Location("general"), occasion, seed=seed)
                    tape = Tape(database, "pam", Location("general"))
                    await Scripted(database).run(spec, tape)
                    loud[depth] += len(said(tape))
            return loud

    loud = complete(work())
    assert loud[0] == 20
    assert loud[8] < 8


def test_now_and_then_it_notes_something_but_nothing_of_what_was_private(url, run_sql):
    async def work():
        async with opened(url) as database:
            for seed in range(25):
                public = await say(database, "oscar", "general", "@kevin any chili")
                private = await say(database, "oscar", "accounting", "@kevin any chili")
                occasions = ((Location("general"), public), (Location("accounting"), private))
                for place, message in occasions:
                    tape = await answers(database, "kevin", place, Trigger([message]), seed=seed)
                    if place.channel_id == "accounting":
                        assert "update_memory" not in dict(tape.called)

    complete(work())
    content = run_sql("SELECT content FROM memory_blocks WHERE label = 'lately'")[0][0]
    assert "Oscar" in content
    assert 1 <= len(content.splitlines()) <= 8


def test_a_plan_is_carried_out_where_there_is_a_channel(url):
    async def work():
        async with opened(url) as database:
            plan = Trigger(scheduled="Remind them of the safety drill")
            somewhere = await answers(database, "dwight", Location("general"), plan)
            nowhere = await answers(database, "dwight", Location(), plan)
            return said(somewhere), nowhere.called

    somewhere, nowhere = complete(work())
    assert len(somewhere) == 1
    assert nowhere[0][0] == "do_nothing"


def test_an_agent_that_nothing_was_written_for_says_so(url):
    async def work():
        async with opened(url) as database:
            await database.write("DELETE FROM agent_lines WHERE agent_id = 'pam'")
            message = await say(database, "jim", "dm-jim-pam", "Are you there?")
            return said(await answers(database, "pam", Location("dm-jim-pam"), Trigger([message])))

    (text,) = complete(work())
    assert "model" in text


@pytest.mark.parametrize("text", [HOSTILE, "@kevin {name} {word} {0} %s", "@kevin " + "{" * 2000])
def test_hostile_texts_are_texts(url, text):
    async def work():
        async with opened(url) as database:
            await database.write(
                "UPDATE agents SET display_name = '{word} @michael' WHERE id = 'jim'"
            )
            message = await say(database, "jim", "general", text)
            return await answers(database, "kevin", Location("general"), Trigger([message]))

    tape = complete(work())
    assert tape.result.stop_reason == "end_turn"
    for line in said(tape):
        assert "/etc/passwd" not in line


def test_who_may_only_read_says_nothing(url):
    async def work():
        async with opened(url) as database:
            message = await say(database, "jim", "sales", "@kevin numbers?")
            return await answers(database, "kevin", Location("sales"), Trigger([message]))

    tape = complete(work())
    assert [name for name, _ in tape.called] == ["do_nothing"]


@pytest.mark.parametrize("question", ["Who has the Q3 numbers?", "今日の昼ご飯は何ですか？"])
def test_a_question_to_a_channel_gets_one_answer(url, run_sql, question: str):
    """By the worker, with all fifteen asked: an answer to it asks them once more."""
    with working(url, None):
        message_id = post(run_sql, "michael", "general", question)
        until(lambda: settled(run_sql))
    said = run_sql(
        "SELECT user_id FROM messages WHERE channel_id = 'general' AND created_at >"
        " (SELECT created_at FROM messages WHERE id = $1)",
        message_id,
    )
    assert len(said) == 1
