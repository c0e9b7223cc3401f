"""Letta's agent files (.af): the agent in the form that other programs read.

What Letta has no place for is in the file's `metadata`, as text, so that nothing is lost on the way
through Letta's own models.
"""

import re
import unicodedata
from datetime import UTC, datetime
from typing import Any

import msgspec

from bullpen.agents.files.shape import AgentFile, checked, invalid, read_json
from bullpen.agents.model_ids import model_id_problem, parse_model_id
from bullpen.agents.tools import TOOLS
from bullpen.memory.limits import LONGEST_BLOCK

METADATA = "bullpen"
# What a foreign file may say that is kept; its messages and sources stay out of a workspace.
NOT_KEPT = {
    "messages": "The messages of the file were left out: chat stays where it was written.",
    "files": "The file's documents were left out.",
    "sources": "The file's sources were left out.",
    "mcp_servers": "The file's MCP servers were left out.",
}
COLOR = "#4A90D9"
ID_PARTS = re.compile(r"[a-z0-9]+")
CONTEXT_WINDOW = 32_000


def pack(file: AgentFile) -> bytes:
    whole: dict[str, Any] = msgspec.to_builtins(file)
    blocks: list[dict[str, Any]] = [
        {
            "id": f"block-{number}",
            "label": block.label,
            "value": block.content,
            "limit": LONGEST_BLOCK,
            "is_template": False,
            "read_only": False,
            "description": None,
            "metadata": {},
        }
        for number, block in enumerate(file.blocks)
    ]
    tools = [
        {
            "id": f"tool-{number}",
            "name": tool.name,
            "description": tool.description,
            "tool_type": "custom",
            "source_type": "json",
            "tags": ["bullpen"],
            "source_code": None,
            "json_schema": {
                "name": tool.name,
                "description": tool.description,
                "parameters": tool.arguments.model_json_schema(),
            },
        }
        for number, tool in enumerate(TOOLS)
    ]
    provider, name = parse_model_id(file.settings.model_id)
    agent = {
        "id": "agent-0",
        "name": file.settings.display_name,
        "description": file.settings.title,
        "system": file.system_prompt,
        "agent_type": "letta_v1_agent",
        "block_ids": [block["id"] for block in blocks],
        "tool_ids": [tool["id"] for tool in tools],
        "source_ids": [],
        "tools": [],
        "tool_rules": [],
        "tags": ["bullpen"],
        "memory_blocks": [],
        "include_base_tools": False,
        "include_multi_agent_tools": False,
        "include_base_tool_rules": False,
        "include_default_source": False,
        "message_buffer_autoclear": False,
        "enable_sleeptime": False,
        "model": None if provider is None else f"{provider}/{name}",
        "llm_config": {
            "model": name,
            "model_endpoint_type": "anthropic" if provider in ("anthropic", "claude") else "openai",
            "context_window": CONTEXT_WINDOW,
            "handle": None if provider is None else f"{provider}/{name}",
        },
        "metadata": {},
        "messages": [],
        "in_context_message_ids": [],
        "files_agents": [],
        "group_ids": [],
    }
    made = {
        "agents": [agent],
        "groups": [],
        "blocks": blocks,
        "files": [],
        "sources": [],
        "tools": tools,
        "mcp_servers": [],
        "metadata": {METADATA: msgspec.json.encode(whole).decode()},
        "created_at": datetime.now(UTC).isoformat(),
    }
    return msgspec.json.format(msgspec.json.encode(made)) + b"\n"


def unpack(content: bytes) -> tuple[AgentFile, list[str]]:
    """With what the file has and Bullpen does not keep, in sentences."""
    data = read_json(content, "it")
    if not isinstance(data, dict) or not isinstance(data.get("agents"), list):
        raise invalid("it has no list of agents")
    if len(data["agents"]) != 1 or not isinstance(data["agents"][0], dict):
        raise invalid(f"it has {len(data['agents'])} agents; import a file with one")
    agent = data["agents"][0]
    blocks = blocks_of(data, agent)
    metadata = data.get("metadata")
    kept = metadata.get(METADATA) if isinstance(metadata, dict) else None
    if isinstance(kept, str):
        return own(read_json(kept, "its metadata"), agent, blocks), []
    left_out = [
        words
        for part, words in NOT_KEPT.items()
        if data.get(part) or (part == "messages" and agent.get("messages"))
    ]
    return foreign(agent, blocks), left_out


def blocks_of(data: dict[str, Any], agent: dict[str, Any]) -> list[dict[str, Any]]:
    """Label and value of each block of the agent, in its order."""
    listed = data.get("blocks")
    by_id = {
        block.get("id"): block
        for block in (listed if isinstance(listed, list) else [])
        if isinstance(block, dict) and isinstance(block.get("id"), str)
    }
    ids = agent.get("block_ids")
    inline = agent.get("memory_blocks")
    found = [
        by_id.get(each) for each in (ids if isinstance(ids, list) else []) if str(each) == each
    ]
    found += inline if isinstance(inline, list) else []
    if any(not isinstance(block, dict) for block in found):
        raise invalid("it names a memory block that it does not have")
    return [
        {"label": block.get("label"), "content": block.get("value")}
        for block in found
        if isinstance(block, dict)
    ]


def own(whole: Any, agent: dict[str, Any], blocks: list[dict[str, Any]]) -> AgentFile:
    """What Bullpen wrote, with what somebody has changed since in Letta's own fields."""
    if not isinstance(whole, dict):
        raise invalid("its metadata is damaged")
    known = whole.get("blocks")
    by_label = {
        block.get("label"): block
        for block in (known if isinstance(known, list) else [])
        if isinstance(block, dict) and isinstance(block.get("label"), str)
    }
    changed = {
        **whole,
        "blocks": [{**by_label.get(str(one["label"]), {}), **one} for one in blocks],
    }
    if isinstance(agent.get("system"), str):
        changed["systemPrompt"] = agent["system"]
    if isinstance(agent.get("name"), str) and isinstance(whole.get("settings"), dict):
        changed["settings"] = {**whole["settings"], "displayName": agent["name"]}
    return checked(changed)


def foreign(agent: dict[str, Any], blocks: list[dict[str, Any]]) -> AgentFile:
    name = str(agent.get("name") or "Imported agent")[:80]
    return checked(
        {
            "settings": {
                "id": id_of(name),
                "displayName": name,
                "title": title_of(agent),
                "avatarColor": COLOR,
                "modelId": model_of(agent),
            },
            "systemPrompt": agent.get("system"),
            "blocks": blocks,
        }
    )


def id_of(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return "-".join(ID_PARTS.findall(plain))[:80].strip("-") or "agent"


def title_of(agent: dict[str, Any]) -> str:
    """The first line of its description, as far as a title may be long."""
    lines = str(agent.get("description") or "").strip().splitlines()
    return (lines[0] if lines else "Agent")[:80].strip() or "Agent"


def model_of(agent: dict[str, Any]) -> str:
    """The model that it had, where Bullpen knows its provider; otherwise scripted answers."""
    config = agent.get("llm_config")
    handle = agent.get("model") or (config.get("handle") if isinstance(config, dict) else None)
    if isinstance(handle, str):
        model_id = handle.replace("/", ":", 1)[:200]
        if model_id_problem(model_id) is None:
            return model_id
    return "scripted"
