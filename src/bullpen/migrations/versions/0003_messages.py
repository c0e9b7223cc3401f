"""Channels, their members, messages and reactions (story 1.4)

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import UUID

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

RULES = (
    """
    CREATE OR REPLACE FUNCTION check_dm_members() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        key text := CASE TG_TABLE_NAME WHEN 'channels' THEN 'id' ELSE 'channel_id' END;
        channel text;
        found_kind text;
        members integer;
    BEGIN
        -- A row that moves to another channel leaves one, too.
        FOR channel IN
            SELECT DISTINCT version ->> key FROM unnest(ARRAY[to_jsonb(OLD), to_jsonb(NEW)]) version
            WHERE version IS NOT NULL ORDER BY 1
        LOOP
            -- The lock makes two transactions that change one channel count one after the other,
            -- also where one of them is making a DM of it.
            SELECT kind INTO found_kind FROM channels WHERE id = channel FOR NO KEY UPDATE;
            IF found_kind = 'dm' THEN
                SELECT count(*) INTO members FROM channel_members WHERE channel_id = channel;
                IF members <> 2 THEN
                    RAISE EXCEPTION 'DM % must have exactly 2 members, not %', channel, members
                        USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_channels_dm_members';
                END IF;
            END IF;
        END LOOP;
        RETURN NULL;
    END $$
    """,
    """
    CREATE CONSTRAINT TRIGGER channels_dm_members AFTER INSERT OR UPDATE ON channels
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_dm_members()
    """,
    """
    CREATE CONSTRAINT TRIGGER channel_members_dm_members
    AFTER INSERT OR UPDATE OR DELETE ON channel_members
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_dm_members()
    """,
    """
    CREATE OR REPLACE FUNCTION check_reply() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'UPDATE' THEN
            IF (NEW.channel_id, NEW.parent_message_id)
                    IS DISTINCT FROM (OLD.channel_id, OLD.parent_message_id) THEN
                RAISE EXCEPTION 'a message stays in its channel and thread'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_messages_stays';
            END IF;
        ELSIF NEW.parent_message_id IS NOT NULL AND EXISTS (
            SELECT FROM messages parent
            WHERE parent.id = NEW.parent_message_id
              AND (parent.parent_message_id IS NOT NULL OR parent.channel_id <> NEW.channel_id)
        ) THEN
            RAISE EXCEPTION 'a reply belongs to a top-level message of the same channel'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_messages_parent';
        END IF;
        RETURN NULL;
    END $$
    """,
    # Afterwards: one statement may write a reply before the message that it belongs to.
    """
    CREATE OR REPLACE TRIGGER messages_reply
    AFTER INSERT OR UPDATE OF channel_id, parent_message_id ON messages
    FOR EACH ROW EXECUTE FUNCTION check_reply()
    """,
)


def upgrade() -> None:
    op.create_table(
        "channels",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("topic", sa.Text, nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("id", name="pk_channels"),
        sa.CheckConstraint("kind IN ('public', 'private', 'dm')", name=op.f("ck_channels_kind")),
    )
    op.create_table(
        "channel_members",
        uuid_column(),
        sa.Column("channel_id", sa.Text, nullable=False),
        sa.Column("user_id", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_channel_members"),
        sa.UniqueConstraint("channel_id", "user_id", name="uq_channel_members_channel_id_user_id"),
        cascade("channel_members", "channel_id", "channels"),
    )
    op.create_index("ix_channel_members_channel_id", "channel_members", ["channel_id"])
    op.create_index("ix_channel_members_user_id", "channel_members", ["user_id"])
    op.create_table(
        "messages",
        uuid_column(),
        sa.Column("channel_id", sa.Text, nullable=False),
        sa.Column("parent_message_id", UUID),
        sa.Column("user_id", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        created_at(),
        sa.PrimaryKeyConstraint("id", name="pk_messages"),
        cascade("messages", "channel_id", "channels"),
        cascade("messages", "parent_message_id", "messages"),
    )
    op.create_index("ix_messages_channel_id_created_at", "messages", ["channel_id", "created_at"])
    op.create_index("ix_messages_parent_message_id", "messages", ["parent_message_id"])
    op.create_table(
        "reactions",
        uuid_column(),
        sa.Column("message_id", UUID, nullable=False),
        sa.Column("user_id", sa.Text, nullable=False),
        sa.Column("emoji", sa.Text, nullable=False),
        created_at(),
        sa.PrimaryKeyConstraint("id", name="pk_reactions"),
        sa.UniqueConstraint(
            "message_id", "user_id", "emoji", name="uq_reactions_message_id_user_id_emoji"
        ),
        cascade("reactions", "message_id", "messages"),
    )
    op.create_index("ix_reactions_message_id", "reactions", ["message_id"])
    for rule in RULES:
        op.execute(rule)


def uuid_column() -> sa.Column[object]:
    return sa.Column("id", UUID, nullable=False, server_default=sa.func.gen_random_uuid())


def created_at() -> sa.Column[object]:
    return sa.Column(
        "created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()
    )


def cascade(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=f"fk_{table}_{column}", ondelete="CASCADE"
    )


def downgrade() -> None:
    for table in ("reactions", "messages", "channel_members", "channels"):
        op.drop_table(table)
    op.execute("DROP FUNCTION check_reply()")
    op.execute("DROP FUNCTION check_dm_members()")
