"""One migration after the other, there and back on a database that holds the workspace."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from tests.support.catalog import contents, fetch, schema, tables
from tests.support.fixtures import complete

from bullpen.kit.errors import StartupError
from bullpen.migrations import develop, search_words
from bullpen.migrations.alone import connection_alone
from bullpen.migrations.metadata import METADATA
from bullpen.migrations.run import FOLDER, current, migrate, revisions

# What no pack brings, since it comes of agents that work.
WORKED = (
    """
    INSERT INTO mailbox (run_id, agent_id, priority) SELECT id, agent_id, 1 FROM runs LIMIT 1
    """,
    "INSERT INTO run_details (run_id, kind) SELECT id, 'message' FROM runs",
    """
    INSERT INTO run_triggers
    SELECT r.id, m.id FROM runs r JOIN messages m ON m.id = r.trigger_message_id
    """,
    """
    INSERT INTO run_posts (message_id, run_id)
    SELECT m.id, (SELECT id FROM runs LIMIT 1) FROM messages m LIMIT 1
    """,
    "INSERT INTO run_notices SELECT message_id, 'failure' FROM run_posts",
    "INSERT INTO run_calls SELECT run_id, 1, 1, id FROM run_messages LIMIT 1",
    "INSERT INTO step_details SELECT id, '{}' FROM run_steps LIMIT 1",
    "INSERT INTO budgets (daily_usd) VALUES (5)",
    "INSERT INTO spending (day) VALUES ('2026-03-04')",
    "INSERT INTO channel_policies SELECT 'general', id, 'mentions' FROM agents LIMIT 1",
    """
    INSERT INTO recurring_messages (agent_id, cron, time_zone, prompt)
    SELECT id, '0 9 * * *', 'UTC', 'Good morning' FROM agents LIMIT 1
    """,
)
REACHED = (
    "INSERT INTO run_reaches (run_id, channel_id, step_number) SELECT id, 'sales', 1 FROM runs"
)
KEPT_IN_PRIVATE = (
    """
    INSERT INTO private_notes (agent_id, label, channel_id, content)
    SELECT user_id, 'lately', channel_id, 'A note' FROM channel_members LIMIT 1
    """,
    """
    INSERT INTO private_note_versions (note_id, version, content)
    SELECT id, 1, content FROM private_notes
    """,
    """
    INSERT INTO passage_places (passage_id, channel_id)
    SELECT id, 'sales' FROM archival_passages LIMIT 1
    """,
    "INSERT INTO run_sources (run_id, channel_id) SELECT id, 'sales' FROM runs",
    "INSERT INTO run_withheld (run_id, channel_id, content) SELECT id, 'sales', 'x' FROM runs",
)
# What the functions make of texts, at the newest revision; another test looks at it.
DERIVED = {"agent_words", "archival_words", "message_words"}
READ = (
    "INSERT INTO message_edits SELECT id, now() FROM messages LIMIT 1",
    """
    INSERT INTO thread_cursors
    SELECT user_id, id, created_at, id FROM messages WHERE parent_message_id IS NULL LIMIT 1
    """,
)
JOINED = (
    "INSERT INTO people (id, display_name, avatar_color) VALUES ('dana', 'Dana', '#000000')",
    "INSERT INTO agent_managers SELECT id, 'dana' FROM agents LIMIT 1",
    "INSERT INTO archived_channels (channel_id, archived_by) SELECT id, 'dana' FROM channels",
    "INSERT INTO audit_log (action) VALUES ('channel.archived')",
)
WITH_TOKENS = (
    """
    INSERT INTO api_tokens (user_id, name, token_hash, prefix, scopes)
    SELECT id, 'script', sha256('token'), 'bp_12345', ARRAY['read'] FROM users LIMIT 1
    """,
    "INSERT INTO api_token_uses SELECT id, '192.0.2.1', '2026-03-04' FROM api_tokens",
)
WITH_ACCOUNTS = (
    "INSERT INTO credentials (person_id, password_hash) VALUES ('dana', 'hash')",
    """
    INSERT INTO sessions (person_id, token_hash, expires_at, user_agent, address)
    VALUES ('dana', sha256('session'), '2040-01-01', '', '192.0.2.1')
    """,
    """
    INSERT INTO links (kind, token_hash, expires_at) VALUES ('owner', sha256('l'), '2040-01-01')
    """,
    "INSERT INTO totp (person_id, encrypted_secret) VALUES ('dana', 'secret')",
    "INSERT INTO recovery_codes (person_id, code_hash) VALUES ('dana', sha256('code'))",
    "INSERT INTO sign_in_attempts (kind, bucket, failures) VALUES ('account', 1, 2)",
)
LINKED = """
INSERT INTO oidc_identities (issuer, subject, person_id)
SELECT 'https://id.example.org', '1', id FROM people LIMIT 1
"""
MENTIONED = (
    "INSERT INTO mentions SELECT id, 'pam', channel_id, id, created_at FROM messages LIMIT 1",
)
EDITED = ("INSERT INTO earlier_texts (message_id, text) SELECT id, 'x' FROM messages LIMIT 1",)
PAUSED = (
    "INSERT INTO pauses (paused_by) VALUES ('michael')",
    "INSERT INTO parked_runs SELECT id, 1 FROM runs LIMIT 1",
)
WITHOUT_WORKER = ("INSERT INTO external_agents SELECT id FROM agents LIMIT 1",)
CONNECTED = """
INSERT INTO provider_connections (provider_id, encrypted_key, last_characters, entered_by)
SELECT 'openai', 'sealed', '1234', id FROM users LIMIT 1
"""
GONE_AGENT = """
INSERT INTO deleted_agents (agent_id, deleted_by) SELECT id, id FROM agents LIMIT 1
"""
WITH_LINKS = (
    "INSERT INTO run_effects (run_id, channel_id) SELECT id, 'sales' FROM runs LIMIT 1",
    """
    INSERT INTO run_passages (run_id, place, passage_id)
    SELECT r.id, 1, p.id FROM runs r CROSS JOIN archival_passages p LIMIT 1
    """,
)
# In this order, where the table is there.
WITH_PICTURES = (
    "INSERT INTO user_pictures (user_id, version, content) SELECT id, 'v', 'x' FROM users LIMIT 1",
    "INSERT INTO workspace_icon (version, content) VALUES ('v', 'x')",
)
SUBSCRIBED = """
INSERT INTO push_subscriptions (user_id, endpoint, browser_key, secret, server_key, time_zone)
SELECT min(id), 'https://push.example.net/a', decode(repeat('04', 65), 'hex'),
    decode(repeat('05', 16), 'hex'), decode(repeat('04', 65), 'hex'), 'UTC' FROM users
