"""Every column of the database that can name a person is exported and erased, or says why not.

A new column or table fails the first two tests until it is in one of the lists here, and a column
fails the last one until a person is in it.
"""

import json
import zipfile
from pathlib import Path

import pytest
from tests.support.catalog import fetch
from tests.support.program import bullpen

pytestmark = pytest.mark.timeout(300)

# Of the catalog itself: what has a foreign key to users or people, and texts that are named like an
# id of any kind without one to another table.
CAN_NAME_PEOPLE = """
SELECT (c.relname || '.' || a.attname) COLLATE "C" FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p')
LEFT JOIN pg_constraint k
    ON k.conrelid = c.oid AND k.contype = 'f' AND a.attnum = ANY (k.conkey)
WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
  AND (
      k.confrelid IN ('users'::regclass, 'people'::regclass)
      OR k.oid IS NULL AND a.atttypid IN ('text'::regtype, 'text[]'::regtype)
      AND a.attname ~ '(^|_)(id|ids|by|user|users|person|people|actor|author|owner|member|email)$'
  )
  AND c.relname <> 'alembic_version'
GROUP BY 1 ORDER BY 1
"""

TABLES = """
SELECT relname FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
  AND relname <> 'alembic_version'
ORDER BY relname COLLATE "C"
"""

# Each with the part of the export that has its rows.
ERASED = {
    "agent_managers.person_id": "managed_agents",
    "api_tokens.user_id": "api_tokens",
    "api_tokens.created_by": "created_tokens",
    "archived_channels.archived_by": "archived_channels",
    "channel_members.user_id": "memberships",
    "deleted_agents.deleted_by": "deleted_agents",
    "files.user_id": "files",
    "links.person_id": "links",
    "links.created_by": "links",
    "memory_block_versions.user_id": "memory_edits",
    "mentions.user_id": "mentions",
    "message_pins.pinned_by": "message_pins",
    "messages.user_id": "messages",
    "saved_messages.user_id": "saved_messages",
    "scheduled_posts.user_id": "scheduled_posts",
    "oidc_identities.person_id": "oidc_identities",
    "pauses.paused_by": "pauses",
    "people.id": "profile",
    "people.email": "profile",
    "private_note_versions.user_id": "note_edits",
    "provider_connections.entered_by": "provider_connections",
    "reacted_messages.user_id": "reacted_messages",
    "reactions.user_id": "reactions",
    "push_subscriptions.user_id": "push_subscriptions",
    "read_cursors.user_id": "read_cursors",
    "run_details.started_by": "runs",
    "sessions.person_id": "sessions",
    "digest_rhythms.user_id": "digest_rhythms",
    "digests.user_id": "digests",
    "notification_keywords.user_id": "notification_keywords",
    "notification_settings.user_id": "notification_settings",
    "sidebar_layouts.user_id": "sidebar_layouts",
    "thread_cursors.user_id": "thread_cursors",
    "thread_follows.user_id": "thread_follows",
    "user_group_members.user_id": "user_groups",
    "user_pictures.user_id": "picture",
    "user_states.user_id": "status",
}
# Each with why there is nothing to export.
ERASED_WITHOUT_EXPORT = {
    "credentials.person_id": "has nothing but the hash of a password",
    "totp.person_id": "has nothing but the secret of an authenticator app",
    "recovery_codes.person_id": "has nothing but hashes of codes",
    "deleted_messages.deleted_by": "a copy of what was deleted less than 30 seconds ago",
    "group_dms.member_ids": "repeats `channel_members`",
    "events.user_ids": "repeats what the other tables have, for seven days",
    "links.email": "of invitations that others sent; those of the person are exported with `links`",
    "experiments.created_by": "what models answered when the person tried a run; goes with them",
    "message_words.user_id": "repeats `messages`",
    "users.id": "repeats `people`",
    "workspace.default_user_id": "says whom a demo workspace is shown as",
}
# Each with why it stays.
KEPT = {
    "audit_log.actor_id": "entries are never changed; they are exported as `audit_log`",
    "audit_log.target_id": "entries are never changed; they are exported as `audit_log`",
}
# Each with what it is instead.
NOT_OF_PEOPLE = {
    "agents.id": "an agent",
    "agents.model_id": "a model",
    "agents.session_id": "a conversation at an agent's provider",
    "archival_words.agent_id": "an agent",
    "channel_replies.channel_id": "a channel",
    "channels.id": "a channel",
    "events.channel_id": "a channel",
    "experiment_trials.model_id": "a model",
    "links.channel_ids": "channels",
    "mailbox.channel_id": "a channel",
    "mentions.channel_id": "a channel",
    "message_words.channel_id": "a channel",
    "partial_answers.channel_id": "a channel",
    "provider_connections.provider_id": "a provider",
    "reacted_messages.channel_id": "a channel",
    "recurring_messages.target_channel_id": "a channel",
    "run_details.model_id": "a model",
    "run_figures.agent_id": "an agent",
    "run_figures.channel_id": "a channel",
    "run_figures.model_id": "a model",
    "run_steps.model_id": "a model",
    "runs.channel_id": "a channel",
    "scheduled_messages.target_channel_id": "a channel",
    "scheduled_posts.channel_id": "a channel",
    "workspace.pack_id": "a pack",
}

