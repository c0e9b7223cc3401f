from bullpen.packs.reader import read_pack

AGENTS = "ann, bo, cy, di"


def test_all_problems_come_at_once(small_pack):
    small_pack.change("agents/bo.md", "title: Till\n", "")
    small_pack.change("channels.yaml", "kind: public", "kind: open")
    small_pack.change("dms.yaml", "[bo, ann]", "[bo, an]")
    small_pack.change("messages/ovens.yaml", "at: 06:00, from: cy", "at: 6, from: di")
    small_pack.change("unreads.yaml", "di:", "do:")
    assert small_pack.refusal().splitlines() == [
        "agents/bo.md:2: title: is missing",
        "channels.yaml:2: kind: is 'open'; expected 'public' or 'private'",
        (
            "dms.yaml:1: members: 'an' is not an agent of this pack;"
            f" expected one of {AGENTS} (did you mean ann?)"
        ),
        "messages/ovens.yaml:1: at: '6' is no time of day; expected HH:MM or HH:MM:SS",
        (
            "messages/ovens.yaml:1: from: 'di' is not a member of this channel;"
            " expected one of cy, ann"
        ),
        f"unreads.yaml:2: do: 'do' is not an agent of this pack; expected one of {AGENTS}",
    ]


def test_a_host_is_an_agent_in_the_channel_and_a_policy_one_of_four(small_pack):
    small_pack.change(
        "channels.yaml", "kind: public", "kind: public\n  answers: best_fit\n  host: ann"
    )
    assert [c.policy for c in read_pack(small_pack.folder).channels[:2]] == ["best_fit", "all"]
    small_pack.change(
        "channels.yaml", "kind: private", "kind: private\n  answers: some\n  host: di"
    )
    assert small_pack.refusal().splitlines() == [
        ("channels.yaml:9: answers: is 'some'; expected 'all', 'best_fit', 'mentions' or 'none'"),
        "channels.yaml:10: host: 'di' is not a member of this channel; expected one of cy, ann",
    ]


def test_one_broken_list_is_not_the_fault_of_all_who_are_in_it(small_pack):
    small_pack.change("pack.yaml", "[ann, bo, cy, di]", "[ann, bo, cy, di")
    assert small_pack.refusal() == (
        "pack.yaml:7: is not valid YAML: expected ',' or ']', but got '<stream end>'"
    )


def test_twenty_problems_are_shown(small_pack):
    lines = "\n".join(f"- {{day: 0, at: 'x{index}', from: cy, text: a}}" for index in range(23))
    small_pack.write("messages/ovens.yaml", lines)
    shown = small_pack.refusal().splitlines()
    assert shown[0] == (
        "messages/ovens.yaml:1: at: 'x0' is no time of day; expected HH:MM or HH:MM:SS"
    )
    assert shown[19] == (
        "messages/ovens.yaml:20: at: 'x19' is no time of day; expected HH:MM or HH:MM:SS"
    )
    assert shown[20:] == ["… and 3 more"]
