import re
from pathlib import Path

from bullpen.packs.pack import PackUserGroup
from bullpen.packs.reader import read_pack

DOCUMENT = Path(__file__).parents[2] / "docs" / "packs.md"


def _examples():
    for section in DOCUMENT.read_text(encoding="utf-8").split("\n## `")[1:]:
        file, text = section.split("`\n", 1)
        yield file, re.search(r"```(?:yaml|markdown)\n(.*?)```", text, re.DOTALL)[1]


def test_the_examples_are_a_pack(tmp_path):
    examples = dict(_examples())
    assert list(examples) == [
        "pack.yaml",
        "agents/<id>.md",
        "channels.yaml",
        "dms.yaml",
        "user_groups.yaml",
        "messages/<channel id>.yaml",
        "unreads.yaml",
        "memory/<id>.yaml",
        "schedule.yaml",
        "lines/<id>.yaml",
        "runs/<id>.yaml",
    ]
    persona = examples.pop("agents/<id>.md")
    examples |= {f"agents/{agent_id}.md": persona for agent_id in ("ann", "bo", "cy")}
    examples["messages/general.yaml"] = examples.pop("messages/<channel id>.yaml")
    for folder in ("memory", "lines", "runs"):
        examples[f"{folder}/ann.yaml"] = examples.pop(f"{folder}/<id>.yaml")
    for name, text in examples.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    pack = read_pack(tmp_path)
    assert [channel.id for channel in pack.channels] == ["general", "dm-ann-bo"]
    assert {agent.max_budget_usd for agent in pack.agents} == {0.10}
    assert pack.user_groups == (PackUserGroup("bakers", "Who bakes", ("ann", "bo")),)
    replies = pack.channels[0].messages[0].replies
    assert [(reply.text, reply.also_in_channel) for reply in replies] == [
        ("Colons need quotes: like this.", False),
        ("A day later.", False),
        ("Done.", True),
    ]
    assert pack.unreads == {"bo": {"general": 1}}
    assert [(block.label, block.shared_with) for block in pack.blocks] == [
        ("personality", None),
        ("oven_news", ("bo", "cy")),
    ]
    assert [passage.tags for passage in pack.passages] == [("rye", "ovens")]
    assert [scheduled.status for scheduled in pack.scheduled] == ["pending"]
    assert [topic.words for topic in pack.lines["ann"].topics] == [["rye", "sourdough"]]
    (run,) = pack.runs
    assert run.trigger == pack.channels[0].messages[0].replies[1].key
    assert run.steps[0].messages[1].tool_input == {"emoji": "🥐"}