# The tables without such a column, each with what becomes of what a person has in it.
OTHER_TABLES = {
    "agent_commands": "written by agents and about them",
    "agent_lines": "written by agents",
    "agent_words": "about agents",
    "user_groups": "about several people; whom a description names cannot be told",
    "api_token_uses": "goes with its token; exported as `api_token_uses`",
    "archival_passages": "written by agents and about them; whom it names cannot be told",
    "budgets": "about agents and channels",
    "channel_answering": "about agents",
    "channel_policies": "about agents",
    "channel_notifications": "goes with the membership; exported as `channel_notifications`",
    "channel_preferences": "goes with the membership; exported as `channel_preferences`",
    "earlier_texts": "goes with its message; exported as `earlier_texts`",
    "external_agents": "about agents",
    "file_chunks": "goes with its file; exported as `file_chunks`",
    "attached_words": "goes with its message, whose files it was made from",
    "file_texts": "goes with its file, which it was made from",
    "file_objects": "says where the content of a file is, which is exported",
    "removed_objects": "names objects of deleted files, by ids alone",
    "memory_blocks": "of agents; edits by the person are `memory_block_versions`",
    "push_deliveries": "goes with its subscription, within minutes",
    "push_position": "a place in the event log",
    "mention_marks": "goes with its mention; exported as `mention_marks`",
    "group_mentions": "goes with its mention; exported as `group_mentions`",
    "link_previews": "what pages of the web say of themselves",
    "message_previews": "goes with its message",
    "message_edits": "goes with its message; exported with `messages`",
    "message_retention": "about channels",
    "parked_runs": "of agents",
    "passage_places": "about channels",
    "peopled_channels": "says only that some person was in a channel",
    "private_notes": "of agents; edits by the person are `private_note_versions`",
    "run_calls": "of agents",
    "run_decisions": "why agents were asked; goes with its run",
    "run_effects": "of agents",
    "run_messages": "what agents did; goes with its run",
    "run_notices": "of agents",
    "run_passages": "of agents",
    "run_posts": "goes with its message",
    "run_reaches": "about channels",
    "run_sources": "about channels",
    "run_triggers": "goes with its message",
    "scheduled_channel_replies": "goes with its post; exported with `scheduled_posts`",
    "run_withheld": "of agents",
    "shared_block_links": "about agents",
    "sign_in_attempts": "counts by hashes, of an hour",
    "spending": "about agents and channels",
    "step_details": "what models were sent; goes with its run",
    "workspace_icon": "of the workspace",
    "workspace_link_previews": "of the workspace",
}

