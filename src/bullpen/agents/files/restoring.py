"""Makes an agent from a file, in the caller's transaction: all of it, or nothing."""

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from asyncpg import Connection
from msgspec import Meta, Struct

from bullpen.agents.files.shape import (
    AgentFile,
    FileBlock,
    FileSettings,
    history_of,
    invalid,
)
from bullpen.agents.lines import set_lines
from bullpen.audit.actions import Target
from bullpen.kit.errors import Invalid, NotFound
from bullpen.kit.pictures import Picture, picture_as_kept
from bullpen.members.actions import create_agent
from bullpen.members.actor import Actor
from bullpen.members.audit_trail import audit
from bullpen.members.deletion import forget_deleted
from bullpen.members.managers import CAN_MANAGE, set_manager
from bullpen.members.permissions import Permission, require
from bullpen.members.pictures import set_picture
from bullpen.members.policies import keep_policy
from bullpen.members.policy_names import PolicyName
from bullpen.members.queries import get_channel
from bullpen.memory import restoring as memory
from bullpen.runs.budgets import set_budget
from bullpen.runs.external_runs import set_mind
from bullpen.schedule import restoring as schedule
from bullpen.schedule.recurring import Pattern, next_time
from bullpen.workspace.agents import bring_in, change_agent

CREATED = "SELECT created_at FROM agents WHERE id = $1"
UNREADABLE = "you or the agent cannot read that channel"
MEMBER = "SELECT EXISTS (SELECT FROM channel_members WHERE channel_id = $1 AND user_id = $2)"


class Imported(Struct, rename="camel"):
    """What came of an import."""

    agent_id: Annotated[str, Meta(description="Id of the agent.")]
    left_out: Annotated[
        list[str], Meta(description="What the file has and was not imported, in sentences.")
    ]


async def restore(
    connection: Connection, actor: Actor, file: AgentFile, *, audited_as: str = "agent.imported"
) -> Imported:
    """Private memory comes only to places that the actor can read and the agent is a member of."""
    require(actor, Permission.CREATE_AGENT)
    settings, left_out = file.settings, list[str]()
    await forget_deleted(connection, settings.id)
    await create_agent(connection, actor, columns(file))
    if settings.mind == "external":
        await set_mind(connection, settings.id, settings.mind)
    if file.picture is not None:
        picture = await picture_of(file.picture)
        await set_picture(connection, actor, settings.id, picture)
    await place(connection, actor, file, left_out)
    await remember(connection, actor, file, left_out)
    await plan(connection, actor, file, left_out)
    if file.lines is not None:
        await set_lines(connection, settings.id, file.lines.words, file.lines.lines)
    if settings.daily_usd is not None:
        await set_budget(connection, actor, settings.id, None, settings.daily_usd)
    await appoint(connection, actor, settings, left_out)
    if not settings.is_active:
        await change_agent(connection, actor, settings.id, {"is_active": False})
    await audit(connection, actor, audited_as, Target("agent", settings.id))
    return Imported(settings.id, left_out)


async def picture_of(content: bytes) -> Picture:
    try:
        return await picture_as_kept(content)
    except Invalid as problem:
        raise invalid(f"its picture cannot be used ({problem.message})") from None


def columns(file: AgentFile) -> dict[str, Any]:
    settings = file.settings
    made = {
        "id": settings.id,
        "display_name": settings.display_name,
        "title": settings.title,
        "avatar_color": settings.avatar_color,
        "system_prompt": file.system_prompt,
        "model_id": settings.model_id,
        "max_turns": settings.max_turns,
        "max_budget_usd": settings.max_budget_usd,
    }
    if settings.created_at is not None:
        made["created_at"] = settings.created_at
    return made


async def place(connection: Connection, actor: Actor, file: AgentFile, left_out: list[str]) -> None:
    for channel in file.channels:
        try:
            await bring_in(connection, actor, channel.id, file.settings.id)
        except (NotFound, Invalid):
            left_out.append(f"It did not join '{channel.id}', which you cannot add it to.")
            continue
        if channel.policy is not None:
            try:
                policy = msgspec.convert(channel.policy, PolicyName)
            except msgspec.ValidationError:
                left_out.append(f"Its policy in '{channel.id}' is unknown.")
                continue
            await keep_policy(connection, channel.id, file.settings.id, policy)


