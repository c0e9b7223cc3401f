"""Write a step down in one statement: nobody waits for a client within the turn of the log

It changed functions alone, which stand in files of their own now (migrations/functions.py).

Revision ID: 0016
Revises: 0015
"""

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
