"""Which person an account at an OpenID provider belongs to

Revision ID: 0032
Revises: 0031
"""

from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        CREATE TABLE oidc_identities (
            issuer text NOT NULL,
            subject text NOT NULL,
            person_id text NOT NULL,
            created_at timestamptz DEFAULT now() NOT NULL,
            CONSTRAINT pk_oidc_identities PRIMARY KEY (issuer, subject),
            CONSTRAINT fk_oidc_identities_person_id FOREIGN KEY (person_id)
                REFERENCES people (id) ON DELETE CASCADE ON UPDATE CASCADE
        )
    """)
    op.execute("CREATE INDEX ix_oidc_identities_person_id ON oidc_identities (person_id)")


def downgrade() -> None:
    op.execute("DROP TABLE oidc_identities")
