"""What can happen; docs/events.md says what each carries."""

from typing import Literal, get_args

Kind = Literal[
    "message.created",
    "message.updated",
    "message.deleted",
    "message.restored",
    "reaction.added",
    "reaction.removed",
    "channel.created",
    "channel.updated",
    "channel.deleted",
    "member.added",
    "member.removed",
    "cursor.moved",
    "thread.read",
    "thread.followed",
    "inbox.changed",
    "preferences.changed",
    "saved.changed",
    "scheduled.changed",
    "sidebar.changed",
    "notifications.changed",
    "user.changed",
    "user_group.changed",
    "user_group.deleted",
    "agent.typing",
    "agent.done",
    "run.created",
    "run.changed",
    "pause.added",
    "pause.removed",
    "memory.changed",
    "workspace.changed",
    "reset",
]
KINDS: tuple[str, ...] = get_args(Kind)
