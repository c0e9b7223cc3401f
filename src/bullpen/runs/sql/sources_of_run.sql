-- The private channels whose content a run has been given; null for one that is gone.
CREATE OR REPLACE FUNCTION sources_of_run(reading uuid) RETURNS SETOF text LANGUAGE sql STABLE AS $$
    SELECT c.id FROM runs r JOIN channels c ON c.id = r.channel_id AND c.kind <> 'public'
    WHERE r.id = reading
    UNION
    SELECT source.channel_id FROM run_sources source WHERE source.run_id = reading
$$;
