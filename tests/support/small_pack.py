"""A small valid pack in a folder of its own, to be broken in one place."""

from pathlib import Path

import pytest

from bullpen.packs.problems import PackError
from bullpen.packs.reader import read_pack

FILES = {
    "pack.yaml": """\
format: 1
id: bakery
name: The Bakery
description: Four people and an oven.
default_user: ann
agents: [ann, bo, cy, di]
""",
    "agents/ann.md": """\
---
display_name: Ann Oven
title: Baker
avatar_color: "#aA0011"
presence: away
status: {emoji: 🥐, text: "no: yes"}
model_id: some-model
max_turns: 7
max_budget_usd: 1.5
---

You are Ann.

---

You bake.

""",
    "agents/bo.md": """\
---
display_name: Bo
title: Till
avatar_color: "#000000"
---
You are Bo.
""",
    "agents/cy.md": """\
---
display_name: Cy
title: Van
avatar_color: "#000000"
---
You are Cy.
""",
    "agents/di.md": """\
---
display_name: Di
title: Books
avatar_color: "#000000"
---
You are Di.
""",
    "channels.yaml": """\
- id: general
  kind: public
  topic: Bread
  members: all
- id: ovens
  kind: private
  name: The Ovens
  members: [cy, ann]
""",
    "dms.yaml": """\
- members: [bo, ann]
- id: cy-and-di
  members: [cy, di]
""",
    "messages/general.yaml": """\
- day: -1
  at: 12:30
  from: ann
  text: no
  reactions: {👍: [bo, cy], 🥖: [di]}
  replies:
    - {at: "12:30:05", from: bo, text: Right away.}
    - day: 0
      at: 08:00
      from: cy
      text: |
        Two lines,

        and `code`.
      reactions: {🎉: [ann]}
- day: 0
  at: 07:00
  from: bo
  text: 1e3
""",
    "messages/ovens.yaml": """\
- {day: 0, at: 06:00, from: cy, text: Hot.}
""",
    "messages/dm-bo-ann.yaml": """\
- {day: -3, at: 23:59:59, from: bo, text: Still up.}
""",
    "unreads.yaml": """\
ann: {general: 1, ovens: 1}
di: {general: 2}
""",
    "memory/ann.yaml": """\
blocks:
  personality: |
    I bake.
    I bake early.
  oven_news: The left one runs hot.
shared:
  oven_news: all
archive:
  - {day: -30, at: 04:10, text: Rye wants a colder oven., tags: [rye, ovens]}
  - {day: -30, at: "04:10:01", text: no}
""",
    "memory/bo.yaml": """\
blocks:
  personality: I count.
  till: The drawer sticks.
shared:
  till: [di]
""",
    "lines/ann.yaml": """\
talkative: 0.5
addressed: ["Yes, {name}.", "In {channel}."]
greetings: [Morning.]
notes: ["{name} said {word}."]
topics:
  - words: [rye, bread]
    lines: ["{word} is easy."]
    reactions: [🍞]
  - words: [oven]
    lines: [Which one.]
reactions: [👍]
""",
    "lines/bo.yaml": """\
addressed: [Next.]
""",
    "schedule.yaml": """\
- agent: bo
  day: 2
  at: 09:00
  prompt: Count the till.
  channel: dm-bo-ann
  created: {day: 0, at: 08:30}
- {agent: ann, day: -1, at: 09:00, prompt: Proof., status: fired, created: {day: -2, at: 09:00}}
""",
    "runs/ann.yaml": """\
- day: 0
  at: "08:00:02"
  waited: 1.5
  channel: general
  trigger: {day: -1, at: "12:30:05", from: bo}
  stop_reason: error
  messages:
    - {type: system_message, text: You are Ann.}
    - {type: user_message, text: "cy: two lines"}
  steps:
    - seconds: 2.25
      tokens: {input: 812, output: 40}
      messages:
        - {type: assistant_message, text: Bo ought to see this.}
        - type: tool_call_message
          tool: react_to_message
          input: {emoji: 🥐, to: [bo, {n: 1}]}
        - {type: tool_return_message, tool: react_to_message, text: Done.}
    - {seconds: 0.125, status: failed, model_id: other}
- {day: 0, at: 08:01, stop_reason: cancelled}
""",
}


class SmallPack:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name, text in FILES.items():
            self.write(name, text)

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def change(self, name: str, old: str, new: str) -> None:
        text = (self.folder / name).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} must say which place is meant"
        self.write(name, text.replace(old, new))

    def refusal(self) -> str:
        with pytest.raises(PackError) as raised:
            read_pack(self.folder)
        return str(raised.value)
