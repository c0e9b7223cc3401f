"""The log of events, and messages that are posted with theirs

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

KINDS = (
    "'message.created', 'message.updated', 'message.deleted', 'reaction.added', "
    "'reaction.removed', 'channel.created', 'channel.updated', 'channel.deleted', "
    "'member.added', 'member.removed', 'cursor.moved', 'user.changed', 'agent.typing', "
    "'agent.done', 'run.created', 'run.changed', 'memory.changed', 'reset'"
)

RULES = (
    """
    CREATE OR REPLACE FUNCTION take_event_turn() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM pg_advisory_xact_lock(111559182283891);
        RETURN NULL;
    END $$
    """,
    """
    CREATE OR REPLACE TRIGGER events_turn BEFORE INSERT ON events
    FOR EACH STATEMENT EXECUTE FUNCTION take_event_turn()
    """,
    """
    CREATE OR REPLACE FUNCTION announce_events() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM pg_notify('bullpen_events', max(id)::text) FROM added;
        RETURN NULL;
    END $$
    """,
    """
    CREATE OR REPLACE TRIGGER events_announced AFTER INSERT ON events
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION announce_events()
    """,
    """
    SELECT setval('events_id_seq', GREATEST(
        last_value, (extract(epoch FROM clock_timestamp()) * 1000)::bigint
    )) FROM events_id_seq
    """,
    """
    CREATE OR REPLACE FUNCTION instant(moment timestamptz) RETURNS text LANGUAGE sql STABLE AS $$
        SELECT (to_json(moment AT TIME ZONE 'UTC') #>> '{}') || 'Z'
    $$
    """,
    """
    CREATE OR REPLACE FUNCTION thread_of(root_id uuid) RETURNS jsonb LANGUAGE sql STABLE AS $$
        SELECT jsonb_build_object('id', root_id, 'threadReplyCount', COALESCE(sum(a.replies), 0))
            || CASE WHEN count(*) = 0 THEN '{}'::jsonb ELSE jsonb_build_object(
                'threadParticipantIds', jsonb_agg(a.user_id ORDER BY a.first_at, a.user_id),
                'lastReplyAt', instant(max(a.last_at))
            ) END
        FROM (
            SELECT m.user_id, count(*) AS replies,
                   min(m.created_at) AS first_at, max(m.created_at) AS last_at
            FROM messages m WHERE m.parent_message_id = root_id GROUP BY m.user_id
        ) a
    $$
    """,
    """
    CREATE OR REPLACE FUNCTION post_messages(
        new_ids uuid[], channel_ids text[], parent_ids uuid[], author_ids text[], texts text[]
    ) RETURNS TABLE (message_id uuid, written_at text) LANGUAGE plpgsql AS $$
    #variable_conflict use_column
    DECLARE
        made uuid[];
    BEGIN
        -- Whoever deletes one of these holds it and waits for the turn: so not the other way round.
        PERFORM FROM channels WHERE id = ANY (channel_ids) ORDER BY id FOR KEY SHARE;
        PERFORM FROM messages WHERE id = ANY (parent_ids) ORDER BY id FOR KEY SHARE;
        PERFORM pg_advisory_xact_lock(111559182283891);
        WITH written AS (
            INSERT INTO messages (id, channel_id, parent_message_id, user_id, text, created_at)
            -- The time is that of the turn, so that messages are in the order of their events.
            SELECT draft.id, draft.channel_id, draft.parent_id, draft.user_id, draft.text,
                   clock_timestamp()
            FROM unnest(new_ids, channel_ids, parent_ids, author_ids, texts)
                WITH ORDINALITY draft (id, channel_id, parent_id, user_id, text, place)
            JOIN channel_members mine
                ON mine.channel_id = draft.channel_id AND mine.user_id = draft.user_id
            JOIN agents author ON author.id = draft.user_id AND author.is_active
            LEFT JOIN messages parent ON parent.id = draft.parent_id
            WHERE draft.parent_id IS NULL
               OR (parent.channel_id = draft.channel_id AND parent.parent_message_id IS NULL)
            ORDER BY draft.place
            ON CONFLICT (id) DO NOTHING
            RETURNING id
        )
        SELECT array_agg(id) INTO made FROM written;
        IF made IS NULL THEN
            RETURN;
        END IF;
        INSERT INTO events (kind, channel_id, payload)
        SELECT 'message.created', m.channel_id, jsonb_build_object(
            'channelId', m.channel_id,
            'parentMessageId', m.parent_message_id,
            'message', jsonb_build_object(
                'id', m.id, 'userId', m.user_id, 'text', m.text,
                'timestamp', instant(m.created_at), 'reactions', '[]'::jsonb
            ) || CASE WHEN m.parent_message_id IS NULL
                THEN jsonb_build_object('channelId', m.channel_id, 'threadReplyCount', 0)
                ELSE jsonb_build_object('parentMessageId', m.parent_message_id) END
        ) || CASE WHEN m.parent_message_id IS NULL THEN '{}'::jsonb
            ELSE jsonb_build_object('root', thread_of(m.parent_message_id)) END
        FROM messages m WHERE m.id = ANY (made) ORDER BY m.created_at, m.id;
        RETURN QUERY SELECT id, instant(created_at) FROM messages WHERE id = ANY (made);
    END $$
    """,
)


def upgrade() -> None:
    op.create_table(
        "events",
        sa.Column("id", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("channel_id", sa.Text),
        sa.Column("user_ids", ARRAY(sa.Text)),
        sa.Column("payload", JSONB, nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()
        ),
        sa.PrimaryKeyConstraint("id", name="pk_events"),
        sa.CheckConstraint(f"kind IN ({KINDS})", name=op.f("ck_events_kind")),
        sa.CheckConstraint("jsonb_typeof(payload) = 'object'", name=op.f("ck_events_payload")),
    )
    op.create_index(
        "ix_events_entries",
        "events",
        ["channel_id", "id"],
        postgresql_where=sa.text("kind IN ('channel.created', 'member.added')"),
    )
    for rule in RULES:
        op.execute(rule)


def downgrade() -> None:
    op.drop_table("events")
    for function in (
        "take_event_turn()",
        "announce_events()",
        "post_messages(uuid[], text[], uuid[], text[], text[])",
        "thread_of(uuid)",
        "instant(timestamptz)",
    ):
        op.execute(f"DROP FUNCTION {function}")
