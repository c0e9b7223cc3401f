"""Keep previews of the pages that messages link to

Revision ID: 0064
Revises: 0063
"""

from alembic import op

revision = "0064"
down_revision = "0063"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    CREATE TABLE workspace_link_previews (
        workspace_id integer DEFAULT 1 NOT NULL,
        CONSTRAINT pk_workspace_link_previews PRIMARY KEY (workspace_id),
        CONSTRAINT fk_workspace_link_previews_workspace_id FOREIGN KEY (workspace_id)
            REFERENCES workspace (id) ON DELETE CASCADE
    )
    """,
    """
    CREATE TABLE link_previews (
        id uuid NOT NULL,
        url text NOT NULL,
        claimed_until timestamptz NOT NULL,
        fetched_at timestamptz,
        title text,
        description text,
        site_name text,
        picture bytea,
        CONSTRAINT pk_link_previews PRIMARY KEY (id),
        CONSTRAINT ck_link_previews_url CHECK (octet_length(url) <= 2000),
        CONSTRAINT ck_link_previews_content CHECK (
            num_nonnulls(title, description, site_name, picture) = 0
            OR (title IS NOT NULL AND fetched_at IS NOT NULL)
        ),
        CONSTRAINT ck_link_previews_picture CHECK (octet_length(picture) <= 200000)
    )
    """,
    "CREATE INDEX ix_link_previews_url_fetched_at ON link_previews (url, fetched_at)",
    "CREATE UNIQUE INDEX ix_link_previews_claim ON link_previews (url) WHERE fetched_at IS NULL",
    """
    CREATE TABLE message_previews (
        message_id uuid NOT NULL,
        preview_id uuid NOT NULL,
        place smallint NOT NULL,
        is_removed boolean NOT NULL DEFAULT false,
        CONSTRAINT pk_message_previews PRIMARY KEY (message_id, preview_id),
        CONSTRAINT fk_message_previews_message_id FOREIGN KEY (message_id)
            REFERENCES messages (id) ON DELETE CASCADE,
        CONSTRAINT fk_message_previews_preview_id FOREIGN KEY (preview_id)
            REFERENCES link_previews (id)
    )
    """,
    "CREATE INDEX ix_message_previews_preview_id ON message_previews (preview_id)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE message_previews")
    op.execute("DROP TABLE link_previews")
    op.execute("DROP TABLE workspace_link_previews")