"""
ADDED = {
    "mailbox": WORKED,
    "run_reaches": (REACHED,),
    "private_notes": KEPT_IN_PRIVATE,
    "thread_cursors": READ,
    "mentions": MENTIONED,
    "group_mentions": ("INSERT INTO group_mentions SELECT message_id, user_id FROM mentions",),
    "group_dms": ("INSERT INTO group_dms SELECT min(id), '{jim,pam,toby}' FROM channels",),
    "channel_preferences": (
        "INSERT INTO channel_preferences SELECT channel_id, user_id FROM channel_members LIMIT 1",
    ),
    "channel_notifications": (
        """
        INSERT INTO channel_notifications
        SELECT channel_id, user_id, 'all' FROM channel_members LIMIT 1
        """,
    ),
    "agent_commands": (
        "INSERT INTO agent_commands SELECT min(id), 'deploy', 'Deploys', 'branch', 1 FROM agents",
    ),
    "notification_keywords": (
        "INSERT INTO notification_keywords SELECT min(id), '{paper}' FROM users",
    ),
    "digest_rhythms": ("INSERT INTO digest_rhythms SELECT min(id), 'off' FROM users",),
    "digests": ("INSERT INTO digests SELECT min(id), now(), now() FROM users",),
    "notification_settings": (
        "INSERT INTO notification_settings SELECT min(id), NULL, '22:00', '07:00', true FROM users",
    ),
    "user_groups": ("INSERT INTO user_groups (handle, description) VALUES ('crew', '')",),
    "user_group_members": (
        "INSERT INTO user_group_members SELECT g.id, u.id FROM user_groups g, users u",
    ),
    "people": JOINED,
    "api_tokens": WITH_TOKENS,
    "credentials": WITH_ACCOUNTS,
    "message_retention": ("INSERT INTO message_retention (days) VALUES (30)",),
    "oidc_identities": (LINKED,),
    "external_agents": WITHOUT_WORKER,
    "peopled_channels": ("INSERT INTO peopled_channels (channel_id) SELECT id FROM channels",),
    "user_pictures": WITH_PICTURES,
    "earlier_texts": EDITED,
    "provider_connections": (CONNECTED,),
    "deleted_agents": (GONE_AGENT,),
    "channel_answering": (
        "INSERT INTO channel_answering VALUES ('general', 'best_fit', NULL)",
        "INSERT INTO run_decisions SELECT id, '{}' FROM runs LIMIT 1",
    ),
    "run_effects": WITH_LINKS,
    "pauses": PAUSED,
    "partial_answers": (
        """
        INSERT INTO partial_answers
            (run_id, worker, attempt, channel_id, text, thinking, version)
        SELECT run_id, 'worker', 1, 'general', 'x', '', 1 FROM mailbox LIMIT 1
        """,
    ),
    "files": (
        """
        INSERT INTO files (id, user_id, name, attempt, message_id, completed_at)
        SELECT gen_random_uuid(), user_id, 'a.txt', gen_random_uuid(), id, now() FROM messages
        LIMIT 1
        """,
        "INSERT INTO file_chunks (file_id, place, content) SELECT id, 0, 'x' FROM files",
    ),
    "removed_objects": ("INSERT INTO removed_objects (folder) VALUES ('a/b')",),
    "attached_words": (
        "DELETE FROM attached_words",
        "INSERT INTO attached_words (message_id) SELECT id FROM messages LIMIT 1",
        "UPDATE attached_words SET words = 'paper'",
    ),
    "file_texts": ("INSERT INTO file_texts (file_id, content) SELECT id, 'x' FROM files",),
    "file_objects": ("INSERT INTO file_objects (file_id, folder) SELECT id, 'x' FROM files",),
    "channel_replies": (
        """
        INSERT INTO channel_replies (message_id, channel_id, created_at)
        SELECT id, channel_id, created_at FROM messages WHERE parent_message_id IS NOT NULL LIMIT 1
        """,
    ),
    "push_subscriptions": (SUBSCRIBED,),
    # After the subscriptions.
    "push_deliveries": (
        """
        INSERT INTO push_deliveries
        SELECT s.id, m.id FROM push_subscriptions s, (SELECT id FROM messages LIMIT 1) m
        """,
    ),
    "push_position": ("INSERT INTO push_position (event_id) VALUES (7)",),
    "deleted_messages": (
        """
        INSERT INTO deleted_messages (message_id, channel_id, deleted_by, undo_until, kept)
        SELECT id, channel_id, user_id, now(), '{}' FROM messages LIMIT 1
        """,
    ),
    "link_previews": (
        """
        INSERT INTO link_previews (id, url, claimed_until)
        VALUES ('00000000-0000-4000-8000-0000000000aa', 'https://example.org/', now())
        """,
    ),
    "workspace_link_previews": ("INSERT INTO workspace_link_previews DEFAULT VALUES",),
    "message_previews": (
        """
        INSERT INTO message_previews (message_id, preview_id, place)
        SELECT id, '00000000-0000-4000-8000-0000000000aa', 0 FROM messages LIMIT 1
        """,
    ),
    "message_pins": (
        """
        INSERT INTO message_pins (message_id, channel_id, pinned_by)
        SELECT id, channel_id, user_id FROM messages LIMIT 1
        """,
    ),
    "saved_messages": (
        """
        INSERT INTO saved_messages (user_id, message_id) SELECT user_id, id FROM messages LIMIT 1
        """,
    ),
    "mention_marks": ("INSERT INTO mention_marks SELECT message_id, user_id, true FROM mentions",),
    "sidebar_layouts": ("INSERT INTO sidebar_layouts SELECT id, '[]', true FROM users LIMIT 1",),
    "thread_follows": (
        "INSERT INTO thread_follows SELECT user_id, id, true FROM messages LIMIT 1",
    ),
    "reacted_messages": (
        """
        INSERT INTO reacted_messages (message_id, user_id, channel_id, reacted_at)
        SELECT id, user_id, channel_id, created_at FROM messages LIMIT 1
        ON CONFLICT (message_id) DO NOTHING
        """,
    ),
    "scheduled_posts": (
        """
        INSERT INTO scheduled_posts (id, user_id, channel_id, text, file_ids, send_at)
        SELECT id, user_id, channel_id, 'x', '{}', now() FROM messages LIMIT 1
        """,
    ),
    "scheduled_channel_replies": (
        "INSERT INTO scheduled_channel_replies SELECT id FROM scheduled_posts LIMIT 1",
    ),
    "experiments": (
        """
        INSERT INTO experiments (kind, agent_id, moment, created_by)
        SELECT 'probe', id, 'now', id FROM agents LIMIT 1
        """,
        """
        INSERT INTO experiment_trials (experiment_id, place, variant)
        SELECT id, 0, 0 FROM experiments
        """,
    ),
}
# The tables of each story's migration.
MADE = {
    "0001": [],
    "0002": ["agents"],
    "0003": ["channel_members", "channels", "messages", "reactions"],
    "0004": ["read_cursors"],
    "0005": ["user_states"],
    "0006": ["workspace"],
    "0007": ["archival_passages", "memory_blocks", "shared_block_links"],
    "0008": ["scheduled_messages"],
    "0009": ["run_messages", "run_steps", "runs"],
    "0010": ["memory_block_versions"],
    "0011": ["events"],
    "0012": [],
    "0013": ["archival_words"],
    "0014": ["agent_lines"],
    "0015": [
        "budgets",
        "channel_policies",
        "mailbox",
        "recurring_messages",
        "run_calls",
        "run_details",
        "run_notices",
        "run_posts",
        "run_triggers",
        "spending",
        "step_details",
    ],
    "0016": [],
    "0017": ["run_reaches"],
    "0018": [],
    "0023": [
        "passage_places",
        "private_note_versions",
        "private_notes",
        "run_sources",
        "run_withheld",
    ],
    "0024": ["message_words"],
    "0025": [],
    "0026": ["message_edits", "thread_cursors"],
    "0027": ["agent_managers", "archived_channels", "audit_log", "people", "users"],
    "0028": ["api_token_uses", "api_tokens"],
    "0029": [],
    "0030": [
        "credentials",
        "links",
        "recovery_codes",
        "sessions",
        "sign_in_attempts",
        "totp",
    ],
    "0031": ["message_retention"],
    "0032": ["oidc_identities"],
    "0033": ["external_agents"],
    "0034": ["peopled_channels"],
    "0035": ["user_pictures", "workspace_icon"],
    "0036": ["earlier_texts"],
    "0037": ["deleted_agents", "provider_connections"],
    "0038": ["agent_words", "channel_answering", "run_decisions"],
    "0039": ["run_effects", "run_passages"],
    "0040": [],
    "0041": ["parked_runs", "pauses"],
    "0042": [],
    "0043": [],
    "0044": ["experiment_trials", "experiments"],
    "0045": ["partial_answers"],
    "0046": ["file_chunks", "files"],
    "0047": ["run_figures"],
    "0048": ["mentions"],
    "0049": ["channel_preferences"],
    "0050": ["message_pins"],
    "0051": ["saved_messages"],
    "0052": ["mention_marks", "reacted_messages"],
    "0053": ["thread_follows"],
    "0054": ["scheduled_posts"],
    "0055": ["sidebar_layouts"],
    "0056": ["group_mentions"],
    "0057": ["file_texts"],
    "0058": ["channel_replies", "scheduled_channel_replies"],
    "0059": ["channel_notifications", "notification_settings"],
    "0060": ["deleted_messages"],
    "0061": ["push_deliveries", "push_position", "push_subscriptions"],
    "0062": ["group_dms"],
    "0063": ["file_objects", "removed_objects"],
    "0064": ["link_previews", "message_previews", "workspace_link_previews"],
    "0065": ["notification_keywords"],
    "0068": ["agent_commands"],
    "0069": ["user_group_members", "user_groups"],
    "0070": ["attached_words"],
    "0071": ["digest_rhythms", "digests"],
}
REVISIONS = revisions()
SCRIPTS = ScriptDirectory(str(FOLDER), messaging_opts={"quiet": True})


@pytest.fixture(autouse=True)
def scripts_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each command reads every revision's file, which takes longer than most revisions do."""
    monkeypatch.setattr(ScriptDirectory, "from_config", lambda _: SCRIPTS)


