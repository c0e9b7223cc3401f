"""Which formats an agent's file may have, and how one is told from the other."""

from typing import Literal

import msgspec

from bullpen.agents.files import folder, letta
from bullpen.agents.files.shape import AgentFile, checked, invalid
from bullpen.kit.text import name_of
from bullpen.members.names import is_reserved

Format = Literal["folder", "letta"]
SUFFIXES: dict[Format, str] = {"folder": "zip", "letta": "af"}
LARGEST = 10_000_000
ZIP = b"PK"


def pack(file: AgentFile, form: Format) -> bytes:
    return folder.pack(file) if form == "folder" else letta.pack(file)


def unpack(content: bytes) -> tuple[AgentFile, list[str]]:
    """The agent, and what of the file is not kept. To be called in a thread."""
    if len(content) > LARGEST:
        raise invalid(f"it has more than {LARGEST // 1_000_000} MB")
    if not content.strip():
        raise invalid("it is empty")
    if content.startswith(ZIP):
        return folder.unpack(content), []
    if content.lstrip()[:1] == b"{":
        return letta.unpack(content)
    raise invalid("it is neither a zip file of an agent's folder nor a Letta agent file")


def renamed(file: AgentFile, agent_id: str | None, display_name: str | None) -> AgentFile:
    """With another id and name, where they are given; its parts get new ids as well."""
    settings = file.settings
    if agent_id is not None and agent_id != settings.id:
        # It is another agent: nobody must take it for the one that has the ids.
        settings = msgspec.structs.replace(settings, id=agent_id)
    if display_name is not None:
        settings = msgspec.structs.replace(settings, display_name=display_name)
    return checked(msgspec.to_builtins(msgspec.structs.replace(file, settings=settings)))


def copied(file: AgentFile, agent_id: str, display_name: str) -> AgentFile:
    """A second agent like it, without history, plans and private memory."""
    settings = msgspec.structs.replace(
        file.settings,
        id=agent_id,
        display_name=name_of(display_name),
        is_active=True,
        mind="resident",
        created_at=None,
    )
    if is_reserved(display_name):
        raise invalid("this word means no single member; choose another name")
    blocks = [
        msgspec.structs.replace(
            block, id=None, is_shared=False, shared_with=[], updated_at=None, versions=[]
        )
        for block in file.blocks
    ]
    passages = [
        msgspec.structs.replace(passage, id=None)
        for passage in file.passages
        if passage.channel_id is None
    ]
    return msgspec.structs.replace(
        file, settings=settings, blocks=blocks, passages=passages,
        notes=[], scheduled=[], recurring=[],
    )  # fmt: skip
