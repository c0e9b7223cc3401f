"""What providers answer, right and wrong, and how a run that gets it must end: a case a number.

Everything of a case follows from the seed and its number, so a failure can be played again.
"""

import copy
import json
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random

ASKED = "This is case {number}."
SECRET = "sk-fuzz-0123456789abcdef"
# Words that tell somebody what to do.
ADVICE = ("ask", "check", "choose", "chosen", "report", "allow", "profile", "shorten")
TYPES = ("end_turn", "no_tool_call", "invalid_tool_call", "error", "max_tokens_exceeded")
DEEP = "[" * 5_000 + "]" * 5_000
# What nothing depends on: with these in any state, the call is made all the same.
UNNEEDED = {
    "openai": (
        ("id",),
        ("object",),
        ("created",),
        ("model",),
        ("usage",),
        ("usage", "prompt_tokens"),
        ("usage", "completion_tokens"),
        ("usage", "total_tokens"),
        ("choices", 0, "index"),
        ("choices", 0, "message", "role"),
        ("choices", 0, "message", "content"),
        ("choices", 0, "message", "tool_calls", 0, "id"),
        ("choices", 0, "message", "tool_calls", 0, "type"),
    ),
    "anthropic": (
        ("id",),
        ("type",),
        ("role",),
        ("model",),
        ("stop_sequence",),
        ("usage",),
        ("usage", "input_tokens"),
        ("usage", "output_tokens"),
        ("content", 0, "id"),
    ),
}
STATUSES = (301, 304, 400, 401, 402, 403, 404, 408, 409, 413, 418, 422, 429, 500, 502, 503, 529)
NAMES = ("message", "content", "error", "choices", "usage", "text", "tool_calls", "zzz", "")


@dataclass
class Case:
    number: int
    form: str
    kind: str
    status: int = 200
    body: bytes = b""
    headers: dict = field(default_factory=dict)
    # Sent so far, and then the connection breaks; or after so many seconds.
    cut: int | None = None
    delay: float = 0.0
    # One of these; and whether the message must have been sent.
    reasons: tuple = TYPES
    sends: bool | None = None

    @property
    def said(self) -> str:
        return f"Answer to case {self.number}"


def case_of(seed: int, number: int, form: str, delay: float) -> Case:
    random = Random(f"{seed}/{number}")
    case = Case(number, form, random.choices(list(KINDS), WEIGHTS)[0])
    KINDS[case.kind](case, random, delay)
    return case


def right(case: Case, random: Random) -> dict:
    arguments = {"text": case.said}
    if case.form == "anthropic":
        return {
            "id": "msg_1",
            "type": "message",
            "role": "assistant",
            "model": "some-model",
            "content": [
                {"type": "tool_use", "id": "toolu_1", "name": "send_message", "input": arguments}
            ],
            "stop_reason": "tool_use",
            "stop_sequence": None,
            "usage": {"input_tokens": random.randint(1, 500), "output_tokens": 10},
        }
    function = {"name": "send_message", "arguments": json.dumps(arguments)}
    message = {
        "role": "assistant",
        "content": None,
        "tool_calls": [{"id": "call_1", "type": "function", "function": function}],
    }
    return {
        "id": "c_1",
        "object": "chat.completion",
        "created": 1_700_000_000,
        "model": "some-model",
        "choices": [{"index": 0, "message": message, "finish_reason": "tool_calls"}],
        "usage": {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110},
    }


def done(form: str) -> bytes:
    """The turn after a call."""
    if form == "anthropic":
        made = {
            "id": "msg_2",
            "type": "message",
            "role": "assistant",
            "model": "some-model",
            "content": [],
            "stop_reason": "end_turn",
            "stop_sequence": None,
            "usage": {"input_tokens": 1, "output_tokens": 1},
        }
    else:
        message = {"role": "assistant", "content": ""}
        made = {"choices": [{"message": message, "finish_reason": "stop"}]}
    return json.dumps(made).encode()


def odd(random: Random):
    return random.choice(
        (
            None, True, False, 0, -1, 1.5, 1e300, "", " \n", "text", "\ud800", "\x00", "\u202e",
            [], {}, [None], [[]], [{}], {"type": None}, {"a": {"b": []}}, "9" * 5_000, 10**40,
            [1, "two", None], {"message": "odd"}, {"error": None},
        )
    )  # fmt: skip


def paths(value, here=()):
    yield here
    inside = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for name, item in inside:
        yield from paths(item, (*here, name))


def change(data, path, random: Random):
    """Leaves it out, or makes it null, of another type, a list of itself, or adds to it."""
    *outer, last = path
    place = data
    for name in outer:
        place = place[name]
    match random.randrange(5):
        case 0:
            if isinstance(place, dict):
                del place[last]
            else:
                place.pop(last)
        case 1:
            place[last] = None
        case 2 | 3:
            place[last] = odd(random)
        case _:
            item = place[last]
            if isinstance(item, dict):
                item[random.choice(NAMES) + str(random.randrange(3))] = odd(random)
            elif isinstance(item, list):
                item.insert(random.randrange(len(item) + 1), odd(random))
            else:
                place[last] = [item]


def encoded(data) -> bytes:
    return json.dumps(data).encode()


def harmless(case: Case, random: Random, _: float) -> None:
    data = right(case, random)
    for path in random.sample(UNNEEDED[case.form], random.randint(1, 4)):
        with_it = copy.deepcopy(data)
        try:
            change(with_it, path, random)
        except (KeyError, IndexError, TypeError, AttributeError):
            continue
        data = with_it
    data[f"extra_{random.randrange(9)}"] = odd(random)
    case.body, case.reasons, case.sends = encoded(data), ("end_turn",), True