@pytest.mark.ac("1.1.4")
def test_the_first_migration_is_an_empty_baseline(empty_url: str):
    assert complete(migrate(empty_url, "0001")) == ["0001"]
    assert tables(empty_url) == ["alembic_version"]
    assert schema(empty_url) == []
    assert complete(current(empty_url)) == "0001"


@pytest.mark.ac("1.1.4")
@pytest.mark.ac("1.2.5")
@pytest.mark.ac("1.3.5")
@pytest.mark.ac("1.4.5")
@pytest.mark.ac("1.5.3")
@pytest.mark.ac("1.6.7")
@pytest.mark.timeout(300)
def test_each_migration_goes_back_and_forth_and_keeps_what_was_there(url: str):
    """From the newest revision to the first, on one database, with rows in every table.

    What goes up from a revision is what the next one was on the way down, with its functions and
    triggers; so a database of any earlier revision becomes what a new one is.
    """
    assert len(REVISIONS) == len(list((FOLDER / "versions").glob("0*.py")))
    made: dict[str, list[str]] = {}
    filled: set[str] = set()
    with_it, present = schema(url), tables(url)
    assert {kind for kind, *_ in with_it} >= {"function", "trigger"}
    for before, revision in list(zip([None, *REVISIONS], REVISIONS, strict=False))[::-1]:
        behind = before or "base"
        assert complete(migrate(url, behind)) == [revision]
        assert complete(current(url)) == before
        without_it, after = schema(url), set(present)
        present = tables(url)
        made[revision] = sorted(after - set(present))
        earlier = [name for name in present if name not in {"alembic_version", *DERIVED}]
        rows = contents(url, earlier)
        # Some lose their rows on the way down, such as files whose bytes are in a bucket.
        missing = [name for name in ADDED if name in rows and not (name in filled and rows[name])]
        for statement in [statement for table in missing for statement in ADDED[table]]:
            fetch(url, statement)
        filled.update(missing)
        rows = contents(url, earlier) if missing else rows
        assert [table for table in rows if not rows[table]] == [], "there must be data to lose"
        assert complete(migrate(url, revision)) == [revision]
        assert schema(url) == with_it, revision
        assert contents(url, earlier) == rows, revision
        assert complete(migrate(url, behind)) == [revision]
        assert schema(url) == without_it, revision
        assert contents(url, earlier) == rows, revision
        with_it = without_it
    assert made == MADE


