import shutil
from datetime import time, timedelta
from uuid import UUID

from bullpen.agents.scripted.lines import Lines, Topic
from bullpen.packs.pack import (
    Pack,
    PackAgent,
    PackBlock,
    PackChannel,
    PackMessage,
    PackPassage,
    PackReaction,
    PackRun,
    PackRunMessage,
    PackScheduled,
    PackStep,
    message_id,
    row_id,
)
from bullpen.packs.reader import read_pack


def _agent(agent_id, name, title):
    return PackAgent(
        id=agent_id,
        display_name=name,
        title=title,
        avatar_color="#000000",
        presence="active",
        status_emoji=None,
        status_text=None,
        system_prompt=f"You are {name}.",
        model_id="claude-sonnet-4-5-20250929",
        max_turns=5,
        max_budget_usd=0.10,
    )


ANN = PackAgent(
    id="ann",
    display_name="Ann Oven",
    title="Baker",
    avatar_color="#aA0011",
    presence="away",
    status_emoji="🥐",
    status_text="no: yes",
    system_prompt="You are Ann.\n\n---\n\nYou bake.",
    model_id="some-model",
    max_turns=7,
    max_budget_usd=1.5,
)

GENERAL = PackChannel(
    id="general",
    name="general",
    kind="public",
    topic="Bread",
    member_ids=("ann", "bo", "cy", "di"),
    messages=(
        PackMessage(
            key="general/-1/12:30:00/ann",
            day=-1,
            at=time(12, 30),
            user_id="ann",
            text="no",
            reactions=(PackReaction("👍", ("bo", "cy")), PackReaction("🥖", ("di",))),
            replies=(
                PackMessage(
                    key="general/-1/12:30:00/ann/-1/12:30:05/bo",
                    day=-1,
                    at=time(12, 30, 5),
                    user_id="bo",
                    text="Right away.",
                    reactions=(),
                    replies=(),
                ),
                PackMessage(
                    key="general/-1/12:30:00/ann/0/08:00:00/cy",
                    day=0,
                    at=time(8),
                    user_id="cy",
                    text="Two lines,\n\nand `code`.",
                    reactions=(PackReaction("🎉", ("ann",)),),
                    replies=(),
                ),
            ),
        ),
        PackMessage(
            key="general/0/07:00:00/bo",
            day=0,
            at=time(7),
            user_id="bo",
            text="1e3",
            reactions=(),
            replies=(),
        ),
    ),
)

BLOCKS = (
    PackBlock("ann", "personality", "I bake.\nI bake early.", None),
    PackBlock("ann", "oven_news", "The left one runs hot.", ("bo", "cy", "di")),
    PackBlock("bo", "personality", "I count.", None),
    PackBlock("bo", "till", "The drawer sticks.", ("di",)),
)
PASSAGES = (
    PackPassage("ann", -30, time(4, 10), "Rye wants a colder oven.", ("rye", "ovens")),
    PackPassage("ann", -30, time(4, 10, 1), "no", ()),
)
SCHEDULED = (
    PackScheduled(
        agent_id="bo",
        day=2,
        at=time(9),
        prompt="Count the till.",
        channel_id="dm-bo-ann",
        status="pending",
        created=(0, time(8, 30)),
    ),
    PackScheduled(
        agent_id="ann",
        day=-1,
        at=time(9),
        prompt="Proof.",
        channel_id=None,
        status="fired",
        created=(-2, time(9)),
    ),
)
RUNS = (
    PackRun(
        agent_id="ann",
        day=0,
        at=time(8, 0, 2),
        waited=timedelta(seconds=1.5),
        channel_id="general",
        trigger="general/-1/12:30:00/ann/-1/12:30:05/bo",
        stop_reason="error",
        messages=(
            PackRunMessage("system_message", "You are Ann.", None, None),
            PackRunMessage("user_message", "cy: two lines", None, None),
        ),
        steps=(
            PackStep(
                status="completed",
                lasted=timedelta(seconds=2.25),
                model_id="some-model",
                tokens=(812, 40),
                messages=(
                    PackRunMessage("assistant_message", "Bo ought to see this.", None, None),
                    PackRunMessage(
                        "tool_call_message",
                        "",
                        "react_to_message",
                        {"emoji": "🥐", "to": ["bo", {"n": "1"}]},
                    ),
                    PackRunMessage("tool_return_message", "Done.", "react_to_message", None),
                ),
            ),
            PackStep("failed", timedelta(seconds=0.125), "other", None, ()),
        ),
    ),
    PackRun("ann", 0, time(8, 1), timedelta(), None, None, "cancelled", (), ()),
)


def _only_message(channel_id, day, at, user_id, text):
    key = f"{channel_id}/{day}/{at.isoformat()}/{user_id}"
    return (PackMessage(key, day, at, user_id, text, reactions=(), replies=()),)


LINES = {
    "ann": Lines(
        addressed=["Yes, {name}.", "In {channel}."],
        talkative=0.5,
        greetings=["Morning."],
        notes=["{name} said {word}."],
        topics=[
            Topic(words=["rye", "bread"], lines=["{word} is easy."], reactions=["🍞"]),
            Topic(words=["oven"], lines=["Which one."]),
        ],
        reactions=["👍"],
    ),
    "bo": Lines(addressed=["Next."]),
}


