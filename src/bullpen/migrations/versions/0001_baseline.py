"""An empty database that migrations reach

Revision ID: 0001
Revises:
"""

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing: that it applies proves the connection and the pipeline."""


def downgrade() -> None:
    """Nothing to take back."""
