"""The events about deleted messages."""

from collections.abc import Sequence

import msgspec
from asyncpg import Connection, Record

from bullpen.chat.message_sql import ALSO_IN_CHANNEL
from bullpen.events.actions import Event, append, lock_event_log
from bullpen.kit.instants import instant_json

THREAD = "SELECT thread_of($1)"
# What a statement returns of the messages `m` that it deletes. Replies go with the message that
# began their thread; those that the channel's list shows, too, are deleted by name, because they
# are counted there.
GONE = f"""
m.id, m.parent_message_id, m.user_id, instant(m.created_at), {ALSO_IN_CHANNEL},
EXISTS (SELECT FROM run_notices n WHERE n.message_id = m.id), mentions_of(m.id)
"""


async def announce_deleted(connection: Connection, channel_id: str, gone: Sequence[Record]) -> None:
    """`gone`: rows of `GONE`. Of a thread that goes, the replies' events come first."""
    await lock_event_log(connection)
    ids = {row[0] for row in gone}
    roots = {
        parent_id: msgspec.Raw(await connection.fetchval(THREAD, parent_id))
        for parent_id in {row[1] for row in gone} - ids - {None}
    }
    events = []
    for row in sorted(gone, key=lambda row: (row[1] is None, row[0])):
        message_id, parent_id, user_id, created_at, also_in_channel, is_notice, mentions = row
        payload = {
            "channelId": channel_id,
            "parentMessageId": parent_id,
            "messageId": message_id,
            "userId": user_id,
            "timestamp": instant_json(created_at),
            **msgspec.json.decode(mentions),
        }
        if parent_id in roots:
            payload["root"] = roots[parent_id]
        if also_in_channel:
            payload["alsoInChannel"] = True
        if is_notice:
            payload["isNotice"] = True
        events.append(Event("message.deleted", payload, channel_id))
    await append(connection, *events)