EMAIL = "dana@example.com"
# A person who is in each of those columns.
DANA = f"""
INSERT INTO people (id, display_name, avatar_color, role, email) VALUES
    ('olga', 'Olga', '#000000', 'owner', NULL),
    ('dana-zyx', 'Dana', '#000000', 'member', '{EMAIL}');
INSERT INTO deleted_agents (agent_id, deleted_by) VALUES ('creed', 'dana-zyx');
INSERT INTO pauses (agent_id, paused_by) VALUES ('pam', 'dana-zyx');
INSERT INTO provider_connections (provider_id, base_url, entered_by)
VALUES ('openai', 'http://localhost', 'dana-zyx');
INSERT INTO agent_managers VALUES ('pam', 'dana-zyx');
INSERT INTO api_tokens (user_id, name, token_hash, prefix, scopes, created_by) VALUES
    ('dana-zyx', 'a', sha256('a'), 'bp_1', '{{read}}', 'dana-zyx'),
    ('pam', 'b', sha256('b'), 'bp_2', '{{read}}', 'dana-zyx');
INSERT INTO channels (id, name, kind) VALUES ('attic', 'attic', 'public');
INSERT INTO archived_channels (channel_id, archived_by) VALUES ('attic', 'dana-zyx');
INSERT INTO channel_members (channel_id, user_id) VALUES ('general', 'dana-zyx');
WITH made AS (INSERT INTO channels (id, name, kind) VALUES ('trio', 'trio', 'group_dm'))
INSERT INTO channel_members (channel_id, user_id)
SELECT 'trio', unnest(ARRAY['dana-zyx', 'jim', 'pam']);
INSERT INTO links (kind, token_hash, email, role, person_id, created_by, expires_at) VALUES
    ('reset', sha256('c'), NULL, NULL, 'dana-zyx', NULL, now()),
    ('invitation', sha256('d'), 'new@example.com', 'member', NULL, 'dana-zyx', now()),
    ('invitation', sha256('e'), '{EMAIL}', 'member', NULL, 'olga', now());
INSERT INTO memory_block_versions (block_id, version, content, user_id)
SELECT id, 1000, 'x', 'dana-zyx' FROM memory_blocks LIMIT 1;
INSERT INTO private_notes (agent_id, label, channel_id, content)
VALUES ('pam', 'x', 'general', 'y');
INSERT INTO private_note_versions (note_id, version, content, user_id)
SELECT id, 1000, 'x', 'dana-zyx' FROM private_notes LIMIT 1;
INSERT INTO messages (channel_id, user_id, text) VALUES ('general', 'dana-zyx', 'Hello');
INSERT INTO files (id, user_id, name, attempt)
VALUES (gen_random_uuid(), 'dana-zyx', 'a.txt', gen_random_uuid());
INSERT INTO file_chunks (file_id, place, content) SELECT id, 0, 'x' FROM files;
INSERT INTO oidc_identities VALUES ('https://issuer.example', 'x', 'dana-zyx');
INSERT INTO reactions (message_id, user_id, emoji)
SELECT id, 'dana-zyx', '👍' FROM messages LIMIT 1;
INSERT INTO reacted_messages (message_id, user_id, channel_id, reacted_at)
SELECT id, 'dana-zyx', channel_id, created_at FROM messages WHERE user_id = 'dana-zyx' LIMIT 1;
INSERT INTO message_pins (message_id, channel_id, pinned_by)
SELECT id, channel_id, 'dana-zyx' FROM messages LIMIT 1;
INSERT INTO scheduled_posts (id, user_id, channel_id, text, file_ids, send_at)
SELECT id, 'dana-zyx', channel_id, 'x', ARRAY[]::uuid[], now() FROM messages LIMIT 1;
INSERT INTO deleted_messages (message_id, channel_id, deleted_by, undo_until, kept)
SELECT id, channel_id, 'dana-zyx', now(), '{{}}' FROM messages LIMIT 1;
INSERT INTO saved_messages (user_id, message_id) SELECT 'dana-zyx', id FROM messages LIMIT 1;
INSERT INTO read_cursors (user_id, channel_id, created_at, message_id)
SELECT 'dana-zyx', channel_id, created_at, id FROM messages LIMIT 1;
INSERT INTO mentions SELECT id, 'dana-zyx', channel_id, id, created_at FROM messages LIMIT 1;
INSERT INTO thread_cursors SELECT 'dana-zyx', id, created_at, id FROM messages
WHERE parent_message_id IS NULL LIMIT 1;
INSERT INTO push_subscriptions
    (user_id, endpoint, browser_key, secret, server_key, time_zone)
VALUES ('dana-zyx', 'https://push.example.net/a', decode(repeat('04', 65), 'hex'),
    decode(repeat('05', 16), 'hex'), decode(repeat('04', 65), 'hex'), 'UTC');
INSERT INTO digest_rhythms VALUES ('dana-zyx', 'off');
INSERT INTO digests VALUES ('dana-zyx', now(), now());
INSERT INTO notification_keywords VALUES ('dana-zyx', '{{paper}}');
INSERT INTO user_groups VALUES ('00000000-0000-7000-8000-000000000001', 'crew', '');
INSERT INTO user_group_members VALUES ('00000000-0000-7000-8000-000000000001', 'dana-zyx');
INSERT INTO notification_settings VALUES ('dana-zyx', NULL, NULL, NULL, true);
INSERT INTO sidebar_layouts VALUES ('dana-zyx', '[]', true);
INSERT INTO thread_follows SELECT 'dana-zyx', id, true FROM messages
WHERE parent_message_id IS NULL LIMIT 1;
INSERT INTO run_details (run_id, kind, started_by)
SELECT id, 'message', 'dana-zyx' FROM runs LIMIT 1
ON CONFLICT (run_id) DO UPDATE SET started_by = EXCLUDED.started_by;
INSERT INTO sessions (person_id, token_hash, expires_at, user_agent, address)
VALUES ('dana-zyx', sha256('f'), now(), '', '::1');
INSERT INTO experiments (kind, agent_id, moment, created_by)
VALUES ('probe', 'pam', 'now', 'dana-zyx');
INSERT INTO user_pictures (user_id, version, content) VALUES ('dana-zyx', 'v', 'x');
INSERT INTO user_states (user_id) VALUES ('dana-zyx');
INSERT INTO credentials (person_id, password_hash) VALUES ('dana-zyx', 'hash');
INSERT INTO totp (person_id, encrypted_secret) VALUES ('dana-zyx', 'x');
INSERT INTO recovery_codes (person_id, code_hash) VALUES ('dana-zyx', sha256('g'));
INSERT INTO events (kind, user_ids, payload) VALUES ('reset', '{{dana-zyx}}', '{{}}');
UPDATE workspace SET default_user_id = 'dana-zyx';
INSERT INTO audit_log (actor_id, action, target_kind, target_id)
VALUES ('dana-zyx', 'person.edited', 'person', 'dana-zyx')
"""
COUNT = """
SELECT count(*) FROM {table}
WHERE $1 = ANY (string_to_array(btrim({column}::text, '{{}}'), ','))
"""