def test_a_group_dm_is_a_private_channel_where_there_are_none(url: str):
    fetch(
        url,
        "WITH made AS (INSERT INTO channels (id, name, kind) VALUES ('trio', 'trio', 'group_dm'))"
        " INSERT INTO channel_members (channel_id, user_id)"
        " SELECT 'trio', unnest(ARRAY['jim', 'pam', 'kevin'])",
    )
    members = "SELECT user_id FROM channel_members WHERE channel_id = 'trio' ORDER BY 1"
    before = fetch(url, members)
    complete(migrate(url, "0061"))
    kind = "SELECT kind FROM channels WHERE id = 'trio'"
    assert (fetch(url, kind), fetch(url, members)) == ([("private",)], before)
    complete(migrate(url))
    assert (fetch(url, kind), fetch(url, members)) == ([("private",)], before)


def test_texts_from_before_are_split_into_words_at_the_newest_revision(
    url: str, monkeypatch: pytest.MonkeyPatch
):
    """Also those whose words were made by another rule, and with a word on how far it is."""
    wrong = (
        """
        SELECT count(*) FROM messages m LEFT JOIN message_words w ON w.message_id = m.id
        WHERE w.words IS DISTINCT FROM message_words_of(m.text, m.user_id, m.channel_id)
        """,
        """
        SELECT count(*) FROM archival_passages p LEFT JOIN archival_words w ON w.passage_id = p.id
        WHERE w.words IS DISTINCT FROM words_of(p.content)
        """,
    )
    messages = fetch(url, "SELECT count(*) FROM messages")
    complete(migrate(url, "0018"))
    complete(migrate(url))
    assert [fetch(url, sql) for sql in wrong] == [[(0,)], [(0,)]]
    assert fetch(url, "SELECT count(*) FROM message_words") == messages
    fetch(url, "COMMENT ON INDEX ix_message_words_words IS 'an earlier rule'")
    fetch(url, "UPDATE message_words SET words = ''")
    fetch(url, "DROP FUNCTION bullpen_functions")
    said: list[str] = []
    portions, rest = divmod(messages[0][0], 10)
    assert rest
    monkeypatch.setattr(search_words, "PORTION", 10)
    complete(migrate(url, say=said.append))
    assert [fetch(url, sql) for sql in wrong] == [[(0,)], [(0,)]]
    assert fetch(url, "SELECT count(*) FROM message_words") == messages
    total = f"of about {portions * 10:,}"
    assert said == [
        *(f"Indexing messages for search: {n * 10:,} {total}" for n in range(portions + 1)),
        "Indexing messages for search: building the index",
    ]


