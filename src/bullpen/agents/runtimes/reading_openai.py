"""Chat completions, as OpenAI has them and as others send them."""

import json
from typing import Any

from bullpen.agents.runtimes.reading import (
    Unreadable,
    count,
    fields,
    first_count,
    first_words,
    items,
    new_call_id,
    text_of,
    words,
)
from bullpen.agents.runtimes.reading_text import calls_in

NAMELESS = "unnamed"  # What others call it.
FINISHES = {
    "max_tokens": "length",
    "max_output_tokens": "length",
    "model_length": "length",
    "model_context_window_exceeded": "model_context_window_exceeded",
    "length": "length",
    "content_filter": "content_filter",
    "safety": "content_filter",
    "recitation": "content_filter",
    "prohibited_content": "content_filter",
    "refusal": "content_filter",
    "sensitive": "content_filter",
    "error": "error",
    "network_error": "error",
}


def read_completion(data: Any, request: dict[str, Any]) -> dict[str, Any]:
    found = fields(data[0] if isinstance(data, list) and len(data) == 1 else data)
    if not items(found.get("choices")) and fields(found.get("provider")).get("choices"):
        # OpenRouter has passed on a whole answer as the provider's name.
        found = found["provider"]
    choice, message = chosen(found)
    calls = tool_calls(message)
    text = text_of(message.get("content"))
    if text and not calls and (calls := calls_in(text, offered(request))):
        text = ""
    finish = words(choice.get("finish_reason") or found.get("done_reason")).lower()
    return {
        "id": words(found.get("id")),
        "object": "chat.completion",
        "created": 0,
        "model": words(found.get("model")) or words(request.get("model")),
        "choices": [
            {
                "index": 0,
                "message": {
                    "role": "assistant",
                    "content": text or None,
                    "refusal": words(message.get("refusal")) or None,
                    **thinking(message),
                    **({"tool_calls": calls} if calls else {}),
                },
                "finish_reason": FINISHES.get(finish, "tool_calls" if calls else "stop"),
            }
        ],
        "usage": usage(found),
    }


def offered(request: dict[str, Any]) -> set[str]:
    tools = (fields(fields(tool).get("function")) for tool in items(request.get("tools")))
    return {words(tool.get("name")) for tool in tools}


def chosen(found: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    for choice in items(found.get("choices")):
        taken = fields(choice)
        for name in ("message", "delta"):
            if isinstance(taken.get(name), dict):
                return taken, taken[name]
        if isinstance(taken.get("text"), str):
            return taken, {"content": taken["text"]}
        if isinstance(taken.get("message"), str):
            return taken, {"content": taken["message"]}
    if isinstance(found.get("message"), dict):
        return found, found["message"]
    raise Unreadable("it holds no message")


def thinking(message: dict[str, Any]) -> dict[str, str]:
    """Under the name that it came with: some want it back under that."""
    return {
        name: said
        for name in ("reasoning_content", "reasoning")
        if (said := words(message.get(name)))
    }


def tool_calls(message: dict[str, Any]) -> list[dict[str, Any]]:
    given = [fields(call) for call in items(message.get("tool_calls")) if fields(call)]
    if not given and isinstance(message.get("function_call"), dict):
        given = [{"function": message["function_call"]}]
    made = []
    for call in given:
        function = fields(call.get("function")) or call
        arguments = function.get("arguments", function.get("parameters"))
        taken: dict[str, Any] = {
            # Never the server's own: some make one that they do not take back.
            "id": new_call_id(),
            "type": "function",
            "function": {"name": tool_name(function), "arguments": written(arguments)},
        }
        if isinstance(call.get("extra_content"), dict):
            # Gemini's signature of its thoughts: it refuses the next request without it.
            taken["extra_content"] = call["extra_content"]
        made.append(taken)
    return made


def tool_name(function: dict[str, Any]) -> str:
    """Without the marks of gpt-oss' own format, which some servers leave in: `name<|channel|>`."""
    name = first_words(function, ("name",)).partition("<|")[0].strip()
    return name.removeprefix("functions.") or NAMELESS


def written(arguments: Any) -> str:
    if isinstance(arguments, str):
        return arguments or "{}"
    return "{}" if arguments is None else json.dumps(arguments)


def usage(found: dict[str, Any]) -> dict[str, Any]:
    given = fields(found.get("usage")) or found
    read = first_count(given, ("prompt_tokens", "input_tokens", "prompt_eval_count"))
    made = first_count(given, ("completion_tokens", "output_tokens", "eval_count"))
    of_prompt, of_answer = (
        fields(given.get(f"{name}_tokens_details")) for name in ("prompt", "completion")
    )
    return {
        "prompt_tokens": read,
        "completion_tokens": made,
        "total_tokens": read + made,
        "prompt_tokens_details": {
            "cached_tokens": min(count(of_prompt.get("cached_tokens")), read)
        },
        "completion_tokens_details": {
            "reasoning_tokens": min(count(of_answer.get("reasoning_tokens")), made)
        },
    }
