"""What the database does for the mailbox, as statements that can be repeated.

Whoever takes a run, or puts one in, holds the turn of the log while doing so, and there never
waits for a row: a row that somebody else holds is passed over.
"""

from bullpen.events.rules import TURN

NOTIFICATIONS = "bullpen_mailbox"
WINDOW = 100

RULES = (
    # A run as the API serves it.
    """
    CREATE OR REPLACE FUNCTION run_json(r runs) RETURNS jsonb LANGUAGE sql STABLE AS $$
        SELECT jsonb_build_object(
            'id', r.id, 'agentId', r.agent_id, 'status', r.status, 'stopReason', r.stop_reason,
            'triggerMessageId', r.trigger_message_id, 'channelId', r.channel_id,
            'createdAt', instant(r.created_at), 'startedAt', instant(r.started_at),
            'completedAt', instant(r.completed_at),
            'tokenUsage', CASE WHEN r.token_usage IS NOT NULL THEN jsonb_build_object(
                'inputTokens', COALESCE((r.token_usage ->> 'input_tokens')::bigint, 0),
                'outputTokens', COALESCE((r.token_usage ->> 'output_tokens')::bigint, 0)
            ) END
        )
    $$
    """,
    # However a run ends, it is in nobody's mailbox any more.
    f"""
    CREATE OR REPLACE FUNCTION leave_mailbox() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        DELETE FROM mailbox WHERE run_id = NEW.id;
        -- Its worker stops, and takes what waited behind it; what nobody had keeps nobody busy.
        PERFORM pg_notify(
            '{NOTIFICATIONS}', CASE WHEN OLD.status = 'running' THEN NEW.id::text ELSE '' END
        );
        RETURN NULL;
    END $$
    """,
    """
    CREATE OR REPLACE TRIGGER runs_ended AFTER UPDATE OF status ON runs
    FOR EACH ROW WHEN (
        OLD.status IN ('created', 'running') AND NEW.status NOT IN ('created', 'running')
    ) EXECUTE FUNCTION leave_mailbox()
    """,
    # That they changed, and who begins to answer or is done, with the plans of earlier calls.
    """
    CREATE OR REPLACE FUNCTION tell_runs(told uuid[], typing text DEFAULT NULL) RETURNS void
    LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO events (kind, channel_id, payload)
        SELECT e.kind, r.channel_id, e.payload
        FROM runs r JOIN run_details d ON d.run_id = r.id CROSS JOIN LATERAL (VALUES
            (1, 'run.changed', jsonb_build_object('run', run_json(r))),
            (2, typing, jsonb_build_object(
                'agentId', r.agent_id, 'channelId', r.channel_id, 'parentMessageId', d.thread_id
            ))
        ) e (place, kind, payload)
        WHERE r.id = ANY (told) AND (
            e.place = 1 OR (typing IS NOT NULL AND r.channel_id IS NOT NULL)
        )
        ORDER BY e.place, r.id;
    END $$
    """,
    # The first run in each agent's order, where the agent has none under way and nobody else is
    # speaking in its conversation; and runs whose worker has let its lease run out. First it looks
    # at the oldest of all: with few agents and much to do, all of these may have to wait. How much
    # waits changes faster than the planner's statistics, so it is told to go by the indexes.
    f"""
    CREATE OR REPLACE FUNCTION claim_runs(worker_id text, most integer, lease interval)
    RETURNS TABLE (run_id uuid, attempt integer) LANGUAGE plpgsql
    SET enable_seqscan = off SET enable_bitmapscan = off
    SET enable_hashjoin = off SET enable_mergejoin = off AS $$
    #variable_conflict use_column
    DECLARE
        heads uuid[];
        taken uuid[];
        lost uuid[];
    BEGIN
        IF NOT EXISTS (SELECT FROM mailbox WHERE worker IS NULL)
            AND NOT EXISTS (
                SELECT FROM mailbox WHERE worker IS NOT NULL AND lease_until < clock_timestamp()
            )
        THEN
            RETURN;
        END IF;
        -- That a run was taken may be forgotten with the server: then it is taken again.
        PERFORM set_config('synchronous_commit', 'off', true);
        PERFORM pg_advisory_xact_lock({TURN});
        SELECT array_agg(head.run_id) INTO heads FROM (
            SELECT DISTINCT oldest.agent_id FROM (
                SELECT b.agent_id FROM mailbox b WHERE b.worker IS NULL
                ORDER BY b.priority, b.queued_at, b.run_id LIMIT {WINDOW}
            ) oldest
        ) waiting CROSS JOIN LATERAL (
            SELECT b.run_id FROM mailbox b
            WHERE b.worker IS NULL AND b.agent_id = waiting.agent_id
            ORDER BY b.priority, b.queued_at, b.run_id LIMIT 1
        ) head;
        taken := free_runs(heads, most);
        IF taken IS NULL THEN
            WITH RECURSIVE head AS (
                (
                    SELECT b.* FROM mailbox b WHERE b.worker IS NULL
                    ORDER BY b.agent_id, b.priority, b.queued_at, b.run_id LIMIT 1
                )
                UNION ALL
                SELECT next.* FROM head h CROSS JOIN LATERAL (
                    SELECT b.* FROM mailbox b WHERE b.worker IS NULL AND b.agent_id > h.agent_id
                    ORDER BY b.agent_id, b.priority, b.queued_at, b.run_id LIMIT 1
                ) next
            )
            SELECT array_agg(h.run_id) INTO heads FROM head h;
            taken := free_runs(heads, most);
        END IF;
        WITH locked AS (
            SELECT b.run_id FROM mailbox b JOIN runs r ON r.id = b.run_id
            WHERE b.worker IS NOT NULL AND b.lease_until < clock_timestamp()
              AND r.status = 'running'
            ORDER BY b.lease_until LIMIT most FOR NO KEY UPDATE SKIP LOCKED
        )
        SELECT array_agg(run_id) INTO lost FROM locked;
        IF taken IS NULL AND lost IS NULL THEN
            RETURN;
        END IF;
        UPDATE mailbox b SET worker = worker_id, lease_until = clock_timestamp() + lease,
            attempt = b.attempt + 1
        WHERE b.run_id = ANY (taken || lost);
        UPDATE runs SET status = 'running', started_at = clock_timestamp()
        WHERE id = ANY (taken);
        IF taken IS NOT NULL THEN
            PERFORM tell_runs(taken, 'agent.typing');
        END IF;
        RETURN QUERY SELECT b.run_id, b.attempt FROM mailbox b
        WHERE b.run_id = ANY (taken || lost) ORDER BY b.priority, b.queued_at, b.run_id;
    END $$
    """,
    # Of the first runs of some agents those that can begin, locked; one in each conversation.
    """
    CREATE OR REPLACE FUNCTION free_runs(heads uuid[], most integer) RETURNS uuid[]
    LANGUAGE plpgsql AS $$
    DECLARE
        found_runs uuid[];
        head record;
    BEGIN
        FOR head IN
            SELECT * FROM (
                SELECT DISTINCT ON (
                    h.channel_id, h.thread_id, CASE WHEN h.channel_id IS NULL THEN h.run_id END
                ) h.run_id, h.priority, h.queued_at
                FROM mailbox h
                WHERE h.run_id = ANY (heads) AND NOT EXISTS (
                    SELECT FROM runs r WHERE r.agent_id = h.agent_id AND r.status = 'running'
                ) AND NOT EXISTS (
                    SELECT FROM mailbox other
                    WHERE other.worker IS NOT NULL AND other.channel_id = h.channel_id
                      AND other.thread_id IS NOT DISTINCT FROM h.thread_id
                ) AND EXISTS (SELECT FROM agents a WHERE a.id = h.agent_id AND a.is_active)
                ORDER BY h.channel_id, h.thread_id,
                         CASE WHEN h.channel_id IS NULL THEN h.run_id END,
                         h.priority, h.queued_at, h.run_id
            ) free ORDER BY priority, queued_at, run_id
        LOOP
            PERFORM FROM runs WHERE id = head.run_id AND status = 'created'
            FOR NO KEY UPDATE SKIP LOCKED;
            IF FOUND THEN
                found_runs := found_runs || head.run_id;
                EXIT WHEN cardinality(found_runs) >= most;
            END IF;
        END LOOP;
        RETURN found_runs;
    END $$
    """,
    # False where the worker has it no longer: it has been cancelled, or somebody else has it.
    """
    CREATE OR REPLACE FUNCTION hold_run(held uuid, worker_id text, held_attempt integer)
    RETURNS boolean LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM FROM runs r JOIN mailbox b ON b.run_id = r.id
        WHERE r.id = held AND r.status = 'running'
          AND b.worker = worker_id AND b.attempt = held_attempt
        FOR NO KEY UPDATE OF r;
        RETURN FOUND;
    END $$
    """,
    """
    CREATE OR REPLACE FUNCTION settle_run(
        settled uuid, worker_id text, settled_attempt integer,
        ended_as text, reason text, what_went_wrong text
    ) RETURNS boolean LANGUAGE plpgsql AS $$
    BEGIN
        IF NOT hold_run(settled, worker_id, settled_attempt) THEN
            RETURN false;
        END IF;
        UPDATE run_steps SET status = 'failed', completed_at = clock_timestamp()
        WHERE run_id = settled AND status = 'running';
        UPDATE run_details SET problem = what_went_wrong, history = NULL
        WHERE run_id = settled AND (what_went_wrong IS NOT NULL OR history IS NOT NULL);
        UPDATE runs SET status = ended_as, stop_reason = reason, completed_at = clock_timestamp()
        WHERE id = settled;
        PERFORM tell_runs(ARRAY[settled], 'agent.done');
        RETURN true;
    END $$
    """,
)
