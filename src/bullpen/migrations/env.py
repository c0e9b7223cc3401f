"""Run by Alembic; the connection comes from run.py, which opens it on the unpooled address."""

from alembic import context

from bullpen.migrations.metadata import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    compare_type=True,
    compare_server_default=True,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
