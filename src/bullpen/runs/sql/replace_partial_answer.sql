-- The message that a run has sent replaces what was shown of it, in the same transaction.
CREATE OR REPLACE FUNCTION replace_partial_answer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM partial_answers p WHERE p.run_id IN (SELECT run_id FROM added);
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER run_posts_replace_partial_answer AFTER INSERT ON run_posts
REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION replace_partial_answer();
