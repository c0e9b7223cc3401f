"""Find runs by channel, status, model and cost

Revision ID: 0042
Revises: 0041
"""

from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_runs_channel_page": "runs (channel_id, created_at, id)",
    "ix_runs_status_page": "runs (status, created_at, id)",
    "ix_run_steps_model_id": "run_steps (model_id, run_id)",
    "ix_run_details_cost": "run_details (cost_usd, run_id) WHERE cost_usd > 0",
}


def upgrade() -> None:
    for name, place in INDEXES.items():
        op.execute(f"CREATE INDEX {name} ON {place}")


def downgrade() -> None:
    for name in INDEXES:
        op.execute(f"DROP INDEX {name}")
