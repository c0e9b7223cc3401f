"""One agent as a file has it: what is written, and what is accepted when it is read."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from bullpen.agents.model_ids import model_id_problem
from bullpen.agents.scripted.lines import Lines
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import Invalid
from bullpen.kit.text import name_of, storable_problem
from bullpen.members.names import is_reserved
from bullpen.memory.limits import LONGEST_BLOCK, LONGEST_PASSAGE, LONGEST_TAG, MOST_TAGS

ID = r"^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,78}[A-Za-z0-9])?$"
MOST_BLOCKS, MOST_VERSIONS, MOST_PASSAGES, MOST_PLANS = 200, 2_000, 20_000, 2_000

Id = Annotated[str, Meta(pattern=ID)]
Place = Annotated[str, Meta(min_length=1, max_length=200)]
Name = Annotated[str, Meta(min_length=1, max_length=80)]
Label = Annotated[str, Meta(min_length=1, max_length=80)]
Content = Annotated[str, Meta(max_length=LONGEST_BLOCK)]
Time = Annotated[datetime, Meta(tz=True)]
Tag = Annotated[str, Meta(max_length=LONGEST_TAG)]
Number = Annotated[int, Meta(ge=1, le=1_000_000_000)]


class Shape(Struct, rename="camel", forbid_unknown_fields=True, kw_only=True):
    """Fields that nobody knows are refused: they would be lost without a word."""


class FileVersion(Shape, kw_only=True):
    version: Number
    content: Content
    created_at: Time
    user_id: Place | None = None


class FileBlock(Shape, kw_only=True):
    label: Label
    content: Content
    id: UUID | None = None
    is_shared: bool = False
    shared_with: Annotated[list[Id], Meta(max_length=1_000)] = []
    updated_at: Time | None = None
    versions: Annotated[list[FileVersion], Meta(max_length=MOST_VERSIONS)] = []


class SharedBlock(Shape, kw_only=True):
    """A block of another agent that this one shares."""

    agent_id: Id
    label: Label


class FileNote(FileBlock, kw_only=True):
    """For the readers of a private channel or direct message."""

    channel_id: Place


class FilePassage(Shape, kw_only=True):
    content: Annotated[str, Meta(min_length=1, max_length=LONGEST_PASSAGE)]
    id: UUID | None = None
    tags: Annotated[list[Tag], Meta(max_length=MOST_TAGS)] = []
    created_at: Time | None = None
    channel_id: Place | None = None


class FilePlan(Shape, kw_only=True):
    trigger_at: Time
    prompt: Annotated[str, Meta(min_length=1, max_length=10_000)]
    id: UUID | None = None
    status: Literal["pending", "fired", "cancelled"] = "pending"
    channel_id: Place | None = None
    created_at: Time | None = None


class FilePattern(Shape, kw_only=True):
    cron: Annotated[str, Meta(min_length=1, max_length=200)]
    time_zone: Annotated[str, Meta(min_length=1, max_length=100)]
    prompt: Annotated[str, Meta(min_length=1, max_length=10_000)]
    id: UUID | None = None
    channel_id: Place | None = None
    next_id: UUID | None = None
    created_at: Time | None = None


class FileChannel(Shape, kw_only=True):
    id: Place
    policy: Annotated[str, Meta(max_length=20)] | None = None


class FileSettings(Shape, kw_only=True):
    id: Id
    display_name: Name
    title: Name
    avatar_color: Annotated[str, Meta(pattern="^#[0-9A-Fa-f]{6}$")]
    model_id: Annotated[str, Meta(min_length=1, max_length=200)]
    max_turns: Annotated[int, Meta(ge=1, le=1000)] = 5
    max_budget_usd: Annotated[float, Meta(ge=0, le=1_000_000)] = 0.1
    daily_usd: Annotated[float, Meta(ge=0, le=1_000_000)] | None = None
    is_active: bool = True
    mind: Literal["resident", "external"] = "resident"
    manager_id: Place | None = None
    created_at: Time | None = None


class FileLines(Shape, kw_only=True):
    words: Annotated[list[Annotated[str, Meta(max_length=200)]], Meta(max_length=10_000)]
    lines: Lines


class AgentFile(Shape, kw_only=True):
    """Everything about one agent that the user who exported it may read."""

    format: Literal["bullpen-agent"] = "bullpen-agent"
    version: Literal[1] = 1
    settings: FileSettings
    system_prompt: Annotated[str, Meta(min_length=1, max_length=100_000)]
    channels: Annotated[list[FileChannel], Meta(max_length=10_000)] = []
    blocks: Annotated[list[FileBlock], Meta(max_length=MOST_BLOCKS)] = []
    shared_blocks: Annotated[list[SharedBlock], Meta(max_length=MOST_BLOCKS)] = []
    notes: Annotated[list[FileNote], Meta(max_length=MOST_BLOCKS * 10)] = []
    passages: Annotated[list[FilePassage], Meta(max_length=MOST_PASSAGES)] = []
    scheduled: Annotated[list[FilePlan], Meta(max_length=MOST_PLANS)] = []
    recurring: Annotated[list[FilePattern], Meta(max_length=MOST_PLANS)] = []
    # What the agent answers from while it has no model.
    lines: FileLines | None = None
    # The names of its tools and skills, for other programs: Bullpen's agents have all tools.
    tools: Annotated[list[Annotated[str, Meta(max_length=200)]], Meta(max_length=1_000)] = []
    skills: Annotated[list[Annotated[str, Meta(max_length=200)]], Meta(max_length=1_000)] = []
    picture: Annotated[bytes, Meta(max_length=500_000)] | None = None


def invalid(why: str) -> Invalid:
    return Invalid(ErrorCode.AGENT_FILE_INVALID, f"This is not a usable agent file: {why}.")


def read_json(content: bytes | str, what: str) -> Any:
    try:
        return msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
        raise invalid(f"{what} is not valid JSON ({problem})") from None


def checked(data: Any) -> AgentFile:
    """Raises `Invalid` with the place in the file and what to do."""
    try:
        found: AgentFile = msgspec.convert(data, AgentFile)
    except (msgspec.ValidationError, RecursionError) as problem:
        words = str(problem)[:400].replace("`", "'")
        raise invalid(f"{words[:1].lower()}{words[1:]}") from None
    for place, text in texts_in(msgspec.to_builtins(found), "$"):
        if unstorable := storable_problem(text):
            raise invalid(f"{unstorable} (at {place})")
    settings = found.settings
    for field in ("display_name", "title"):
        try:
            setattr(settings, field, name_of(getattr(settings, field)))
        except ValueError as unfit:
            raise invalid(f"{unfit} (at $.settings.{field})") from None
    if is_reserved(settings.id) or is_reserved(settings.display_name):
        raise invalid("its id or name means no single member")
    if model_problem := model_id_problem(settings.model_id):
        raise invalid(model_problem)
    if found.lines is not None and not all(found.lines.lines.addressed or [""]):
        raise invalid("its lines have none that fits any message (at $.lines.lines.addressed)")
    require_unique(found)
    return found


def require_unique(found: AgentFile) -> None:
    labels = [block.label for block in found.blocks]
    places = [(note.label, note.channel_id) for note in found.notes]
    if len(set(labels)) < len(labels) or len(set(places)) < len(places):
        raise invalid("two of its memory blocks have the same label")
    for block in (*found.blocks, *found.notes):
        numbers = [version.version for version in block.versions]
        if numbers != sorted(set(numbers)):
            raise invalid(f"the versions of '{block.label}' are not in their order")


def texts_in(data: Any, place: str) -> Iterator[tuple[str, str]]:
    match data:
        case str():
            yield place, data
        case dict():
            for key, value in data.items():
                yield f"{place} (a name)", key
                yield from texts_in(value, f"{place}.{key}")
        case list():
            for number, value in enumerate(data):
                yield from texts_in(value, f"{place}[{number}]")


def history_of(block: FileBlock) -> list[FileVersion]:
    """Its versions, the last of which is its content: an edited file has one more."""
    if block.versions and block.versions[-1].content == block.content:
        return block.versions
    number = block.versions[-1].version + 1 if block.versions else 1
    at = block.updated_at if not block.versions and block.updated_at else datetime.now(UTC)
    return [
        *block.versions, FileVersion(version=number, content=block.content, created_at=at)
    ]  # fmt: skip
