"""Takes a prompt apart again, as a trace has stored it: the opposite of `build`.

What members and agents wrote stands in lines of JSON or after the mark `|`, so that no line of it
can be one that closes a section: sections are read from the end, where nothing else can stand.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Literal, NamedTuple

import msgspec

from bullpen.agents.prompt.build import PRIVATE, RULES

StoredName = Literal[
    "persona",
    "rules",
    "memory",
    "private_notes",
    "shared_memory",
    "time",
    "channel",
    "messages",
    "task",
    # Of a prompt that Bullpen has not built: it came with a pack, or from another version.
    "instructions",
    "prompt",
]
MemoryKind = Literal["block", "shared", "note"]

RULES_BEGIN = RULES.partition("{name}")[0]
RULES_END = RULES.rpartition("\n")[2]
KINDS: dict[str, MemoryKind] = {
    "memory": "block",
    "private_notes": "note",
    "shared_memory": "shared",
}
TAGS: dict[str, StoredName] = {
    "memory_shared_with_you": "shared_memory",
    "your_private_notes": "private_notes",
    "your_memory": "memory",
}


class StoredSection(NamedTuple):
    name: StoredName
    text: str


class ReadMemory(NamedTuple):
    """A block or note as it stood in the prompt. `place` is the private channel of a note."""

    kind: MemoryKind
    label: str
    version: int
    place: str | None
    content: str


def sections_of(instructions: str | None, prompt: str | None) -> list[StoredSection]:
    """In the order in which the model got them."""
    return [*of_instructions(instructions or ""), *of_prompt(prompt or "")]


def of_instructions(text: str) -> list[StoredSection]:
    found: list[StoredSection] = []
    rest = text
    for tag, name in TAGS.items():
        before, inside = last_section(rest, tag)
        if inside is None:
            continue
        if name == "private_notes" and before.rstrip().endswith(PRIVATE):
            before = before.rstrip().removesuffix(PRIVATE)
        found.insert(0, StoredSection(name, inside))
        rest = before.rstrip("\n")
    at = rest.rfind(f"\n\n{RULES_BEGIN}")
    begins = at + 2 if at >= 0 else 0
    if not rest.startswith(RULES_BEGIN, begins) or not rest.endswith(RULES_END):
        return [*([StoredSection("instructions", rest.strip())] if rest.strip() else []), *found]
    persona = rest[:begins].strip()
    rules = StoredSection("rules", rest[begins:])
    return [*([StoredSection("persona", persona)] if persona else []), rules, *found]


def last_section(text: str, tag: str) -> tuple[str, str | None]:
    """What stands before the section, and what is in it, where the text ends with it."""
    if not text.endswith(f"\n</{tag}>"):
        return text, None
    # On a line of its own: in what an agent noted, a mark stands before it.
    begins = f"\n{text}".rfind(f"\n<{tag}>\n")
    if begins < 0:
        return text, None
    return text[:begins], text[begins + len(tag) + 3 : -len(tag) - 4]


def of_prompt(text: str) -> list[StoredSection]:
    if not text.startswith("It is "):
        whole = text.strip()
        return [StoredSection("prompt", whole)] if whole else []
    time, _, rest = text.partition("\n\n")
    found = [StoredSection("time", time)]
    for name, first, last in (
        ("channel", "<channel>", "</members>"),
        ("messages", "<messages>", "</messages>"),
        ("messages", "<thread>", "</thread>"),
    ):
        if rest.startswith(f"{first}\n") and (ends := rest.find(f"\n{last}")) >= 0:
            ends += len(last) + 1
            found.append(StoredSection(name, rest[:ends]))  # type: ignore[arg-type]
            rest = rest[ends:].removeprefix("\n\n")
    return [*found, *([StoredSection("task", rest)] if rest else [])]


def memory_in(sections: Sequence[StoredSection]) -> list[ReadMemory]:
    """The blocks and notes that the model was given, as they were."""
    return [
        entry
        for section in sections
        if section.name in KINDS
        for entry in entries(KINDS[section.name], section.text)
    ]


def entries(kind: MemoryKind, text: str) -> Iterator[ReadMemory]:
    head: dict[str, Any] | None = None
    content: list[str] = []
    for line in text.split("\n"):
        if line.startswith("|"):
            content.append(line[1:].removeprefix(" "))
            continue
        if head is not None:
            yield made(kind, head, content)
        head, content = head_of(line), []
    if head is not None:
        yield made(kind, head, content)


def head_of(line: str) -> dict[str, Any] | None:
    try:
        found = msgspec.json.decode(line)
    except msgspec.DecodeError:
        return None
    is_head = isinstance(found, dict) and isinstance(found.get("label"), str)
    return found if is_head else None


def made(kind: MemoryKind, head: dict[str, Any], content: Sequence[str]) -> ReadMemory:
    version = head.get("version")
    place = head.get("place")
    return ReadMemory(
        kind,
        head["label"],
        version if isinstance(version, int) else 0,
        place if isinstance(place, str) else None,
        "\n".join(content),
    )
