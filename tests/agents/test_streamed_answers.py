"""A provider's stream, joined: the same answer as at once, and pieces of it on the way."""

import json

import httpx2
import pytest
from tests.support.fixtures import complete

from bullpen.agents.runtimes.client import MOST_BYTES, ReadingClient
from bullpen.agents.runtimes.joining import Broken, Stream, joined
from bullpen.agents.runtimes.pieces import EMIT, Begun, CallPart, Thought, emit_nothing
from bullpen.agents.runtimes.reading_anthropic import read_message
from bullpen.agents.runtimes.reading_openai import read_completion
from bullpen.agents.runtimes.streamed_requests import streamed

SEND = '{"text": "Hi *you*"}'
OPENAI = [
    {"choices": [{"delta": {"role": "assistant", "content": "", "reasoning_content": "Hm"}}]},
    {"choices": [{"delta": {"reasoning_content": "m."}}]},
    {"choices": [{"delta": {"tool_calls": [
        {"index": 0, "id": "a", "type": "function",
         "function": {"name": "send_message", "arguments": ""}}]}}]},
    {"choices": [{"delta": {"tool_calls": [{"index": 0, "function": {"arguments": SEND[:9]}}]}}]},
    {"choices": [{"delta": {"tool_calls": [{"index": 0, "function": {"arguments": SEND[9:]}}]}}]},
    {"choices": [{"delta": {}, "finish_reason": "tool_calls"}]},
    {"choices": [], "usage": {"prompt_tokens": 7, "completion_tokens": 9}},
]  # fmt: skip
ANTHROPIC = [
    {"type": "message_start", "message": {
        "id": "m", "type": "message", "role": "assistant", "model": "x", "content": [],
        "stop_reason": None, "usage": {"input_tokens": 7, "output_tokens": 1}}},
    {"type": "ping"},
    {"type": "content_block_start", "index": 0, "content_block": {
        "type": "thinking", "thinking": "", "signature": ""}},
    {"type": "content_block_delta", "index": 0,
     "delta": {"type": "thinking_delta", "thinking": "Hmm."}},
    {"type": "content_block_delta", "index": 0,
     "delta": {"type": "signature_delta", "signature": "sig"}},
    {"type": "content_block_stop", "index": 0},
    {"type": "content_block_start", "index": 1, "content_block": {
        "type": "tool_use", "id": "t", "name": "send_message", "input": {}}},
    {"type": "content_block_delta", "index": 1,
     "delta": {"type": "input_json_delta", "partial_json": SEND[:9]}},
    {"type": "content_block_delta", "index": 1,
     "delta": {"type": "input_json_delta", "partial_json": SEND[9:]}},
    {"type": "content_block_stop", "index": 1},
    {"type": "message_delta", "delta": {"stop_reason": "tool_use"}, "usage": {"output_tokens": 9}},
    {"type": "message_stop"},
]  # fmt: skip
GOOGLE = [
    {"candidates": [{"content": {"role": "model", "parts": [{"text": "Hm", "thought": True}]}}]},
    {"candidates": [{"content": {"parts": [{"text": "m.", "thought": True}]}}]},
    {"candidates": [{"content": {"parts": [{"text": "So"}]}}]},
    {"candidates": [{"content": {"parts": [{"text": "."}, {
        "functionCall": {"name": "send_message", "args": json.loads(SEND)},
        "thoughtSignature": "sig"}]}}]},
    {"candidates": [{"content": {"parts": []}, "finishReason": "STOP"}],
     "usageMetadata": {"promptTokenCount": 7, "candidatesTokenCount": 9}},
]  # fmt: skip
FORMS = {"openai": OPENAI, "anthropic": ANTHROPIC, "google": GOOGLE}
PATHS = {
    "openai": "/v1/chat/completions",
    "anthropic": "/v1/messages",
    "google": "/v1beta/models/x:generateContent",
}


def sse(events, end="\n\n"):
    return "".join(f"data: {json.dumps(one)}{end}" for one in events).encode()


def heard(form, content, cuts):
    pieces = []
    stream = Stream(form, pieces.append)
    for start in range(0, len(content), cuts):
        stream.take(content[start : start + cuts])
    return stream.end(), pieces


def text_of(pieces):
    return "".join(piece.arguments for piece in pieces if isinstance(piece, CallPart))


@pytest.mark.parametrize("cuts", [1, 17, 100_000])
@pytest.mark.parametrize("form", FORMS)
def test_the_pieces_are_those_of_the_whole_answer_wherever_the_bytes_are_cut(form, cuts):
    whole, pieces = heard(form, sse(FORMS[form], "\r\n\r\n"), cuts)
    assert "".join(one.text for one in pieces if isinstance(one, Thought)) == "Hmm."
    assert json.loads(text_of(pieces)) == json.loads(SEND)
    assert {one.tool_name for one in pieces if isinstance(one, CallPart)} == {"send_message"}
    assert whole == heard(form, sse(FORMS[form]), 100_000)[0]


def test_a_joined_completion_is_read_like_one_that_came_at_once():
    read = read_completion(heard("openai", sse(OPENAI), 50)[0], {"model": "x"})
    [choice] = read["choices"]
    assert choice["message"]["reasoning_content"] == "Hmm."
    assert choice["message"]["tool_calls"][0]["function"] == {
        "name": "send_message",
        "arguments": SEND,
    }
    assert (choice["finish_reason"], read["usage"]["completion_tokens"]) == ("tool_calls", 9)


