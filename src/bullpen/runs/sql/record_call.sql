CREATE OR REPLACE FUNCTION record_call(
    called_run uuid, called_step uuid, message_id uuid, answer text, tool text,
    called_turn integer, called_place integer
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO run_messages (
        id, run_id, step_id, message_type, content, tool_name, created_at
    ) VALUES (
        message_id, called_run, called_step, 'tool_return_message', answer, tool,
        clock_timestamp()
    );
    INSERT INTO run_calls (run_id, turn, place, message_id)
    VALUES (called_run, called_turn, called_place, message_id);
END $$;