def rows_with(url: str, place: str) -> int:
    table, _, column = place.partition(".")
    word = EMAIL if column == "email" else "dana-zyx"
    return int(fetch(url, COUNT.format(table=table, column=column), word)[0][0])


def test_every_column_that_can_name_people_is_listed_once(shared_url: str):
    found = [row[0] for row in fetch(shared_url, CAN_NAME_PEOPLE)]
    listed = [*ERASED, *ERASED_WITHOUT_EXPORT, *KEPT, *NOT_OF_PEOPLE]
    assert sorted(listed) == found


def test_every_table_is_listed(shared_url: str):
    """One without such a column, too: it may hold what a person wrote."""
    with_columns = {place.partition(".")[0] for place in (*ERASED, *ERASED_WITHOUT_EXPORT, *KEPT)}
    with_columns |= {place.partition(".")[0] for place in NOT_OF_PEOPLE}
    listed = [*with_columns, *OTHER_TABLES]
    found = [row[0] for row in fetch(shared_url, TABLES)]
    assert sorted(listed) == found


def test_a_person_who_is_in_all_of_them_is_exported_and_erased(url: str, tmp_path: Path):
    for statement in DANA.split(";\n"):
        fetch(url, statement)
    before = {place: rows_with(url, place) for place in (*ERASED, *ERASED_WITHOUT_EXPORT, *KEPT)}
    assert [place for place, rows in before.items() if rows == 0] == []

    target = tmp_path / "dana.zip"
    done = bullpen("user", "export", EMAIL, str(target), cwd=tmp_path, DATABASE_URL=url)
    assert (done.code, done.err) == (0, "")
    with zipfile.ZipFile(target) as archive:
        parts = {
            name.removesuffix(".jsonl"): [json.loads(r) for r in archive.read(name).splitlines()]
            for name in archive.namelist()
        }
    for place, part in ERASED.items():
        assert len(parts[part]) >= min(before[place], 1), place
    assert [row["content"].strip() for row in parts["picture"]] == ["eA=="]
    assert len(parts["audit_log"]) == 1
    assert len(parts["links"]) == 2
    # What is secret stays in the database.
    assert not any("hash" in name for rows in parts.values() for row in rows for name in row)

    done = bullpen("user", "erase", EMAIL, "--yes", cwd=tmp_path, DATABASE_URL=url)
    assert (done.code, done.err) == (0, "")
    after = {place: rows_with(url, place) for place in before}
    assert {place for place, rows in after.items() if rows} == set(KEPT)
    # What others have stays.
    tokens = fetch(url, "SELECT user_id, created_by FROM api_tokens")
    assert [tuple(row) for row in tokens] == [("pam", None)]
    links = fetch(url, "SELECT email, created_by FROM links")
    assert [tuple(row) for row in links] == [("new@example.com", None)]