def test_a_whole_pack(small_pack):
    assert read_pack(small_pack.folder) == Pack(
        id="bakery",
        name="The Bakery",
        description="Four people and an oven.",
        default_user="ann",
        agents=(
            ANN,
            _agent("bo", "Bo", "Till"),
            _agent("cy", "Cy", "Van"),
            _agent("di", "Di", "Books"),
        ),
        channels=(
            GENERAL,
            PackChannel(
                id="ovens",
                name="The Ovens",
                kind="private",
                topic="",
                member_ids=("cy", "ann"),
                messages=_only_message("ovens", 0, time(6), "cy", "Hot."),
            ),
            PackChannel(
                id="dm-bo-ann",
                name="dm-bo-ann",
                kind="dm",
                topic="",
                member_ids=("bo", "ann"),
                messages=_only_message("dm-bo-ann", -3, time(23, 59, 59), "bo", "Still up."),
            ),
            PackChannel(
                id="cy-and-di",
                name="cy-and-di",
                kind="dm",
                topic="",
                member_ids=("cy", "di"),
                messages=(),
            ),
        ),
        unreads={"ann": {"general": 1, "ovens": 1}, "di": {"general": 2}},
        blocks=BLOCKS,
        passages=PASSAGES,
        scheduled=SCHEDULED,
        runs=RUNS,
        lines=LINES,
    )


def test_what_may_be_left_out(small_pack):
    for name in ("dms.yaml", "unreads.yaml", "messages/general.yaml", "schedule.yaml"):
        (small_pack.folder / name).unlink()
    shutil.rmtree(small_pack.folder / "memory")
    shutil.rmtree(small_pack.folder / "runs")
    (small_pack.folder / "messages" / "dm-bo-ann.yaml").unlink()
    pack = read_pack(small_pack.folder)
    assert [(channel.id, len(channel.messages)) for channel in pack.channels] == [
        ("general", 0),
        ("ovens", 1),
    ]
    assert pack.unreads == {}
    assert pack.blocks == pack.passages == pack.scheduled == pack.runs == ()


def test_hidden_files_and_a_readme_are_no_part_of_it(small_pack):
    before = read_pack(small_pack.folder)
    for name in (".DS_Store", ".git/config", "messages/.general.yaml.swp", "README.md"):
        small_pack.write(name, "\0")
    assert read_pack(small_pack.folder) == before


def test_a_link_within_the_pack_is_followed(small_pack):
    before = read_pack(small_pack.folder)
    (small_pack.folder / "README.md").write_text("- {day: 0, at: 06:00, from: cy, text: Hot.}")
    (small_pack.folder / "messages" / "ovens.yaml").unlink()
    (small_pack.folder / "messages" / "ovens.yaml").symlink_to("../README.md")
    assert read_pack(small_pack.folder) == before


def test_the_line_endings_and_byte_order_mark_of_windows(small_pack):
    before = read_pack(small_pack.folder)
    for path in small_pack.folder.rglob("*.*"):
        if path.is_file():
            path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert read_pack(small_pack.folder) == before


def test_only_the_newline_that_a_block_adds_is_taken_off(small_pack):
    texts = {"|": "\n        a\n", "|-": "\n        a\n", "|+": "\n        a\n\n\n", '"a\\n"': "\n"}
    stored = []
    for style, rest in texts.items():
        small_pack.write(
            "messages/ovens.yaml", f"- day: 0\n  at: 06:00\n  from: cy\n  text: {style}{rest}"
        )
        ovens = read_pack(small_pack.folder).channels[1]
        stored.append(ovens.messages[0].text)
    assert stored == ["a", "a", "a\n\n", "a\n"]


def test_every_message_has_its_own_key(small_pack):
    roots = [message for c in read_pack(small_pack.folder).channels for message in c.messages]
    keys = [message.key for root in roots for message in (root, *root.replies)]
    assert len(keys) == 6
    assert len(set(keys)) == len(keys)


def test_a_message_keeps_its_id_for_ever():
    assert message_id("bakery", "general/-1/12:30:00/ann") == UUID(
        "adc40bfe-998c-52ac-810a-824867a2efd2"
    )


def test_whatever_else_comes_from_a_pack_keeps_its_id_for_ever():
    assert row_id("bakery", "memory_blocks", "ann/personality") == UUID(
        "2c4e67f4-acfb-5322-b1fb-a3c75394705b"
    )
    assert [row.key for row in (*PASSAGES, *SCHEDULED, *RUNS)] == [
        "ann/-30/04:10:00",
        "ann/-30/04:10:01",
        "bo/2/09:00:00",
        "ann/-1/09:00:00",
        "ann/0/08:00:02",
        "ann/0/08:01:00",
    ]


def test_another_pack_has_other_ids():
    assert message_id("bakery", "general/0/07:00:00/bo") != message_id(
        "brewery", "general/0/07:00:00/bo"
    )


def test_an_edited_text_leaves_the_key_as_it_was(small_pack):
    before = [message.key for message in read_pack(small_pack.folder).channels[0].messages]
    small_pack.change("messages/general.yaml", "text: 1e3", "text: 1000")
    after = read_pack(small_pack.folder).channels[0].messages
    assert [message.key for message in after] == before
    assert after[1].text == "1000"
