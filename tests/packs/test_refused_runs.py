import pytest

STOP_REASONS = (
    "'end_turn', 'error', 'max_steps', 'max_tokens_exceeded', 'cancelled', 'no_tool_call' or"
    " 'invalid_tool_call'"
)
CHANGES = {
    "another stop reason": (
        ("runs/ann.yaml", "stop_reason: error", "stop_reason: tired"),
        f"runs/ann.yaml:6: stop_reason: is 'tired'; expected {STOP_REASONS}",
    ),
    "a channel that its agent cannot read": (
        ("runs/ann.yaml", "08:01, stop_reason", "08:01, channel: cy-and-di, stop_reason"),
        (
            "runs/ann.yaml:20: channel: ann is not a member of this channel;"
            " expected one that ann can read"
        ),
    ),
    "no later than the one before it": (
        ("runs/ann.yaml", "at: 08:01,", 'at: "08:00:02",'),
        (
            "runs/ann.yaml:20: at: day 0 08:00:02 is no later than the run before it;"
            " expected after day 0 08:00:02"
        ),
    ),
    "before its trigger": (
        ("runs/ann.yaml", '- day: 0\n  at: "08:00:02"', '- day: -1\n  at: "12:30:05"'),
        (
            "runs/ann.yaml:2: at: day -1 12:30:05 is no later than its trigger;"
            " expected after day -1 12:30:05"
        ),
    ),
    "a trigger that nobody wrote": (
        ("runs/ann.yaml", "from: bo", "from: di"),
        (
            "runs/ann.yaml:5: trigger: no messages of 'general' are by di at day -1 12:30:05;"
            " expected one"
        ),
    ),
    "a trigger in no channel": (
        ("runs/ann.yaml", "  channel: general\n", ""),
        "runs/ann.yaml:4: trigger: has no channel; expected the run to name one",
    ),
    "seconds in words": (
        ("runs/ann.yaml", "seconds: 2.25", "seconds: 2s"),
        ("runs/ann.yaml:11: steps.seconds: '2s' is no number of seconds; expected one such as 2.5"),
    ),
    "seconds as a list": (
        ("runs/ann.yaml", "waited: 1.5", "waited: [1.5]"),
        "runs/ann.yaml:3: waited: is a list; expected a number of seconds",
    ),
    "tokens in parts": (
        ("runs/ann.yaml", "output: 40", "output: 0.4"),
        (
            "runs/ann.yaml:12: steps.tokens.output: '0.4' is not possible;"
            " expected a whole number from 0 to 999999999"
        ),
    ),
    "a step that still runs": (
        ("runs/ann.yaml", "status: failed", "status: running"),
        "runs/ann.yaml:19: steps.status: is 'running'; expected 'completed' or 'failed'",
    ),
    "no step at all": (
        ("runs/ann.yaml", "stop_reason: cancelled", "stop_reason: end_turn"),
        (
            "runs/ann.yaml:20: steps: there is none; expected one,"
            " or a run that was cancelled before it began"
        ),
    ),
    "a message of another type": (
        ("runs/ann.yaml", "type: system_message", "type: system"),
        (
            "runs/ann.yaml:8: messages.type: is 'system'; expected 'system_message',"
            " 'user_message', 'assistant_message', 'tool_call_message', 'tool_return_message'"
            " or 'thinking_message'"
        ),
    ),
    "a message without a text": (
        ("runs/ann.yaml", ", text: You are Ann.", ""),
        "runs/ann.yaml:8: messages: this system_message has no text; expected one",
    ),
    "a tool in a text": (
        ("runs/ann.yaml", "text: Bo ought to see this.", "text: a, tool: b"),
        (
            "runs/ann.yaml:14: steps.messages: this assistant_message takes no tool;"
            " expected a text alone"
        ),
    ),
    "a return of no tool": (
        ("runs/ann.yaml", "tool: react_to_message, text", "text"),
        "runs/ann.yaml:18: steps.messages: this tool_return_message names no tool; expected one",
    ),
    "a call without input": (
        ("runs/ann.yaml", "          input: {emoji: 🥐, to: [bo, {n: 1}]}\n", ""),
        (
            "runs/ann.yaml:15: steps.messages: this tool_call_message has no input;"
            " expected a mapping"
        ),
    ),
    "input as a text": (
        ("runs/ann.yaml", "{emoji: 🥐, to: [bo, {n: 1}]}", "🥐"),
        "runs/ann.yaml:17: steps.messages.input: is '🥐'; expected a mapping",
    ),
    "input to a return": (
        ("runs/ann.yaml", "text: Done.", "text: Done., input: {}"),
        (
            "runs/ann.yaml:18: steps.messages: this tool_return_message takes no input;"
            " expected it in the tool_call_message"
        ),
    ),
}


@pytest.mark.parametrize(("change", "message"), CHANGES.values(), ids=CHANGES)
def test_a_run_that_does_not_fit(small_pack, change, message):
    small_pack.change(*change)
    assert small_pack.refusal() == message


def test_a_trigger_that_two_messages_could_be(small_pack):
    small_pack.write(
        "messages/general.yaml",
        """\
- {day: -1, at: 12:00, from: bo, text: One., replies: [{at: 12:30, from: cy, text: a}]}
- {day: -1, at: 12:01, from: bo, text: Two., replies: [{at: 12:30, from: cy, text: b}]}
- {day: 0, at: 05:00, from: bo, text: Three.}
""",
    )
    small_pack.change(
        "runs/ann.yaml", '{day: -1, at: "12:30:05", from: bo}', "{day: -1, at: 12:30, from: cy}"
    )
    assert small_pack.refusal() == (
        "runs/ann.yaml:5: trigger: 2 messages of 'general' are by cy at day -1 12:30:00;"
        " expected one"
    )