async def appoint(
    connection: Connection, actor: Actor, settings: FileSettings, left_out: list[str]
) -> None:
    if settings.manager_id is None:
        return
    if await connection.fetchval(CAN_MANAGE, settings.manager_id):
        await set_manager(connection, actor, settings.id, settings.manager_id)
    else:
        left_out.append(f"Its manager '{settings.manager_id}' is not here.")


async def may_keep(connection: Connection, actor: Actor, agent_id: str, channel_id: str) -> bool:
    """Whether something private may come to a place: not where it would be read by others."""
    try:
        channel = await get_channel(connection, actor, channel_id)
    except NotFound:
        return False
    is_member: bool = await connection.fetchval(MEMBER, channel_id, agent_id)
    return channel.kind != "public" and is_member


async def remember(
    connection: Connection, actor: Actor, file: AgentFile, left_out: list[str]
) -> None:
    agent_id = file.settings.id
    for block in file.blocks:
        await memory.restore_block(connection, text_of(block, agent_id), is_shared=block.is_shared)
        for other in block.shared_with if block.is_shared else ():
            if not await memory.link_block(connection, agent_id, block.label, other):
                words = f"The block '{block.label}' is not shared with '{other}'."
                left_out.append(words)
    for shared in file.shared_blocks:
        if not await memory.link_block(connection, shared.agent_id, shared.label, agent_id):
            words = f"'{shared.agent_id}' shares no block '{shared.label}' here."
            left_out.append(words)
    for note in file.notes:
        if await may_keep(connection, actor, agent_id, note.channel_id):
            await memory.restore_note(connection, text_of(note, agent_id), note.channel_id)
        else:
            left_out.append(f"A private note of '{note.channel_id}' was left out: {UNREADABLE}.")
    for passage in file.passages:
        where = passage.channel_id
        if where is not None and not await may_keep(connection, actor, agent_id, where):
            left_out.append(f"A private passage of '{where}' was left out: {UNREADABLE}.")
            continue
        await memory.restore_passage(
            connection,
            agent_id,
            passage_id=passage.id,
            content=passage.content,
            tags=passage.tags,
            created_at=passage.created_at or datetime.now(UTC),
            channel_id=where,
        )


def text_of(block: FileBlock, agent_id: str) -> memory.Text:
    history = [
        memory.Version(one.version, one.content, one.created_at, one.user_id)
        for one in history_of(block)
    ]
    return memory.Text(block.id, agent_id, block.label, history, block.updated_at)


async def plan(connection: Connection, actor: Actor, file: AgentFile, left_out: list[str]) -> None:
    agent_id, now = file.settings.id, datetime.now(UTC)
    made: dict[UUID, UUID] = {}
    for one in file.scheduled:
        if not await may_plan(connection, actor, agent_id, one.channel_id):
            left_out.append(f"A plan for '{one.channel_id}' was left out: {UNREADABLE}.")
            continue
        # What is long due would all be done at once.
        is_late = one.status == "pending" and one.trigger_at <= now
        status = "cancelled" if is_late else one.status
        kept = schedule.Plan(
            *(one.id, one.trigger_at, one.prompt, one.channel_id, status, one.created_at or now)
        )
        written = await schedule.restore_plan(connection, agent_id, kept)
        if one.id is not None and status == "pending":
            made[one.id] = written
    for pattern in file.recurring:
        if not await may_plan(connection, actor, agent_id, pattern.channel_id):
            left_out.append(
                f"A recurring plan for '{pattern.channel_id}' was left out: {UNREADABLE}."
            )
            continue
        next_time(Pattern(pattern.cron, pattern.time_zone), now)
        next_id = None if pattern.next_id is None else made.pop(pattern.next_id, None)
        repeated = schedule.Repeated(
            *(pattern.id, pattern.cron, pattern.time_zone, pattern.prompt, pattern.channel_id),
            *(next_id, pattern.created_at or now),
        )
        await schedule.restore_pattern(connection, agent_id, repeated)


async def may_plan(
    connection: Connection, actor: Actor, agent_id: str, channel_id: str | None
) -> bool:
    if channel_id is None:
        return True
    for reader in (actor, Actor(agent_id)):
        try:
            await get_channel(connection, reader, channel_id)
        except NotFound:
            return False
    return True
