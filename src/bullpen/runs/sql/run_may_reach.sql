-- Whether all of these users may read everything that a run has read. Null stands for everybody.
CREATE OR REPLACE FUNCTION run_may_reach(writing uuid, users text[]) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN NOT EXISTS (
        SELECT FROM sources_of_run(writing) source WHERE NOT readable_by(source, users)
    );
END $$;
