"""Every version of a memory block, its size limit, and search in archives

Revision ID: 0010
Revises: 0009
"""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    ALTER TABLE memory_blocks
        ADD CONSTRAINT ck_memory_blocks_content CHECK (char_length(content) <= 10000)
    """,
    """
    CREATE TABLE memory_block_versions (
        id uuid NOT NULL DEFAULT gen_random_uuid(),
        block_id uuid NOT NULL,
        version integer NOT NULL,
        content text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        user_id text,
        run_id uuid,
        CONSTRAINT pk_memory_block_versions PRIMARY KEY (id),
        CONSTRAINT uq_memory_block_versions_block_id_version UNIQUE (block_id, version),
        CONSTRAINT fk_memory_block_versions_block_id FOREIGN KEY (block_id)
            REFERENCES memory_blocks (id) ON DELETE CASCADE,
        CONSTRAINT fk_memory_block_versions_run_id FOREIGN KEY (run_id)
            REFERENCES runs (id) ON DELETE SET NULL
    )
    """,
    "CREATE INDEX ix_memory_block_versions_run_id ON memory_block_versions (run_id)",
    # Blocks that were there before have one version from now on.
    """
    INSERT INTO memory_block_versions (block_id, version, content, created_at)
    SELECT id, 1, content, updated_at FROM memory_blocks
    """,
    """
    CREATE INDEX ix_archival_passages_search ON archival_passages
    USING gin (to_tsvector('english', content))
    """,
    """
    CREATE INDEX ix_archival_passages_page ON archival_passages (agent_id, created_at, id)
    """,
)
RULES = (
    """
    CREATE OR REPLACE FUNCTION keep_memory_block_version() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO memory_block_versions (block_id, version, content, user_id, run_id)
        SELECT NEW.id, COALESCE(max(version), 0) + 1, NEW.content,
               NULLIF(current_setting('bullpen.user_id', true), ''),
               NULLIF(current_setting('bullpen.run_id', true), '')::uuid
        FROM memory_block_versions WHERE block_id = NEW.id;
        RETURN NULL;
    END $$
    """,
    """
    CREATE OR REPLACE TRIGGER memory_blocks_version_first AFTER INSERT ON memory_blocks
    FOR EACH ROW EXECUTE FUNCTION keep_memory_block_version()
    """,
    """
    CREATE OR REPLACE TRIGGER memory_blocks_version_next AFTER UPDATE OF content ON memory_blocks
    FOR EACH ROW WHEN (OLD.content IS DISTINCT FROM NEW.content)
    EXECUTE FUNCTION keep_memory_block_version()
    """,
    """
    CREATE OR REPLACE FUNCTION refuse_version_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        -- Deeper than this trigger alone: a block that is deleted takes its versions with it, and
        -- a run that is deleted is forgotten by them.
        IF pg_trigger_depth() = 1 THEN
            RAISE EXCEPTION 'versions of a memory block are only ever added'
                USING ERRCODE = 'check_violation',
                      CONSTRAINT = 'ck_memory_block_versions_append_only';
        END IF;
        RETURN COALESCE(NEW, OLD);
    END $$
    """,
    """
    CREATE OR REPLACE TRIGGER memory_block_versions_append_only
    BEFORE UPDATE OR DELETE ON memory_block_versions
    FOR EACH ROW EXECUTE FUNCTION refuse_version_change()
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS + RULES:
        op.execute(statement)


def downgrade() -> None:
    for statement in (
        "DROP INDEX ix_archival_passages_page, ix_archival_passages_search",
        "DROP TABLE memory_block_versions",
        "DROP TRIGGER memory_blocks_version_first ON memory_blocks",
        "DROP TRIGGER memory_blocks_version_next ON memory_blocks",
        "DROP FUNCTION keep_memory_block_version, refuse_version_change",
        "ALTER TABLE memory_blocks DROP CONSTRAINT ck_memory_blocks_content",
    ):
        op.execute(statement)
