"""Passwords, sessions, links that work once, authenticator apps, recovery codes, attempts

Revision ID: 0030
Revises: 0029
"""

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

OF_PERSON = "REFERENCES people (id) ON DELETE CASCADE ON UPDATE CASCADE"
TABLES = (
    f"""
    CREATE TABLE credentials (
        person_id text NOT NULL,
        password_hash text NOT NULL,
        changed_at timestamptz DEFAULT now() NOT NULL,
        CONSTRAINT pk_credentials PRIMARY KEY (person_id),
        CONSTRAINT fk_credentials_person_id FOREIGN KEY (person_id) {OF_PERSON}
    )
    """,
    f"""
    CREATE TABLE sessions (
        id uuid DEFAULT gen_random_uuid() NOT NULL,
        person_id text NOT NULL,
        token_hash bytea NOT NULL,
        created_at timestamptz DEFAULT now() NOT NULL,
        last_used_at timestamptz DEFAULT now() NOT NULL,
        expires_at timestamptz NOT NULL,
        user_agent text NOT NULL,
        address text NOT NULL,
        CONSTRAINT pk_sessions PRIMARY KEY (id),
        CONSTRAINT fk_sessions_person_id FOREIGN KEY (person_id) {OF_PERSON},
        CONSTRAINT ck_sessions_token_hash CHECK (octet_length(token_hash) = 32)
    )
    """,
    "CREATE UNIQUE INDEX ix_sessions_token_hash ON sessions (token_hash)",
    "CREATE INDEX ix_sessions_person_id ON sessions (person_id)",
    f"""
    CREATE TABLE links (
        id uuid DEFAULT gen_random_uuid() NOT NULL,
        kind text NOT NULL,
        token_hash bytea NOT NULL,
        email text,
        role text,
        person_id text,
        channel_ids text[] DEFAULT '{{}}' NOT NULL,
        created_by text,
        created_at timestamptz DEFAULT now() NOT NULL,
        expires_at timestamptz NOT NULL,
        used_at timestamptz,
        CONSTRAINT pk_links PRIMARY KEY (id),
        CONSTRAINT fk_links_person_id FOREIGN KEY (person_id) {OF_PERSON},
        CONSTRAINT ck_links_kind CHECK (kind IN ('invitation', 'reset', 'owner', 'email')),
        CONSTRAINT ck_links_token_hash CHECK (octet_length(token_hash) = 32),
        CONSTRAINT ck_links_role CHECK (role IN ('owner', 'admin', 'member', 'guest')),
        CONSTRAINT ck_links_fields CHECK (
            (kind = 'invitation') = (role IS NOT NULL)
            AND (kind IN ('invitation', 'email')) = (email IS NOT NULL)
            AND (kind IN ('reset', 'email')) = (person_id IS NOT NULL)
        )
    )
    """,
    "CREATE UNIQUE INDEX ix_links_token_hash ON links (token_hash)",
    "CREATE INDEX ix_links_person_id ON links (person_id)",
    f"""
    CREATE TABLE totp (
        person_id text NOT NULL,
        encrypted_secret bytea NOT NULL,
        created_at timestamptz DEFAULT now() NOT NULL,
        confirmed_at timestamptz,
        last_step bigint DEFAULT 0 NOT NULL,
        CONSTRAINT pk_totp PRIMARY KEY (person_id),
        CONSTRAINT fk_totp_person_id FOREIGN KEY (person_id) {OF_PERSON}
    )
    """,
    f"""
    CREATE TABLE recovery_codes (
        person_id text NOT NULL,
        code_hash bytea NOT NULL,
        used_at timestamptz,
        CONSTRAINT pk_recovery_codes PRIMARY KEY (person_id, code_hash),
        CONSTRAINT fk_recovery_codes_person_id FOREIGN KEY (person_id) {OF_PERSON},
        CONSTRAINT ck_recovery_codes_code_hash CHECK (octet_length(code_hash) = 32)
    )
    """,
    # Attempts are counted by kind and by the bucket that an account or address hashes into.
    """
    CREATE TABLE sign_in_attempts (
        kind text NOT NULL,
        bucket integer NOT NULL,
        failures integer NOT NULL,
        began_at timestamptz DEFAULT now() NOT NULL,
        CONSTRAINT pk_sign_in_attempts PRIMARY KEY (kind, bucket),
        CONSTRAINT ck_sign_in_attempts_kind CHECK (kind IN ('account', 'address', 'mail'))
    )
    """,
)
NAMES = ("sign_in_attempts", "recovery_codes", "totp", "links", "sessions", "credentials")


def upgrade() -> None:
    for statement in TABLES:
        op.execute(statement)


def downgrade() -> None:
    for name in NAMES:
        op.execute(f"DROP TABLE {name}")
