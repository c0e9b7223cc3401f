"""A test for each quirk of a server that docs/providers.md lists, and for what nobody has seen."""

import json
import re
from pathlib import Path

import pytest

from bullpen.agents.runtimes.addresses import unversioned, versioned
from bullpen.agents.runtimes.failures import quoted
from bullpen.agents.runtimes.joining import Stream
from bullpen.agents.runtimes.pieces import emit_nothing
from bullpen.agents.runtimes.reading import Unreadable, error_in, parsed, status_of
from bullpen.agents.runtimes.reading_anthropic import read_message
from bullpen.agents.runtimes.reading_openai import read_completion

HERE = Path(__file__).parent
PAGE = HERE.parent.parent / "docs" / "providers.md"
QUIRKS = json.loads((HERE / "quirks.json").read_text())


def call(**changed):
    function = {"name": "send_message", "arguments": '{"text": "Hi"}'}
    return {"id": "call_1", "type": "function", "function": function} | changed


def answer(message, **changed):
    choice = {"index": 0, "message": message, "finish_reason": "tool_calls"}
    return {"id": "c", "object": "chat.completion", "choices": [choice]} | changed


def read(data):
    """What is taken of an answer: its text, calls, and why it ended."""
    taken = read_completion(data, REQUEST)
    [choice] = taken["choices"]
    calls = [
        (made["function"]["name"], json.loads(made["function"]["arguments"]))
        for made in choice["message"].get("tool_calls", [])
    ]
    return choice["message"]["content"], calls, choice["finish_reason"]


REQUEST = {
    "model": "asked-model",
    "tools": [{"function": {"name": name}} for name in ("send_message", "do_nothing")],
}
HI = [("send_message", {"text": "Hi"})]


@pytest.mark.parametrize("quirk", QUIRKS["completions"])
def test_a_completion_is_read_as_far_as_it_can_be(quirk):
    case = QUIRKS["completions"][quirk]
    calls = [tuple(made) for made in case["calls"]]
    assert read(case["answer"]) == (case["text"], calls, case["finish"])


CALL = '{"name": "send_message", "arguments": {"text": "Hi"}}'
OTHER = '{"name": "rm_rf", "arguments": {}}'


@pytest.mark.parametrize(
    ("text", "calls"),
    [
        (f"<tool_call>\n{CALL}\n</tool_call>", HI),
        (f"<think>Well.</think>\n<tool_call>{CALL}</tool_call>", HI),
        (f"<tool_call>{CALL}", HI),
        (f"<tool_call>{CALL}</tool_call>\n<tool_call>{CALL}</tool_call>", HI * 2),
        (f"```json\n{CALL}\n```", HI),
        (CALL, HI),
        (CALL.replace("arguments", "parameters"), HI),
        (f"[{CALL}]", HI),
        ('{"function": ' + CALL + "}", HI),
        # Text about a call is none.
        (f"You could write {CALL}", []),
        (f"Like this:\n```json\n{CALL}\n```", []),
        (f"<tool_call>{CALL}</tool_call> I have sent it.", []),
        (OTHER, []),
        (f"[{CALL}, {OTHER}]", []),
        ('{"name": "send_message", "arguments": "Hi"}', []),
        ('{"name": "send_message"}', []),
        ("[]", []),
        ("7", []),
        ("<tool_call>{</tool_call>", []),
    ],
)
def test_a_call_that_is_written_as_text_is_one(text, calls):
    said, made, ended = read(answer({"content": text}, choices=[{"message": {"content": text}}]))
    assert made == calls
    assert (said, ended) == ((None, "tool_calls") if calls else (text, "stop"))


def test_each_call_has_an_id_that_mistral_takes():
    data = answer({"tool_calls": [call(), call(), call(id=None)]})
    made = read_completion(data, REQUEST)["choices"][0]["message"]["tool_calls"]
    ids = [one["id"] for one in made]
    assert len(set(ids)) == 3
    assert all(re.fullmatch("[a-zA-Z0-9]{9}", one) for one in ids)


def test_a_signature_of_gemini_is_kept():
    extra = {"google": {"thought_signature": "abc"}}
    data = answer({"tool_calls": [call(extra_content=extra)]})
    [made] = read_completion(data, REQUEST)["choices"][0]["message"]["tool_calls"]
    assert made["extra_content"] == extra


@pytest.mark.parametrize(
    ("usage", "expected"),
    [
        ({"prompt_tokens": 7, "completion_tokens": None}, (7, 0)),
        ({"prompt_tokens": "7", "completion_tokens": 2.0}, (7, 2)),
        ({"input_tokens": 7, "output_tokens": 2}, (7, 2)),
        ({"prompt_tokens": -7, "completion_tokens": 1e300}, (0, 0)),
        (None, (0, 0)),
        ([], (0, 0)),
    ],
)
def test_tokens_are_counted_whatever_they_come_as(usage, expected):
    taken = read_completion(answer({"content": "Hi"}, usage=usage), REQUEST)["usage"]
    assert (taken["prompt_tokens"], taken["completion_tokens"]) == expected


