"""Hold direct messages of groups, one for each set of members

Revision ID: 0062
Revises: 0061
"""

from alembic import op

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None

KINDS = ("public", "private", "dm")
NEW_KIND = "group_dm"

TABLE = """
CREATE TABLE group_dms (
    channel_id text NOT NULL,
    member_ids text[] NOT NULL,
    CONSTRAINT pk_group_dms PRIMARY KEY (channel_id),
    CONSTRAINT uq_group_dms_member_ids UNIQUE (member_ids),
    CONSTRAINT fk_group_dms_channel_id FOREIGN KEY (channel_id)
        REFERENCES channels (id) ON DELETE CASCADE
)
"""


def allow(kinds: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    op.execute("ALTER TABLE channels DROP CONSTRAINT ck_channels_kind")
    op.execute(f"ALTER TABLE channels ADD CONSTRAINT ck_channels_kind CHECK (kind IN ({listed}))")


def upgrade() -> None:
    allow((*KINDS, NEW_KIND))
    op.execute(TABLE)


def downgrade() -> None:
    """The conversations become private channels of the same members."""
    op.execute(f"UPDATE channels SET kind = 'private' WHERE kind = '{NEW_KIND}'")
    # The table cannot be altered before what the change has put off is done.
    op.execute("SET CONSTRAINTS ALL IMMEDIATE")
    allow(KINDS)
    op.execute("DROP TABLE group_dms")
