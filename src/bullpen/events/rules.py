"""What the database does for the log, as statements that can be repeated.

`db push` applies these; migrations hold copies of their own, and a test proves both equal.
"""

# Any constant will do that nothing else on the same database locks.
TURN = 0x6576656E7473
NOTIFICATIONS = "bullpen_events"

RULES = (
    # Held until the transaction has ended, so that the order of numbers is the order of commits:
    # whoever has seen a number has seen all before it, or never will.
    f"""
    CREATE OR REPLACE FUNCTION take_event_turn() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM pg_advisory_xact_lock({TURN});
        RETURN NULL;
    END $$
    """,
    """
    CREATE OR REPLACE TRIGGER events_turn BEFORE INSERT ON events
    FOR EACH STATEMENT EXECUTE FUNCTION take_event_turn()
    """,
    f"""
    CREATE OR REPLACE FUNCTION announce_events() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM pg_notify('{NOTIFICATIONS}', max(id)::text) FROM added;
        RETURN NULL;
    END $$
    """,
    """
    CREATE OR REPLACE TRIGGER events_announced AFTER INSERT ON events
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION announce_events()
    """,
    # Later than in any log that this database has held before: a stream that comes back with a
    # number from before a reset is behind, and never seems to be ahead.
    """
    SELECT setval('events_id_seq', GREATEST(
        last_value, (extract(epoch FROM clock_timestamp()) * 1000)::bigint
    )) FROM events_id_seq
    """,
)