def test_a_server_that_streams_all_the_same_is_understood():
    deltas = [
        {"content": "H"},
        {"content": "i"},
        {"tool_calls": [{"index": 0, "function": {"name": "send_message"}}]},
        {"tool_calls": [{"index": 0, "function": {"arguments": '{"text"'}}]},
        {"tool_calls": [{"index": 0, "function": {"arguments": ': "Hi"}'}}]},
    ]
    pieces = [{"choices": [{"delta": delta}], "usage": None} for delta in deltas]
    pieces.append({"choices": [], "usage": {"prompt_tokens": 5, "completion_tokens": 6}})
    lines = [": OPENROUTER PROCESSING", *(f"data: {json.dumps(one)}" for one in pieces)]
    stream = Stream("openai", emit_nothing)
    stream.take("\n\n".join([*lines, "data: [DONE]"]).encode())
    whole = stream.end()
    assert read(whole) == ("Hi", HI, "tool_calls")
    assert read_completion(whole, REQUEST)["usage"]["completion_tokens"] == 6


@pytest.mark.parametrize("quirk", QUIRKS["errors"])
def test_an_error_is_one_whatever_its_form_and_status(quirk):
    case = QUIRKS["errors"][quirk]
    error = error_in(case["answer"])
    assert status_of(error) == case["status"]
    assert error["message"].startswith(case["message"])
    assert "secret" not in error["message"]


@pytest.mark.parametrize(
    "data",
    [{"error": None}, {"error": {}}, {"error": ""}, {"error": [], "choices": []}, 7, None, []],
)
def test_an_empty_error_is_none(data):
    assert error_in(data) is None


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty"),
        (b" \n ", "empty"),
        (b"<html>", "address"),
        (b"{", "cut off"),
        (b"[" * 200_000 + b"]" * 200_000, "nested"),
    ],
)
def test_what_cannot_be_read_is_said_why(content, why):
    with pytest.raises(Unreadable, match=why):
        parsed(content)


@pytest.mark.parametrize(
    "data", [None, 7, [], {}, {"choices": []}, {"choices": [None]}, {"choices": {}}]
)
def test_an_answer_without_a_message_is_none(data):
    with pytest.raises(Unreadable, match="no message"):
        read_completion(data, REQUEST)


def blocks(*content, **changed):
    data = {"content": list(content), "stop_reason": "tool_use"} | changed
    return read_message(data, REQUEST)


USE = {"type": "tool_use", "id": "toolu_1", "name": "send_message", "input": {"text": "Hi"}}


def test_a_message_is_read_as_far_as_it_can_be():
    unknown = {"type": "future_block", "data": 1}
    read = blocks(unknown, "Hi", USE, USE | {"input": '{"text": "Hi"}', "id": None}, None, 7)
    kinds = [block["type"] for block in read["content"]]
    assert kinds == ["text", "tool_use", "tool_use"]
    assert [block["input"] for block in read["content"][1:]] == [{"text": "Hi"}] * 2
    assert len({block["id"] for block in read["content"][1:]}) == 2
    assert (read["model"], read["usage"]["input_tokens"]) == ("asked-model", 0)
    assert blocks(stop_reason="newer")["stop_reason"] == "end_turn"
    assert blocks(USE, stop_reason=None)["stop_reason"] == "tool_use"


@pytest.mark.parametrize("data", [None, [], {}, {"completion": "Hi"}])
def test_a_message_without_content_is_none(data):
    with pytest.raises(Unreadable, match="no message"):
        read_message(data, REQUEST)


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ("http://vllm:8000", "http://vllm:8000/v1"),
        ("http://vm.example:8000/", "http://vm.example:8000/v1"),
        ("http://127.0.0.1:8199/vllm", "http://127.0.0.1:8199/vllm/v1"),
        ("http://host/v1", "http://host/v1"),
        ("http://host/v1/", "http://host/v1"),
        ("https://api.z.ai/api/paas/v4", "https://api.z.ai/api/paas/v4"),
        ("https://g.example/v1beta/openai/", "https://g.example/v1beta/openai"),
        ("http://host/v1/chat/completions", "http://host/v1"),
        ("http://host/vision", "http://host/vision/v1"),
        ("http://v1", "http://v1/v1"),
    ],
)
def test_a_base_address_gets_its_version_where_it_has_none(given, asked):
    assert versioned(given) == asked


def test_anthropics_address_may_have_the_version_too():
    assert unversioned("https://proxy.example/v1/") == "https://proxy.example"
    assert unversioned("https://proxy.example") == "https://proxy.example"
    assert unversioned(None) is None


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("The model is overloaded", ' It says: "The model is overloaded"'),
        (
            "Incorrect API key provided: sk-abcdef***xyz.",
            ' It says: "Incorrect API key provided: …"',
        ),
        ("key my-own-secret is bad", ' It says: "key … is bad"'),
        ("see https://me:pw@host/x", ' It says: "see https://host/x"'),
        ("a\n\tb\x00c", ' It says: "a b c"'),
        ("bad: " + "The whole prompt of an agent, word for word", ' It says: "bad:…"'),
        ("x" * 300, f' It says: "{"x" * 200}…"'),
        ("", ""),
        ("…", ""),
    ],
)
def test_a_providers_words_are_quoted_without_keys_and_prompts(message, shown):
    asked = ["Before. The whole prompt of an agent, word for word, and after."]
    assert quoted(message, ["my-own-secret", None], asked) == shown


def test_the_page_lists_each_quirk_and_no_other():
    documented = set(re.findall(r"^\| `([a-z-]+)` \|", PAGE.read_text(), flags=re.MULTILINE))
    assert documented == {*QUIRKS["completions"], *QUIRKS["errors"]}