def test_what_comes_back_is_what_a_new_database_gets(url: str, empty_url: str):
    complete(migrate(url, "base"))
    assert tables(url) == ["alembic_version"]
    assert schema(url) == []
    complete(migrate(url))
    complete(migrate(empty_url))
    assert schema(url) == schema(empty_url)


def test_each_revision_comes_after_the_one_before_it():
    scripts = ScriptDirectory(str(FOLDER)).walk_revisions()
    found = sorted((script.revision, script.down_revision) for script in scripts)
    assert found == list(zip(REVISIONS, [None, *REVISIONS], strict=False))


@pytest.mark.ac("1.1.4")
@pytest.mark.ac("1.1.1")
def test_models_and_migrations_agree(shared_url: str):
    def compare(connection: Connection) -> list[object]:
        options = {"compare_type": True, "compare_server_default": True}
        return compare_metadata(MigrationContext.configure(connection, opts=options), METADATA)

    async def work() -> list[object]:
        async with connection_alone(shared_url) as connection:
            return await connection.run_sync(compare)

    assert complete(work()) == []


@pytest.mark.ac("1.1.4")
def test_a_pushed_database_is_a_migrated_one(empty_url: str, shared_url: str):
    """Its rules too, which the models know nothing of."""
    assert complete(develop.push(empty_url)) != []
    pushed, migrated = schema(empty_url), schema(shared_url)
    assert [row for row in pushed if row[0] != "column"] == [
        row for row in migrated if row[0] != "column"
    ]
    assert pushed == migrated
    assert {kind for kind, *_ in pushed} >= {"function", "trigger", "constraint", "index"}
    assert complete(current(empty_url)) == revisions()[-1]
    assert complete(develop.push(empty_url)) == []


