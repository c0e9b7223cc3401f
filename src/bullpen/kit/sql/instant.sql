-- An instant as the API writes it.
CREATE OR REPLACE FUNCTION instant(moment timestamptz) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT (to_json(moment AT TIME ZONE 'UTC') #>> '{}') || 'Z'
$$;