def changed(case: Case, random: Random, _: float) -> None:
    data = right(case, random)
    for _again in range(random.randint(1, 4)):
        found = [path for path in paths(data) if path]
        if not found:
            break
        change(data, random.choice(found), random)
    case.body = encoded(data)


def foreign(case: Case, random: Random, _: float) -> None:
    """JSON that is no answer, or nothing at all."""
    bodies = (
        b"", b" \n ", b"null", b"[]", b"{}", b'"text"', b"17", b"NaN", b"true", b"{", b"\xff\xfe{}",
        b"\xef\xbb\xbf", b"<html><body>Bad gateway</body></html>", b"data: [DONE]", b": ping\n\n",
        b'{"choices":[]}', b'{"choices":null}', b'{"choices":{}}', b'{"choices":[null]}',
        b'{"content":17,"choices":[{"message":[]}]}', DEEP.encode(), b'{"a":' * 5_000,
        b"9" * 100_000, b"Internal Server Error", b"\x00" * 50,
    )  # fmt: skip
    case.body = random.choice(bodies)
    case.reasons, case.sends = ("error", "no_tool_call"), False


def refused(case: Case, random: Random, _: float) -> None:
    case.status = random.choice(STATUSES)
    message = random.choice(("The model is overloaded", f"bad key {SECRET}", "", "x" * 3_000))
    case.body = random.choice(
        (
            encoded({"error": {"message": message, "type": odd(random), "code": odd(random)}}),
            encoded({"type": "error", "error": {"type": "x", "message": message}}),
            encoded({"error": message}),
            encoded({"detail": [{"loc": ["body", 1], "msg": message, "input": SECRET}]}),
            encoded([{"error": {"message": message, "status": "X"}}]),
            encoded({"error": odd(random), "message": odd(random)}),
            encoded(odd(random)),
            message.encode(),
            b"<html>Bad gateway</html>",
            DEEP.encode(),
        )
    )
    case.headers = {
        "retry-after-ms": "1",
        "retry-after": random.choice(("0", "-1", "soon", "1e9", "")),
    }
    case.reasons, case.sends = ("error", "max_tokens_exceeded"), False


def error_inside(case: Case, random: Random, _: float) -> None:
    code = random.choice((400, 401, 429, 502, "502", "rate_limit_exceeded", None, {}))
    error = {"message": "The model is overloaded", "code": code, "type": odd(random)}
    case.body = encoded({"error": error, "id": None})
    case.headers = {"retry-after-ms": "1"}
    case.reasons, case.sends = ("error",), False


def cut(case: Case, random: Random, _: float) -> None:
    case.body = encoded(right(case, random))
    case.cut = random.randrange(len(case.body))
    case.reasons, case.sends = ("error",), False


def truncated(case: Case, random: Random, _: float) -> None:
    """Whole for HTTP, and yet only a part."""
    body = encoded(right(case, random))
    case.body = body[: random.randrange(1, len(body))]
    case.reasons, case.sends = ("error",), False


def slow(case: Case, _: Random, delay: float) -> None:
    case.delay, case.reasons, case.sends = delay, ("error",), False


def unfinished(case: Case, random: Random, _: float) -> None:
    """The model stopped for another reason than that it was done."""
    reason = random.choice(("length", "max_tokens", "content_filter", "refusal", "error", "eos"))
    said = random.choice(("Half an ans", "", "\n\n", None))
    if case.form == "anthropic":
        block = [] if said is None else [{"type": "text", "text": said}]
        data = {"content": block, "stop_reason": reason}
    else:
        message = {"content": said, "refusal": "I cannot" if reason == "refusal" else None}
        data = {"choices": [{"message": message, "finish_reason": reason}]}
    case.body, case.sends = encoded(data), False
    case.reasons = {
        "length": ("max_tokens_exceeded", "no_tool_call"),
        "max_tokens": ("max_tokens_exceeded",),
        "eos": ("no_tool_call",),
    }.get(reason, ("error", "no_tool_call"))


def arguments(case: Case, random: Random, _: float) -> None:
    """A call that cannot be made, three times over."""
    data = right(case, random)
    given = random.choice(
        (
            "{", "[]", "null", DEEP, '{"text": 1e999}', '{"text": "\\ud800"}', '{"text":"\\u0000"}',
            '{"text": "' + "x" * 300_000 + '"}', '"text"', '{"text": "a", "zzz": 1}', "NaN",
            '{"text": "   "}', "9" * 5_000,
        )
    )  # fmt: skip
    name = random.choice(
        ("send_message", "send_message", "rm -rf", "", "ünïcode", "x" * 500, "\ud800")
    )
    if case.form == "anthropic":
        if random.random() < 0.5:
            with suppress(ValueError, RecursionError):
                given = json.loads(given)
        data["content"][0] |= {"name": name, "input": given}
    else:
        data["choices"][0]["message"]["tool_calls"][0]["function"] = {
            "name": name,
            "arguments": given,
        }
    case.body, case.reasons, case.sends = encoded(data), ("invalid_tool_call",), False


KINDS = {
    "harmless": harmless,
    "changed": changed,
    "foreign": foreign,
    "refused": refused,
    "error inside": error_inside,
    "cut": cut,
    "truncated": truncated,
    "slow": slow,
    "unfinished": unfinished,
    "arguments": arguments,
}
WEIGHTS = (30, 25, 8, 12, 4, 5, 5, 1, 6, 6)
