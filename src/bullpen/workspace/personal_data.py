"""One person's data: reading all of it, and erasing it."""

import base64
import json
from collections.abc import AsyncIterator

from asyncpg import Connection

from bullpen.audit.actions import Target, record
from bullpen.chat.erasure import delete_messages_of, hand_over_messages
from bullpen.chat.message_sql import ALSO_IN_CHANNEL
from bullpen.events.actions import restart_log
from bullpen.files.erasure import delete_files_of, hand_over_files
from bullpen.files.storage import CHUNK, read_part
from bullpen.members.erasure import replace_person
from bullpen.members.owners import require_other_owner
from bullpen.memory.erasure import hand_over_versions

# What is exported, by the name of its part. Tables that a workspace does not have are left out.
PARTS = {
    "profile": "SELECT to_jsonb(p) FROM people p WHERE p.id = $1",
    "picture": """
        SELECT to_jsonb(p) || jsonb_build_object('content', encode(p.content, 'base64'))
        FROM user_pictures p WHERE p.user_id = $1
    """,
    "status": "SELECT to_jsonb(s) FROM user_states s WHERE s.user_id = $1",
    "memberships": """
        SELECT jsonb_build_object('channel_id', c.id, 'name', c.name, 'kind', c.kind)
        FROM channel_members m JOIN channels c ON c.id = m.channel_id WHERE m.user_id = $1
        ORDER BY m.id
    """,
    "channel_preferences": "SELECT to_jsonb(p) FROM channel_preferences p WHERE p.user_id = $1",
    "messages": f"""
        SELECT to_jsonb(m) || jsonb_build_object(
            'edited_at', e.edited_at, 'also_in_channel', {ALSO_IN_CHANNEL}
        )
        FROM messages m LEFT JOIN message_edits e ON e.message_id = m.id WHERE m.user_id = $1
        ORDER BY m.created_at, m.id
    """,
    "files": """
        SELECT to_jsonb(f) - 'thumbnail' FROM files f WHERE f.user_id = $1
        ORDER BY f.created_at, f.id
    """,
    "file_chunks": """
        SELECT jsonb_build_object('file_id', k.file_id, 'place', k.place,
            'content', encode(k.content, 'base64'))
        FROM file_chunks k JOIN files f ON f.id = k.file_id
        WHERE f.user_id = $1
            AND NOT EXISTS (SELECT FROM file_objects o WHERE o.file_id = f.id)
        ORDER BY k.file_id, k.place
    """,
    "earlier_texts": """
        SELECT to_jsonb(e) FROM earlier_texts e JOIN messages m ON m.id = e.message_id
        WHERE m.user_id = $1 ORDER BY e.replaced_at, e.id
    """,
    "reactions": """
        SELECT to_jsonb(r) FROM reactions r WHERE r.user_id = $1 ORDER BY r.created_at, r.id
    """,
    "reacted_messages": """
        SELECT to_jsonb(r) FROM reacted_messages r WHERE r.user_id = $1
        ORDER BY r.reacted_at, r.message_id
    """,
    "message_pins": """
        SELECT to_jsonb(p) FROM message_pins p WHERE p.pinned_by = $1
        ORDER BY p.pinned_at, p.message_id
    """,
    "saved_messages": """
        SELECT to_jsonb(s) FROM saved_messages s WHERE s.user_id = $1
        ORDER BY s.saved_at, s.message_id
    """,
    "scheduled_posts": """
        SELECT to_jsonb(s) || jsonb_build_object('also_in_channel',
            EXISTS (SELECT FROM scheduled_channel_replies also WHERE also.post_id = s.id))
        FROM scheduled_posts s WHERE s.user_id = $1 ORDER BY s.send_at, s.id
    """,
    "read_cursors": "SELECT to_jsonb(c) FROM read_cursors c WHERE c.user_id = $1",
    "thread_cursors": "SELECT to_jsonb(c) FROM thread_cursors c WHERE c.user_id = $1",
    "thread_follows": "SELECT to_jsonb(f) FROM thread_follows f WHERE f.user_id = $1",
    "channel_notifications": "SELECT to_jsonb(n) FROM channel_notifications n WHERE n.user_id = $1",
    "digest_rhythms": "SELECT to_jsonb(r) FROM digest_rhythms r WHERE r.user_id = $1",
    "digests": "SELECT to_jsonb(d) FROM digests d WHERE d.user_id = $1",
    "notification_keywords": "SELECT to_jsonb(k) FROM notification_keywords k WHERE k.user_id = $1",
    "notification_settings": "SELECT to_jsonb(n) FROM notification_settings n WHERE n.user_id = $1",
    "push_subscriptions": """
        SELECT jsonb_build_object(
            'endpoint', s.endpoint, 'time_zone', s.time_zone, 'created_at', s.created_at
        ) FROM push_subscriptions s WHERE s.user_id = $1 ORDER BY s.created_at, s.id
    """,
    "sidebar_layouts": "SELECT to_jsonb(l) FROM sidebar_layouts l WHERE l.user_id = $1",
    "mentions": """
        SELECT to_jsonb(n) FROM mentions n WHERE n.user_id = $1 ORDER BY n.created_at, n.message_id
    """,
    "group_mentions": "SELECT to_jsonb(g) FROM group_mentions g WHERE g.user_id = $1",
    "mention_marks": "SELECT to_jsonb(k) FROM mention_marks k WHERE k.user_id = $1",
    "user_groups": """
        SELECT to_jsonb(g) FROM user_group_members m JOIN user_groups g ON g.id = m.group_id
        WHERE m.user_id = $1 ORDER BY g.id
    """,
    "managed_agents": "SELECT to_jsonb(a) FROM agent_managers a WHERE a.person_id = $1",
    "archived_channels": "SELECT to_jsonb(a) FROM archived_channels a WHERE a.archived_by = $1",
    "deleted_agents": "SELECT to_jsonb(a) FROM deleted_agents a WHERE a.deleted_by = $1",
    "pauses": "SELECT to_jsonb(p) FROM pauses p WHERE p.paused_by = $1",
    "provider_connections": """
        SELECT to_jsonb(c) - 'encrypted_key' - 'last_characters'
        FROM provider_connections c WHERE c.entered_by = $1
    """,
    "memory_edits": """
        SELECT to_jsonb(v) || jsonb_build_object('agent_id', b.agent_id, 'label', b.label)
        FROM memory_block_versions v JOIN memory_blocks b ON b.id = v.block_id
        WHERE v.user_id = $1 ORDER BY v.created_at, v.id
    """,
    "note_edits": """
        SELECT to_jsonb(v) || jsonb_build_object('agent_id', n.agent_id, 'label', n.label)
        FROM private_note_versions v JOIN private_notes n ON n.id = v.note_id
        WHERE v.user_id = $1 ORDER BY v.created_at, v.id
    """,
    "runs": """
        SELECT jsonb_build_object('id', r.id, 'agent_id', r.agent_id, 'channel_id', r.channel_id,
            'created_at', r.created_at, 'status', r.status, 'started_by', d.started_by)
        FROM run_details d JOIN runs r ON r.id = d.run_id WHERE d.started_by = $1
        ORDER BY r.created_at, r.id
    """,
    "sessions": """
        SELECT to_jsonb(s) - 'token_hash' FROM sessions s WHERE s.person_id = $1
    """,
    "api_tokens": """
        SELECT to_jsonb(t) - 'token_hash' FROM api_tokens t WHERE t.user_id = $1
    """,
    "api_token_uses": """
        SELECT to_jsonb(u) FROM api_token_uses u JOIN api_tokens t ON t.id = u.token_id
        WHERE t.user_id = $1 ORDER BY u.day, u.address
    """,
    "created_tokens": """
        SELECT to_jsonb(t) - 'token_hash' FROM api_tokens t
        WHERE t.created_by = $1 AND t.user_id <> $1
    """,
    "links": """
        SELECT to_jsonb(l) - 'token_hash' FROM links l WHERE l.person_id = $1 OR l.created_by = $1
        ORDER BY l.created_at, l.id
    """,
    "oidc_identities": "SELECT to_jsonb(i) FROM oidc_identities i WHERE i.person_id = $1",
    "audit_log": """
        SELECT to_jsonb(a) FROM audit_log a
        WHERE a.actor_id = $1 OR (a.target_kind = 'person' AND a.target_id = $1) ORDER BY a.id
    """,
}
# Parts that are a table by another name.
TABLES = {
    "profile": "people", "picture": "user_pictures", "status": "user_states",
    "memberships": "channel_members", "managed_agents": "agent_managers",
    "memory_edits": "memory_block_versions", "note_edits": "private_note_versions",
    "created_tokens": "api_tokens",
}  # fmt: skip
AT_ONCE = 500
IN_BUCKET = """
SELECT f.id, f.size FROM files f JOIN file_objects o ON o.file_id = f.id
WHERE f.user_id = $1 AND f.completed_at IS NOT NULL ORDER BY f.created_at, f.id
"""


