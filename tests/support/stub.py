"""The providers' HTTP APIs, on loopback. The API key names the scenario that is played."""

import asyncio
import json
import socket
import threading
from contextlib import contextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

SEND = ("send_message", {"text": "Hello from a model"})
STORE = ("store_memory", {"content": "A model was here", "tags": ["models"]})
NOTHING = ("do_nothing", {"reason": "Done."})
BROKEN = ("send_message", {"words": "?"})


def deep(levels):
    value = {}
    for _ in range(levels):
        value = {"a": value}
    return value


# What is answered, turn by turn; the last one again and again.
PLAYS = {
    "answer": [[SEND], "That is all."],
    "quiet": [[NOTHING]],
    "parallel": [["Let me see.", SEND, STORE], [NOTHING]],
    "plain": ["Only words"],
    "broken": [[BROKEN], [SEND], "That is all."],
    "always-broken": [[BROKEN]],
    "unknown": [[("rm_rf", {"path": "/"})], [SEND], "That is all."],
    "endless": [[("search_memory", {"query": "anything"})]],
    "cut-short": [("Only", "length")],
    "refused": [("I cannot", "refusal")],
    "blank": [["\n\n", SEND, " "], [NOTHING]],
    "odd-text": [["x\ud800y", SEND], [NOTHING]],
    "odd-name": [[("rm -rf/\ud83d", {}), SEND], [NOTHING]],
    "odd-arguments": [[("send_message", {"text": "\ud800"}), SEND], [NOTHING]],
    "deep": [[("send_message", deep(900)), SEND], [NOTHING]],
    "repeated": [[SEND]],
    "nothing": [[]],
    "thinking": [[SEND], [NOTHING]],
}
# By the lists of models.
LISTED = ["claude-opus-5", "claude-sonnet-5-5", "gpt-5.6-terra", "some-model"]
THOUGHT = "I dream of heliotrope"
STATUSES = {"bad-key": 401, "missing": 404, "busy": 429, "failing": 500, "unfit": 400}


class Escaped(JSONResponse):
    """As some servers write half of a pair of surrogates: escaped."""

    def render(self, content):
        return json.dumps(content).encode()


class Stub:
    def __init__(self) -> None:
        self.requests = []
        self.asked = threading.Event()
        self.address = ""

    async def messages(self, request):
        body = await request.json()
        scenario = key_of(request)
        self.requests.append((scenario, body))
        if (fault := await self.fault(scenario)) is not None:
            return fault
        turn = sum(
            block["type"] == "tool_result"
            for message in body["messages"]
            if isinstance(message["content"], list)
            for block in message["content"]
        )
        said, calls, reason = play(scenario, turn, len(self.requests))
        content = [{"type": "text", "text": text} for text in said]
        content += [
            {"type": "tool_use", "id": call_id, "name": name, "input": arguments}
            for call_id, name, arguments in calls
        ]
        if scenario == "thinking":
            content.insert(0, {"type": "thinking", "thinking": THOUGHT, "signature": "signed"})
        reasons = {
            "tool": "tool_use",
            "length": "max_tokens",
            "stop": "end_turn",
            "refusal": "refusal",
        }
        answer = {
            "id": "msg_1",
            "type": "message",
            "role": "assistant",
            "model": body["model"],
            "content": content,
            "stop_reason": reasons[reason],
            "stop_sequence": None,
            "usage": {"input_tokens": 100, "output_tokens": 10},
        }
        if body.get("stream"):
            return StreamingResponse(streamed(answer), media_type="text/event-stream")
        return Escaped(answer)

    async def completions(self, request):
        body = await request.json()
        scenario = key_of(request)
        self.requests.append((scenario, body))
        if (fault := await self.fault(scenario)) is not None:
            return fault
        turn = sum(message["role"] == "tool" for message in body["messages"])
        said, calls, reason = play(scenario, turn, len(self.requests))
        made = [
            {
                "id": call_id,
                "type": "function",
                "function": {
                    "name": name,
                    # Such a server may well send what is not even JSON.
                    "arguments": json.dumps(arguments)[: -1 if "words" in arguments else None],
                },
            }
            for call_id, name, arguments in calls
        ]
        message = {"role": "assistant", "content": "\n".join(said) or None}
        if reason == "refusal":
            message |= {"content": None, "refusal": said[0]}
        if made:
            message["tool_calls"] = made
        if scenario == "thinking":
            message["reasoning_content"] = THOUGHT
        reasons = {"tool": "tool_calls", "length": "length", "stop": "stop", "refusal": "stop"}
        answer = {
            "id": "c_1",
            "object": "chat.completion",
            "created": 1,
            "model": body["model"],
            "choices": [{"index": 0, "message": message, "finish_reason": reasons[reason]}],
            "usage": {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110},
        }
        if body.get("stream"):
            return StreamingResponse(streamed_completion(answer), media_type="text/event-stream")
        return Escaped(answer)

    async def models(self, request):
        """Every key but a wrong one is told which models there are."""
        scenario = key_of(request)
        if scenario == "bad-key":
            return JSONResponse({"error": {"message": "no such key"}}, 401)
        if scenario == "no-list":
            await asyncio.sleep(60)
        return JSONResponse({"data": [{"id": name} for name in LISTED]})

    async def fault(self, scenario):
        self.asked.set()
        if scenario == "no-credit":
            said = "Your credit balance is too low to access the API."
            error = {"type": "invalid_request_error", "message": said}
            return JSONResponse({"type": "error", "error": error}, 400)
        again = {"retry-after-ms": "1"}
        if scenario == "busy-once" and len(self.requests) == 1:
            return JSONResponse({"error": {"message": "slow down"}}, 429, headers=again)
        if scenario in STATUSES:
            error = {"type": "x", "message": f"no: {scenario} will not do"}
            headers = again | {"retry-after": "7"} if scenario == "busy" else again
            return JSONResponse(
                {"type": "error", "error": error}, STATUSES[scenario], headers=headers
            )
        if scenario == "busy-for-long":
            error = {"type": "error", "error": {"type": "x", "message": "come back later"}}
            return JSONResponse(error, 429, headers={"retry-after": "30"})
        if scenario == "stall":
            await asyncio.sleep(20)
        if scenario == "garbage":
            return Response("<html>A proxy</html>", media_type="text/html")
        if scenario == "cut":
            return StreamingResponse(
                broken_off(), media_type="application/json", headers={"content-length": "9000"}
            )
        return None


