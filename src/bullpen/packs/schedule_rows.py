"""The rows of scheduled messages."""

from bullpen.packs.insert import Resolve, Row
from bullpen.packs.pack import Pack, row_id


def scheduled_rows(pack: Pack, resolve: Resolve) -> list[Row]:
    return [
        {
            "id": row_id(pack.id, "scheduled_messages", scheduled.key),
            "agent_id": scheduled.agent_id,
            "trigger_at": resolve(scheduled.day, scheduled.at),
            "prompt": scheduled.prompt,
            "target_channel_id": scheduled.channel_id,
            "status": scheduled.status,
            "created_at": resolve(*scheduled.created),
        }
        for scheduled in pack.scheduled
    ]
