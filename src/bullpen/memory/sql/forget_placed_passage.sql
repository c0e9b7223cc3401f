-- A passage that is kept for a place goes with it: without its place it would be everybody's.
CREATE OR REPLACE FUNCTION forget_placed_passage() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM archival_passages WHERE id = OLD.passage_id;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER passage_places_gone AFTER DELETE ON passage_places
FOR EACH ROW EXECUTE FUNCTION forget_placed_passage();