def key_of(request):
    bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
    return request.headers.get("x-api-key") or bearer


async def broken_off():
    yield b'{"id":'


def play(scenario, results, request):
    """What is said, what is called, and why it ended. Plays have one call a turn, or two."""
    turns = PLAYS.get(scenario, PLAYS["answer"])
    turn = 0
    while turn < len(turns) - 1 and results > 0:
        results -= sum(isinstance(part, tuple) for part in turns[turn])
        turn += 1
    now = turns[turn]
    if isinstance(now, tuple):
        return [now[0]], [], now[1]
    parts = [now] if isinstance(now, str) else now
    said = [part for part in parts if isinstance(part, str)]
    calls = [
        (f"call_{request}_{place}", *part)
        for place, part in enumerate(part for part in parts if isinstance(part, tuple))
    ]
    return said, calls, "tool" if calls else "stop"


def in_pieces(text, length=7):
    return [text[start : start + length] for start in range(0, len(text), length)]


async def streamed(answer):
    def event(kind, **values):
        return f"event: {kind}\ndata: {json.dumps({'type': kind, **values})}\n\n"

    usage = answer["usage"] | {"output_tokens": 1}
    yield event(
        "message_start", message=answer | {"content": [], "stop_reason": None, "usage": usage}
    )
    for index, block in enumerate(answer["content"]):
        if block["type"] == "tool_use":
            begun, kind, name = block | {"input": {}}, "input_json_delta", "partial_json"
            whole = json.dumps(block["input"])
        else:
            name = block["type"]
            begun, kind, whole = block | {name: ""}, f"{name}_delta", block[name]
        signature = begun.pop("signature", None)
        yield event("content_block_start", index=index, content_block=begun)
        for piece in in_pieces(whole):
            yield event("content_block_delta", index=index, delta={"type": kind, name: piece})
        if signature is not None:
            delta = {"type": "signature_delta", "signature": signature}
            yield event("content_block_delta", index=index, delta=delta)
        yield event("content_block_stop", index=index)
    delta = {"stop_reason": answer["stop_reason"], "stop_sequence": None}
    usage = {"output_tokens": answer["usage"]["output_tokens"]}
    yield event("message_delta", delta=delta, usage=usage)
    yield event("message_stop")


async def streamed_completion(answer):
    [choice] = answer["choices"]
    message = choice["message"]

    def event(delta, finish=None):
        choices = [{"index": 0, "delta": delta, "finish_reason": finish}]
        return line(answer | {"object": "chat.completion.chunk", "choices": choices, "usage": None})

    def line(data):
        return f"data: {json.dumps(data)}\n\n"

    yield event({"role": "assistant", "content": ""})
    for name in ("reasoning_content", "refusal", "content"):
        for piece in in_pieces(message.get(name) or ""):
            yield event({name: piece})
    for index, call in enumerate(message.get("tool_calls", ())):
        function = call["function"]
        begun = call | {"index": index, "function": function | {"arguments": ""}}
        yield event({"tool_calls": [begun]})
        for piece in in_pieces(function["arguments"]):
            yield event({"tool_calls": [{"index": index, "function": {"arguments": piece}}]})
    yield event({}, choice["finish_reason"])
    yield line(answer | {"object": "chat.completion.chunk", "choices": []})
    yield "data: [DONE]\n\n"


@contextmanager
def providers_stub():
    stub = Stub()
    app = Starlette(
        routes=[
            Route("/v1/messages", stub.messages, methods=["POST"]),
            Route("/v1/chat/completions", stub.completions, methods=["POST"]),
            Route("/v1/models", stub.models),
        ]
    )
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        app, log_level="critical", lifespan="off", timeout_graceful_shutdown=0, ws="none"
    )
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None
    thread = threading.Thread(target=server.run, args=[[listener]])
    thread.start()
    stub.address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    try:
        yield stub
    finally:
        server.should_exit = server.force_exit = True
        thread.join()
