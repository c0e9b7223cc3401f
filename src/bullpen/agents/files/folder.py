"""An agent as a folder that people can read and edit, packed as one zip file.

agent.toml has its settings and channels, persona.md its instructions, memory/ a file for each
block. The rest is JSON: the history of memory, passages, plans, lines for answers without a model.
"""

import base64
import io
import re
import tomllib
import zipfile
from collections.abc import Mapping
from typing import Any

import msgspec

from bullpen.agents.files import toml
from bullpen.agents.files.shape import AgentFile, checked, invalid, read_json

LARGEST = 30_000_000
MOST_ENTRIES = 1_000
SETTINGS, PERSONA, MEMORY = "agent.toml", "persona.md", "memory.json"
PICTURE = "picture.webp"
# Which parts of the whole are a file of their own.
JSON_PARTS = ("notes", "passages", "scheduled", "recurring", "lines")
UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
README = """# {name}

This folder is one agent of a Bullpen workspace.

- agent.toml: settings, and the channels that it is in
- persona.md: its instructions
- picture.webp: its picture, if it has one
- memory/: its memory blocks; memory.json has their history
- notes.json, passages.json, scheduled.json, recurring.json, lines.json: the rest

To import it, open Administration, Agents, Import, or run `bullpen agent import` with the zip file.
"""


def pack(file: AgentFile) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, text in files_of(file).items():
            # The same agent gives the same file.
            entry = zipfile.ZipInfo(f"{file.settings.id}/{name}", (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            zipped.writestr(entry, text)
    return content.getvalue()


def files_of(file: AgentFile) -> dict[str, str | bytes]:
    whole: dict[str, Any] = msgspec.to_builtins(file)
    settings = {
        "agent": whole["settings"],
        "file": {"format": file.format, "version": file.version},
        "channels": whole["channels"],
        "shared_blocks": whole["sharedBlocks"],
    }
    made: dict[str, str | bytes] = {
        "README.md": README.format(name=file.settings.display_name),
        SETTINGS: toml.written(settings),
        PERSONA: file.system_prompt,
    }
    blocks = []
    for number, block in enumerate(whole["blocks"], 1):
        name = (
            f"memory/{number:02}-{UNSAFE.sub('-', block['label'])[:60].strip('.-') or 'block'}.md"
        )
        made[name] = block.pop("content")
        blocks.append({"file": name, **block})
    made[MEMORY] = pretty({"blocks": blocks, "tools": file.tools, "skills": file.skills})
    if file.picture is not None:
        made[PICTURE] = file.picture
    for part in JSON_PARTS:
        if whole[part]:
            made[f"{part}.json"] = pretty(whole[part])
    return made


def pretty(data: Any) -> str:
    return msgspec.json.format(msgspec.json.encode(data)).decode() + "\n"


def unpack(content: bytes) -> AgentFile:
    """Writes nothing to a disk, and reads no more than the limits, whatever sizes are claimed."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as zipped:
            return assembled(texts_of(zipped))
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, RuntimeError) as problem:
        raise invalid(f"it cannot be unpacked ({problem})") from None
    except (zipfile.LargeZipFile, ValueError, IndexError) as problem:
        raise invalid(f"it cannot be unpacked ({problem})") from None


def texts_of(zipped: zipfile.ZipFile) -> dict[str, str]:
    entries = [entry for entry in zipped.infolist() if not entry.is_dir()]
    if len(entries) > MOST_ENTRIES:
        raise invalid(f"it has {len(entries):,} files, {MOST_ENTRIES:,} at most")
    names = [entry.filename for entry in entries]
    for name in names:
        if name.startswith("/") or "\\" in name or ".." in name.split("/") or "\x00" in name:
            raise invalid(f"it has a file at an unsafe place ('{name[:100]}')")
    if len(set(names)) < len(names):
        raise invalid("two of its files have the same name")
    root = root_of(names)
    left, found = LARGEST, {}
    for entry in entries:
        # Its header says how large it is, which need not be so.
        with zipped.open(entry) as opened:
            content = opened.read(left + 1)
        left -= len(content)
        if left < 0:
            raise invalid(f"unpacked it has more than {LARGEST // 1_000_000} MB")
        if entry.filename.removeprefix(root) == PICTURE:
            found[PICTURE] = base64.b64encode(content).decode()
            continue
        try:
            found[entry.filename.removeprefix(root)] = content.decode()
        except UnicodeDecodeError:
            if entry.filename.removeprefix(root) in (SETTINGS, PERSONA, MEMORY):
                raise invalid(f"{entry.filename} is not UTF-8 text") from None
    return found


def root_of(names: list[str]) -> str:
    """The folder in which the settings are: the outermost."""
    found = sorted(
        (name for name in names if name.split("/")[-1] == SETTINGS),
        key=lambda name: name.count("/"),
    )
    if not found:
        raise invalid(f"it has no {SETTINGS}")
    return found[0].removesuffix(SETTINGS)


def assembled(texts: Mapping[str, str]) -> AgentFile:
    try:
        settings = tomllib.loads(texts[SETTINGS])
    except (tomllib.TOMLDecodeError, RecursionError) as problem:
        raise invalid(f"{SETTINGS} cannot be read: {problem}") from None
    if PERSONA not in texts:
        raise invalid(f"it has no {PERSONA}")
    about = settings.get("file")
    whole: dict[str, Any] = dict(about) if isinstance(about, dict) else {}
    whole |= {
        "settings": settings.get("agent"),
        "systemPrompt": texts[PERSONA],
        "channels": settings.get("channels", []),
        "sharedBlocks": settings.get("shared_blocks", []),
    }
    if PICTURE in texts:
        whole["picture"] = texts[PICTURE]
    for part in JSON_PARTS:
        if f"{part}.json" in texts:
            whole[part] = read_json(texts[f"{part}.json"], f"{part}.json")
    if MEMORY in texts:
        memory = read_json(texts[MEMORY], MEMORY)
        if not isinstance(memory, dict) or not isinstance(memory.get("blocks"), list):
            raise invalid(f"{MEMORY} has no list of blocks")
        whole |= {name: memory.get(name, []) for name in ("tools", "skills")}
        whole["blocks"] = [with_content(block, texts) for block in memory["blocks"]]
    return checked(whole)


def with_content(block: Any, texts: Mapping[str, str]) -> Any:
    name = block.get("file") if isinstance(block, dict) else None
    if not isinstance(name, str) or name not in texts:
        raise invalid(f"{MEMORY} names a file that is not there")
    return {**{key: value for key, value in block.items() if key != "file"}, "content": texts[name]}
