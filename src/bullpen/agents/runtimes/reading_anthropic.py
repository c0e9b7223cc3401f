"""Messages, as Anthropic has them and as others send them."""

from typing import Any

from bullpen.agents.runtimes.reading import (
    Unreadable,
    call_ids,
    count,
    fields,
    items,
    words,
)
from bullpen.agents.runtimes.reading_openai import NAMELESS
from bullpen.agents.tools.validation import read

FINISHES = {
    "end_turn",
    "max_tokens",
    "stop_sequence",
    "tool_use",
    "refusal",
    "model_context_window_exceeded",
}
COUNTS = (
    "input_tokens",
    "output_tokens",
    "cache_creation_input_tokens",
    "cache_read_input_tokens",
)


def read_message(data: Any, request: dict[str, Any]) -> dict[str, Any]:
    found = fields(data)
    if "content" not in found and "stop_reason" not in found:
        raise Unreadable("it holds no message")
    blocks = [taken for block in items(found.get("content")) if (taken := read_block(block))]
    uses = [block for block in blocks if block["type"] == "tool_use"]
    for block, call_id in zip(uses, call_ids(use["id"] for use in uses), strict=True):
        block["id"] = call_id
    finish = words(found.get("stop_reason"))
    made: dict[str, Any] = {
        "id": words(found.get("id")),
        "type": "message",
        "role": "assistant",
        "model": words(found.get("model")) or words(request.get("model")),
        "content": blocks,
        "stop_reason": finish if finish in FINISHES else "tool_use" if uses else "end_turn",
        "stop_sequence": None,
        "usage": {name: count(fields(found.get("usage")).get(name)) for name in COUNTS},
    }
    why = fields(found.get("stop_details"))
    if finish == "refusal":
        made["stop_details"] = {
            "type": "refusal",
            "category": words(why.get("category")) or None,
            "explanation": words(why.get("explanation")) or None,
        }
    return made


def read_block(block: Any) -> dict[str, Any] | None:
    """None for what is of no use here: kinds that are newer than this, or empty text."""
    if isinstance(block, str):
        block = {"type": "text", "text": block}
    found = fields(block)
    match found.get("type"):
        case "text":
            said = words(found.get("text"))
            return {"type": "text", "text": said, "citations": None} if said else None
        case "tool_use":
            return {
                "type": "tool_use",
                "id": found.get("id"),
                "name": words(found.get("name")).strip() or NAMELESS,
                "input": read_input(found.get("input")),
            }
        case "thinking":
            thought, signature = words(found.get("thinking")), words(found.get("signature"))
            return {"type": "thinking", "thinking": thought, "signature": signature}
        case "redacted_thinking":
            return {"type": "redacted_thinking", "data": words(found.get("data"))}
    return None


def read_input(value: Any) -> Any:
    """An object, which some send as text. What is neither is judged as any wrong call is."""
    try:
        return read(value)
    except (ValueError, RecursionError):
        return value
