"""Nothing leaves the server before it would survive a crash of the database.

Claims and steps of runs commit without waiting for the disk (decision 0009), and so may everything
else on a server that is configured that way. If the server dies then, their events never happened,
and their numbers are given to others (decision 0015).
"""

# Part of a statement that reads event numbers, as a materialized subquery that is read once. Every
# commit that the statement sees was in the write-ahead log before this is evaluated. Where not all
# of the log is on the disk, an empty logical message makes the statement's own transaction one that
# waits for it. In a statement of its own it would prove nothing: the server could die in between.
DURABLE = """
SELECT CASE WHEN pg_current_wal_flush_lsn() < pg_current_wal_insert_lsn() THEN (
    set_config('synchronous_commit', 'on', true), pg_logical_emit_message(true, 'bullpen', '')
)::text END
"""