async def parts_of(
    connection: Connection, person_id: str
) -> AsyncIterator[tuple[str, AsyncIterator[str]]]:
    """Each part's name and rows as JSON. Call this in a transaction."""
    for part, sql in PARTS.items():
        table = TABLES.get(part, part)
        if await connection.fetchval("SELECT to_regclass($1) IS NOT NULL", table):
            rows = rows_of(connection, sql, person_id)
            yield part, chunks_of(connection, rows, person_id) if part == "file_chunks" else rows


async def rows_of(connection: Connection, sql: str, person_id: str) -> AsyncIterator[str]:
    async for row in connection.cursor(sql, person_id, prefetch=AT_ONCE):
        yield row[0]


async def chunks_of(
    connection: Connection, stored: AsyncIterator[str], person_id: str
) -> AsyncIterator[str]:
    """`stored`: those in the database. Those of files in the bucket look the same."""
    async for row in stored:
        yield row
    for file_id, size in await connection.fetch(IN_BUCKET, person_id):
        for place, start in enumerate(range(0, size, CHUNK)):
            content = await read_part(connection, file_id, start, min(start + CHUNK, size))
            encoded = base64.b64encode(content).decode()
            yield json.dumps({"file_id": str(file_id), "place": place, "content": encoded})


async def erase_person(connection: Connection, person_id: str, *, messages: bool) -> str:
    """Removes what says who they were, and answers the id that stands in their place.

    The person must be inactive, so that no stream of theirs is open. With `messages`, what they
    wrote goes too. All clients load anew, because there is no event for changed authors, and the
    log is begun again, because its events show names and texts.
    """
    await require_other_owner(connection, person_id)
    await delete_files_of(connection, person_id, attached=messages)
    if messages:
        await delete_messages_of(connection, person_id)
    former_id = await replace_person(connection, person_id)
    await hand_over_messages(connection, person_id, former_id)
    await hand_over_files(connection, person_id, former_id)
    await hand_over_versions(connection, person_id, former_id)
    target = Target("person", former_id)
    kept = "deleted" if messages else "kept"
    await record(connection, None, "person.erased", target, details={"messages": kept})
    await restart_log(connection)
    return former_id
