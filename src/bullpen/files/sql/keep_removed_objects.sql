-- However a file is deleted, the objects that the bucket has of it are removed later (files/uploads.py), unless another database
-- has them as well.
CREATE OR REPLACE FUNCTION keep_removed_objects() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO removed_objects (folder) VALUES (OLD.folder) ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER file_objects_keep_removed AFTER DELETE ON file_objects
FOR EACH ROW WHEN (NOT OLD.is_shared) EXECUTE FUNCTION keep_removed_objects();
