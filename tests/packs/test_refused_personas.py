import pytest

CHANGES = {
    "no front matter": (
        ("agents/bo.md", "---\ndisplay_name", "display_name"),
        "agents/bo.md:1: has no front matter; expected a line --- here",
    ),
    "front matter without end": (
        ("agents/bo.md", '"#000000"\n---', '"#000000"'),
        "agents/bo.md:1: has no end of the front matter; expected another line ---",
    ),
    "empty front matter": (
        ("agents/bo.md", 'display_name: Bo\ntitle: Till\navatar_color: "#000000"\n', ""),
        "agents/bo.md:2: is empty",
    ),
    "no prompt": (
        ("agents/bo.md", "You are Bo.", "  "),
        "agents/bo.md:5: has no system prompt; expected it below the front matter",
    ),
    "a colour that YAML takes for a comment": (
        ("agents/bo.md", '"#000000"', "#000000"),
        "agents/bo.md:4: avatar_color: '' is no colour; expected #RRGGBB in quotes",
    ),
    "a colour by name": (
        ("agents/bo.md", '"#000000"', "black"),
        "agents/bo.md:4: avatar_color: 'black' is no colour; expected #RRGGBB in quotes",
    ),
    "presence": (
        ("agents/ann.md", "presence: away", "presence: gone"),
        "agents/ann.md:5: presence: is 'gone'; expected 'active', 'away' or 'offline'",
    ),
    "presence that is a list": (
        ("agents/ann.md", "presence: away", "presence: [away]"),
        "agents/ann.md:5: presence: is a list; expected 'active', 'away' or 'offline'",
    ),
    "half a status": (
        ("agents/ann.md", '{emoji: 🥐, text: "no: yes"}', "{emoji: 🥐}"),
        "agents/ann.md:6: status.text: is missing",
    ),
    "an unknown key of the status": (
        ("agents/ann.md", "{emoji: 🥐,", "{icon: x, emoji: 🥐,"),
        "agents/ann.md:6: status.icon: is not known here; expected one of emoji, text",
    ),
    "a status that is a text": (
        ("agents/ann.md", '{emoji: 🥐, text: "no: yes"}', "baking"),
        "agents/ann.md:6: status: is 'baking'; expected a mapping",
    ),
    "a title of two lines": (
        ("agents/bo.md", "title: Till", 'title: "Till\\nand door"'),
        (
            "agents/bo.md:3: title: 'Till\\nand door' has a line break or space around it;"
            " expected one line"
        ),
    ),
    "an empty name": (
        ("agents/bo.md", "display_name: Bo", "display_name:"),
        "agents/bo.md:2: display_name: is empty; expected a text",
    ),
    "a long name": (
        ("agents/bo.md", "display_name: Bo", f"display_name: {'Bo' * 41}"),
        "agents/bo.md:2: display_name: has 82 characters; expected at most 80",
    ),
    "turns": (
        ("agents/ann.md", "max_turns: 7", "max_turns: 7.5"),
        (
            "agents/ann.md:8: max_turns: '7.5' is not possible;"
            " expected a whole number from 1 to 1000"
        ),
    ),
    "turns in a list": (
        ("agents/ann.md", "max_turns: 7", "max_turns: [7]"),
        "agents/ann.md:8: max_turns: is a list; expected a whole number",
    ),
    "a budget": (
        ("agents/ann.md", "max_budget_usd: 1.5", "max_budget_usd: 1,5"),
        (
            "agents/ann.md:9: max_budget_usd: '1,5' is no amount in dollars;"
            " expected one such as 0.10"
        ),
    ),
    "a budget in a mapping": (
        ("agents/ann.md", "max_budget_usd: 1.5", "max_budget_usd: {usd: 1}"),
        "agents/ann.md:9: max_budget_usd: is a mapping; expected a number",
    ),
}


@pytest.mark.parametrize(("change", "message"), CHANGES.values(), ids=CHANGES)
def test_a_persona_that_does_not_fit(small_pack, change, message):
    small_pack.change(*change)
    assert small_pack.refusal() == message
