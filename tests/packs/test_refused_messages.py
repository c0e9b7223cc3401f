import pytest

AGENTS = "ann, bo, cy, di"
CHANNELS = "general, ovens, dm-bo-ann, cy-and-di"
CHANGES = {
    "an author who is nobody": (
        ("messages/general.yaml", "from: ann", "from: anna"),
        (
            "messages/general.yaml:3: from: 'anna' is not an agent of this pack;"
            f" expected one of {AGENTS} (did you mean ann?)"
        ),
    ),
    "an author who is not a member": (
        ("messages/ovens.yaml", "from: cy", "from: bo"),
        (
            "messages/ovens.yaml:1: from: 'bo' is not a member of this channel;"
            " expected one of cy, ann"
        ),
    ),
    "a stranger in a conversation of two": (
        ("messages/dm-bo-ann.yaml", "from: bo", "from: di"),
        (
            "messages/dm-bo-ann.yaml:1: from: 'di' is not a member of this channel;"
            " expected one of bo, ann"
        ),
    ),
    "a reaction of nobody": (
        ("messages/general.yaml", "{🎉: [ann]}", "{🎉: [ann, zoe]}"),
        (
            "messages/general.yaml:15: replies.reactions.🎉: 'zoe' is not an agent of this pack;"
            f" expected one of {AGENTS}"
        ),
    ),
    "a reaction of a stranger": (
        ("messages/ovens.yaml", "text: Hot.", "text: Hot., reactions: {🔥: [di]}"),
        (
            "messages/ovens.yaml:1: reactions.🔥: 'di' is not a member of this channel;"
            " expected one of cy, ann"
        ),
    ),
    "a reaction twice": (
        ("messages/general.yaml", "[bo, cy]", "[bo, cy, bo]"),
        "messages/general.yaml:5: reactions.👍: 'bo' appears twice; expected each id once",
    ),
    "a reaction of no one": (
        ("messages/general.yaml", "[bo, cy]", "[]"),
        "messages/general.yaml:5: reactions.👍: is empty; expected at least one id",
    ),
    "a word for an emoji": (
        ("messages/general.yaml", "👍", "thumbsup"),
        (
            "messages/general.yaml:5: reactions.thumbsup: 'thumbsup' is no emoji;"
            " expected the character itself, such as 👍"
        ),
    ),
    "reactions left empty": (
        ("messages/general.yaml", "reactions: {🎉: [ann]}", "reactions:"),
        "messages/general.yaml:15: replies.reactions: is empty; expected a mapping",
    ),
    "an empty text": (
        ("messages/general.yaml", "text: 1e3", 'text: " "'),
        "messages/general.yaml:19: text: is empty; expected a text",
    ),
    "a text that is a list": (
        ("messages/general.yaml", "text: 1e3", "text: [1e3]"),
        "messages/general.yaml:19: text: is a list; expected a text",
    ),
    "no text": (
        ("messages/general.yaml", "\n  text: 1e3", ""),
        "messages/general.yaml:16: text: is missing",
    ),
    "a misspelt key": (
        ("messages/general.yaml", "text: 1e3", "text: 1e3\n  replys: []"),
        (
            "messages/general.yaml:20: replys: is not known here; expected one of"
            " day, at, from, text, reactions, replies (did you mean replies?)"
        ),
    ),
    "a reply to a reply": (
        ("messages/general.yaml", "text: Right away.}", "text: Right away., replies: []}"),
        (
            "messages/general.yaml:7: replies.replies: is not known here; expected one of"
            " day, at, from, text, reactions, also_in_channel"
        ),
    ),
    "a time": (
        ("messages/general.yaml", "at: 07:00", "at: 7 am"),
        "messages/general.yaml:17: at: '7 am' is no time of day; expected HH:MM or HH:MM:SS",
    ),
    "a time past midnight": (
        ("messages/general.yaml", "at: 07:00", "at: 24:00"),
        "messages/general.yaml:17: at: '24:00' is no time of day; expected HH:MM or HH:MM:SS",
    ),
    "a time that is a list": (
        ("messages/general.yaml", "at: 07:00", "at: [7]"),
        "messages/general.yaml:17: at: is a list; expected a time of day, HH:MM or HH:MM:SS",
    ),
    "a day to come": (
        ("messages/general.yaml", "- day: 0\n  at: 07:00", "- day: 1\n  at: 07:00"),
        (
            "messages/general.yaml:16: day: '1' is not possible;"
            " expected a whole number from -3650 to 0"
        ),
    ),
    "a day in other digits": (
        ("messages/general.yaml", "- day: -1", "- day: -１"),
        (
            "messages/general.yaml:1: day: '-１' is not possible;"
            " expected a whole number from -3650 to 0"
        ),
    ),
    "messages out of order": (
        ("messages/general.yaml", "- day: 0\n  at: 07:00", "- day: -1\n  at: 12:30"),
        (
            "messages/general.yaml:17: at: day -1 12:30:00 is no later than the message before it;"
            " expected after day -1 12:30:00"
        ),
    ),
    "a reply before its message": (
        ("messages/general.yaml", '"12:30:05"', "12:30"),
        (
            "messages/general.yaml:7: at: day -1 12:30:00 is no later than"
            " the thread's first message; expected after day -1 12:30:00"
        ),
    ),
    "replies out of order": (
        ("messages/general.yaml", "- day: 0\n      at: 08:00", "- day: -1\n      at: 12:30:05"),
        (
            "messages/general.yaml:9: at: day -1 12:30:05 is no later than the reply before it;"
            " expected after day -1 12:30:05"
        ),
    ),
    "unreads of nobody": (
        ("unreads.yaml", "di:", "dee:"),
        f"unreads.yaml:2: dee: 'dee' is not an agent of this pack; expected one of {AGENTS}",
    ),
    "unreads of no channel": (
        ("unreads.yaml", "di: {general: 2}", "di: {genral: 2}"),
        (
            "unreads.yaml:2: di.genral: 'genral' is not a channel of this pack;"
            f" expected one of {CHANNELS} (did you mean general?)"
        ),
    ),
    "unreads of a closed door": (
        ("unreads.yaml", "di: {general: 2}", "di:\n  ovens: 0"),
        (
            "unreads.yaml:3: di.ovens: di is not a member of this channel;"
            " expected one that di can read"
        ),
    ),
    "more unread than there is": (
        ("unreads.yaml", "ann: {general: 1,", "ann: {general: 2,"),
        (
            "unreads.yaml:1: ann.general: 2 is out of reach;"
            " expected at most 1, the messages of others there"
        ),
    ),
    "a count that is none": (
        ("unreads.yaml", "di: {general: 2}", "di: {general: -2}"),
        (
            "unreads.yaml:2: di.general: '-2' is not possible;"
            " expected a whole number from 0 to 999999999"
        ),
    ),
}


@pytest.mark.parametrize(("change", "message"), CHANGES.values(), ids=CHANGES)
def test_a_message_or_count_that_does_not_fit(small_pack, change, message):
    # Nothing else may depend on the message.
    small_pack.write("runs/ann.yaml", "[]")
    small_pack.change(*change)
    assert small_pack.refusal() == message
