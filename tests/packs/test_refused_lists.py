import shutil

import pytest

AGENTS = "ann, bo, cy, di"
CHANGES = {
    "another format": (
        ("pack.yaml", "format: 1", "format: 2"),
        "pack.yaml:1: format: is '2'; expected '1'",
    ),
    "pack id": (
        ("pack.yaml", "id: bakery", "id: The Bakery"),
        (
            "pack.yaml:2: id: 'The Bakery' is no id; expected small letters, digits, - and _,"
            " a letter or digit first"
        ),
    ),
    "name left out": (
        ("pack.yaml", "name: The Bakery\n", ""),
        "pack.yaml:1: name: is missing",
    ),
    "no agents": (
        ("pack.yaml", "[ann, bo, cy, di]", "[]"),
        "pack.yaml:6: agents: is empty; expected at least one id",
    ),
    "an agent twice": (
        ("pack.yaml", "[ann, bo, cy, di]", "[ann, bo, cy, di, bo]"),
        "pack.yaml:6: agents: 'bo' appears twice; expected each id once",
    ),
    "the default user is nobody": (
        ("pack.yaml", "default_user: ann", "default_user: anne"),
        (
            "pack.yaml:5: default_user: 'anne' is not in the list of agents;"
            f" expected one of {AGENTS} (did you mean ann?)"
        ),
    ),
    "an agent without a persona": (
        ("pack.yaml", "[ann, bo, cy, di]", "\n  - ann\n  - bo\n  - cy\n  - di\n  - ed"),
        "pack.yaml:11: agents: 'ed' has no persona; expected a file agents/ed.md",
    ),
    "an unknown key": (
        ("pack.yaml", "description:", "descripton:"),
        (
            "pack.yaml:4: descripton: is not known here; expected one of"
            " format, id, name, description, agents, people, default_user"
            " (did you mean description?)"
        ),
    ),
    "a channel's kind": (
        ("channels.yaml", "kind: private", "kind: dm"),
        "channels.yaml:6: kind: is 'dm'; expected 'public' or 'private'",
    ),
    "a long id": (
        ("channels.yaml", "id: ovens", f"id: {'o' * 81}"),
        f"channels.yaml:5: id: '{'o' * 59}…' has 81 characters; expected at most 80",
    ),
    "a member who is nobody": (
        ("channels.yaml", "[cy, ann]", "\n  - cy\n  - an"),
        (
            "channels.yaml:10: members: 'an' is not an agent of this pack;"
            f" expected one of {AGENTS} (did you mean ann?)"
        ),
    ),
    "a member twice": (
        ("channels.yaml", "[cy, ann]", "[cy, ann, cy]"),
        "channels.yaml:8: members: 'cy' appears twice; expected each id once",
    ),
    "members in one word": (
        ("channels.yaml", "[cy, ann]", "everybody"),
        "channels.yaml:8: members: 'everybody' is not possible; expected all or a list of ids",
    ),
    "members that are a mapping": (
        ("channels.yaml", "[cy, ann]", "{cy: ann}"),
        "channels.yaml:8: members: is a mapping; expected a list",
    ),
    "a list for a member": (
        ("channels.yaml", "[cy, ann]", "[[cy], ann]"),
        "channels.yaml:8: members: is a list; expected a text",
    ),
    "two channels of one id": (
        ("channels.yaml", "id: ovens", "id: general"),
        "channels.yaml:5: id: 'general' is taken; expected each id once (see channels.yaml:1)",
    ),
    "a conversation of three": (
        ("dms.yaml", "[bo, ann]", "[bo]"),
        "dms.yaml:1: members: has 1 ids; expected two, or three to nine for a group",
    ),
    "a conversation with oneself": (
        ("dms.yaml", "[bo, ann]", "[bo, bo]"),
        "dms.yaml:1: members: 'bo' appears twice; expected each id once",
    ),
    "the same two again": (
        ("dms.yaml", "[cy, di]", "[ann, bo]"),
        (
            "dms.yaml:2: members: ann and bo have a conversation already;"
            " expected one for the same members (see dms.yaml:1)"
        ),
    ),
    "a conversation named like a channel": (
        ("dms.yaml", "cy-and-di", "general"),
        "dms.yaml:2: id: 'general' is taken; expected each id once (see channels.yaml:1)",
    ),
}


@pytest.mark.parametrize(("change", "message"), CHANGES.values(), ids=CHANGES)
def test_a_list_that_does_not_fit(small_pack, change, message):
    small_pack.change(*change)
    assert small_pack.refusal() == message


def test_a_default_id_that_is_too_long(small_pack):
    one, two = "b" * 50, "c" * 50
    small_pack.change("pack.yaml", "[ann, bo, cy, di]", f"[ann, bo, cy, di, {one}, {two}]")
    for agent_id in (one, two):
        shutil.copy(small_pack.folder / "agents/bo.md", small_pack.folder / f"agents/{agent_id}.md")
    small_pack.change("dms.yaml", "[bo, ann]", f"[{one}, {two}]")
    (small_pack.folder / "messages" / "dm-bo-ann.yaml").unlink()
    (small_pack.folder / "schedule.yaml").unlink()
    assert small_pack.refusal() == (
        "dms.yaml:1: id: has 104 characters by default; expected one of at most 80"
    )
