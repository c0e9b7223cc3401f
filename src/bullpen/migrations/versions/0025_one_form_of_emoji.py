"""Keep one form of each emoji

Revision ID: 0025
Revises: 0024
"""

import sqlalchemy as sa
from alembic import op

from bullpen.kit.emoji import as_emoji

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One of two reactions that were one emoji goes; what is no emoji stays as it was written."""
    connection = op.get_bind()
    for (emoji,) in connection.execute(sa.text("SELECT DISTINCT emoji FROM reactions")).all():
        form = as_emoji(emoji)
        if form is None or form == emoji:
            continue
        names = {"emoji": emoji, "form": form}
        connection.execute(
            sa.text(
                "DELETE FROM reactions r WHERE r.emoji = :emoji AND EXISTS (SELECT FROM reactions o"
                " WHERE o.message_id = r.message_id AND o.user_id = r.user_id AND o.emoji = :form)"
            ),
            names,
        )
        connection.execute(
            sa.text("UPDATE reactions SET emoji = :form WHERE emoji = :emoji"), names
        )


def downgrade() -> None:
    pass