def test_pushing_mends_a_rule_and_a_column_and_keeps_the_rows(url: str):
    there, rows = schema(url), contents(url)
    fetch(url, "ALTER TABLE messages ALTER text DROP NOT NULL")
    fetch(url, "DROP TRIGGER messages_reply ON messages")
    assert schema(url) != there
    assert complete(develop.push(url)) == ["alter column messages text"]
    assert schema(url) == there
    assert contents(url) == rows


def test_a_revision_of_a_newer_version_is_left_alone(url: str):
    fetch(url, "UPDATE alembic_version SET version_num = '9999'")
    before = contents(url)
    with pytest.raises(StartupError) as refused:
        complete(migrate(url))
    assert str(refused.value) == (
        "the database is at revision 9999, which this version of Bullpen does not know: "
        "install the newer Bullpen that made it"
    )
    assert contents(url) == before


def test_a_migration_that_fails_leaves_the_database_where_it_was(url: str):
    complete(migrate(url, "0004"))
    fetch(url, "CREATE TABLE workspace (mine text)")
    there = schema(url)
    with pytest.raises(Exception, match='relation "workspace" already exists'):
        complete(migrate(url, "0006"))
    # The one before it has a transaction of its own.
    assert complete(current(url)) == "0005"
    assert [row for row in schema(url) if row[1] != "user_states"] == there
