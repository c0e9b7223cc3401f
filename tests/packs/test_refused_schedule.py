import pytest

AGENTS = "ann, bo, cy, di"
CHANNELS = "general, ovens, dm-bo-ann, cy-and-di"
CHANGES = {
    "for nobody": (
        ("schedule.yaml", "agent: bo", "agent: bob"),
        (
            "schedule.yaml:1: agent: 'bob' is not an agent of this pack;"
            f" expected one of {AGENTS} (did you mean bo?)"
        ),
    ),
    "in no channel": (
        ("schedule.yaml", "channel: dm-bo-ann", "channel: bakery"),
        (
            "schedule.yaml:5: channel: 'bakery' is not a channel of this pack;"
            f" expected one of {CHANNELS}"
        ),
    ),
    "in a channel that its agent cannot read": (
        ("schedule.yaml", "channel: dm-bo-ann", "channel: ovens"),
        (
            "schedule.yaml:5: channel: bo is not a member of this channel;"
            " expected one that bo can read"
        ),
    ),
    "another status": (
        ("schedule.yaml", "status: fired", "status: done"),
        "schedule.yaml:7: status: is 'done'; expected 'pending', 'fired' or 'cancelled'",
    ),
    "never created": (
        ("schedule.yaml", "  created: {day: 0, at: 08:30}\n", ""),
        "schedule.yaml:1: created: is missing",
    ),
    "created too late": (
        ("schedule.yaml", "day: -2, at: 09:00", "day: -1, at: 09:00"),
        (
            "schedule.yaml:7: at: day -1 09:00:00 is no later than its creation;"
            " expected after day -1 09:00:00"
        ),
    ),
    "created in the future": (
        ("schedule.yaml", "{day: 0, at: 08:30}", "{day: 1, at: 08:30}"),
        (
            "schedule.yaml:6: created.day: '1' is not possible;"
            " expected a whole number from -3650 to 0"
        ),
    ),
    "after ten years": (
        ("schedule.yaml", "day: 2", "day: 3651"),
        (
            "schedule.yaml:2: day: '3651' is not possible;"
            " expected a whole number from -3650 to 3650"
        ),
    ),
    "twice in a second": (
        ("schedule.yaml", "{agent: ann, day: -1,", "{agent: bo, day: 2,"),
        (
            "schedule.yaml:7: at: bo has a message at day 2 09:00:00 already;"
            " expected another time (see line 1)"
        ),
    ),
    "without a prompt": (
        ("schedule.yaml", "Count the till.", '" "'),
        "schedule.yaml:4: prompt: is empty; expected a text",
    ),
}


@pytest.mark.parametrize(("change", "message"), CHANGES.values(), ids=CHANGES)
def test_a_scheduled_message_that_does_not_fit(small_pack, change, message):
    small_pack.change(*change)
    assert small_pack.refusal() == message
