-- A query that also asks for one of the ids, unless these are so many that they rule out little.
CREATE OR REPLACE FUNCTION narrowed(query tsquery, operator text, ids text[]) RETURNS tsquery
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN cardinality(ids) BETWEEN 1 AND 50 THEN query && (
        SELECT string_agg(
            '''' || replace(replace(format(':%s:%s', operator, id), '\', '\\'), '''', '''''') || '''', ' | '
        )::tsquery
        FROM unnest(ids) id
    ) ELSE query END
$$;