def test_a_joined_message_is_read_like_one_that_came_at_once():
    read = read_message(heard("anthropic", sse(ANTHROPIC), 50)[0], {"model": "x"})
    assert read["content"] == [
        {"type": "thinking", "thinking": "Hmm.", "signature": "sig"},
        {"type": "tool_use", "id": "t", "name": "send_message", "input": {"text": "Hi *you*"}},
    ]
    assert (read["stop_reason"], read["usage"]["input_tokens"], read["usage"]["output_tokens"]) == (
        *("tool_use", 7, 9),
    )


def test_a_joined_answer_of_google_is_the_one_that_comes_at_once():
    [candidate] = heard("google", sse(GOOGLE), 50)[0]["candidates"]
    assert candidate["finishReason"] == "STOP"
    call = {"name": "send_message", "args": json.loads(SEND)}
    assert candidate["content"] == {
        "role": "model",
        "parts": [
            {"text": "Hmm.", "thought": True},
            {"text": "So."},
            {"functionCall": call, "thoughtSignature": "sig"},
        ],
    }


def test_calls_with_the_same_index_and_names_that_are_repeated_stay_apart():
    def part(call_id, name, arguments):
        function = {"name": name, "arguments": arguments}
        return {"choices": [{"delta": {"tool_calls": [
            {"index": 0, "id": call_id, "function": function}]}}]}  # fmt: skip

    events = [part("a", "one", "{"), part("a", "one", "}"), part("b", "two", '{"x": 1}')]
    whole, _ = heard("openai", sse(events) + b"data: [DONE]\n\n", 100)
    calls = [call["function"] for call in whole["choices"][0]["message"]["tool_calls"]]
    assert calls == [
        {"name": "one", "arguments": "{}"},
        {"name": "two", "arguments": '{"x": 1}'},
    ]


@pytest.mark.parametrize("form", FORMS)
def test_a_stream_that_ends_before_the_answer_is_broken(form):
    with pytest.raises(Broken):
        heard(form, sse(FORMS[form][:3]), 50)


@pytest.mark.parametrize("form", FORMS)
def test_the_request_asks_for_a_stream_and_for_nothing_else(form):
    body = {"model": "x", "messages": ["é"], "stream": False}
    request = httpx2.Request("POST", f"http://x{PATHS[form]}", json=body)
    asked = streamed(form, request)
    assert asked is not None
    if form == "google":
        assert asked.url.path.endswith(":streamGenerateContent")
        assert asked.url.query == b"alt=sse"
        assert json.loads(asked.content) == body
    else:
        counted = {"stream_options": {"include_usage": True}} if form == "openai" else {}
        assert json.loads(asked.content) == body | {"stream": True} | counted
    assert int(asked.headers["content-length"]) == len(asked.content)
    assert streamed(form, httpx2.Request("GET", "http://x/v1/models")) is None


def playing(form, answers):
    """A client whose server gives these answers, one after the other."""
    asked = []

    def answer(request):
        asked.append(json.loads(request.content))
        status, content = answers[len(asked) - 1]
        return httpx2.Response(status, content=content)

    client = ReadingClient(form)
    client._transport = httpx2.MockTransport(answer)
    client._mounts = {}
    return client, asked


async def send(client, form):
    return await client.post(f"http://x{PATHS[form]}", json={"model": "x", "messages": []})


def test_a_server_that_refuses_to_stream_is_asked_again_without_and_from_then_on():
    whole = json.dumps({"choices": [{"message": {"content": "Hi"}}]}).encode()
    refusal = b'{"detail":[{"loc":["body","stream_options"],"msg":"extra_forbidden"}]}'
    client, asked = playing("openai", [(422, refusal), (200, whole), (200, whole)])

    async def ask():
        return [await send(client, "openai"), await send(client, "openai")]

    for response in complete(ask()):
        assert response.json()["choices"][0]["message"]["content"] == "Hi"
    assert ["stream" in body for body in asked] == [True, False, False]


def test_a_server_that_answers_at_once_all_the_same_is_understood():
    said = {"content": [{"type": "text", "text": "Hi"}], "stop_reason": "end_turn"}
    client, _ = playing("anthropic", [(200, json.dumps(said).encode())])
    assert complete(send(client, "anthropic")).json()["content"][0]["text"] == "Hi"


@pytest.mark.parametrize(
    ("form", "error", "status"),
    [
        ("openai", {"error": {"message": "slow down", "code": 429}}, 429),
        ("anthropic", {"type": "error", "error": {"type": "overloaded_error", "message": "x"}},
         529),
        ("google", {"error": {"code": 503, "message": "x", "status": "UNAVAILABLE"}}, 503),
    ],
)  # fmt: skip
def test_an_error_in_the_middle_is_the_status_that_it_would_have_been(form, error, status):
    client, _ = playing(form, [(200, sse([*FORMS[form][:4], error]))])
    assert complete(send(client, form)).status_code == status


def test_a_stream_that_breaks_off_is_a_lost_connection_which_the_sdk_tries_again():
    client, _ = playing("openai", [(200, sse(OPENAI[:3]))])
    with pytest.raises(httpx2.RemoteProtocolError):
        complete(send(client, "openai"))


def test_each_request_begins_anew():
    client, _ = playing("openai", [(200, sse(OPENAI))] * 2)
    pieces = []

    async def ask():
        EMIT.set(pieces.append)
        await send(client, "openai")
        await send(client, "openai")

    complete(ask())
    assert [isinstance(piece, Begun) for piece in pieces].count(True) == 2
    assert isinstance(pieces[0], Begun)


def test_a_stream_that_is_far_too_long_is_no_answer():
    response = httpx2.Response(200, content=sse(OPENAI) + b":" * 100)
    with pytest.raises(Exception, match="too long"):
        complete(joined("openai", response, 200, emit_nothing))
    assert MOST_BYTES > 200
